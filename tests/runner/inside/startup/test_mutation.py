"""Mutants of changed code in a process that has loaded it, and in one that loads it."""

import importlib.util
import json
import os
import subprocess
import sys
import types

import pytest

from devtools.proof import mutants
from devtools.runner.inside.startup import mutation, sitecustomize
from devtools.syntax.production import changed_statements
from devtools.syntax.tests import parse

CODE = """
LIMIT = 100

class Shop:
    open = True

    def fee(self, amount, rate=2):
        if amount > LIMIT:
            return amount * rate
        return 0

def later(items):
    def inner(each):
        return each + 1
    return [inner(each) for each in items]

def hanging(n):
    while n:
        n -= 1
    return n
"""


def statements(*lines):
    tree = parse(CODE.encode())
    return mutants.of_statements(tree, changed_statements(tree, lines))


def parents(old, new):
    return mutants.of_parent(parse(CODE.replace(new, old).encode()), parse(CODE.encode()))


def table(mutant):
    return {**mutant._asdict(), "number": 7, "path": "pkg_of_mutants.py"}


@pytest.fixture
def pkg(tmp_path, monkeypatch):
    """The code, loaded into this process."""
    path = tmp_path / "pkg_of_mutants.py"
    path.write_text(CODE)
    spec = importlib.util.spec_from_file_location("pkg_of_mutants", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "pkg_of_mutants", module)
    spec.loader.exec_module(module)
    return module


def become(pkg, mutant):
    spec = {"root": os.path.dirname(pkg.__file__), "token": "t", "mutants": [table(mutant)]}
    spec["probes"] = {"pkg_of_mutants.py": {"statements": [], "functions": []}}
    seen = sitecustomize.Coverage("/no", "t", main=True)
    seen.mutant = 7
    code = sitecustomize.compiled(pkg.__file__, CODE.encode(), spec, seen)
    return mutation.become(table(mutant), pkg.__file__, code, mutation.functions([pkg.__file__]))


def test_loaded_functions_become_those_of_the_mutant(pkg):
    bound = pkg.Shop().fee
    assert become(pkg, statements(9)[0])
    assert bound(200) is None
    assert become(pkg, statements(14)[1])
    assert pkg.later([1]) == [0]


def test_the_parent_s_body_and_its_defaults_come_back(pkg):
    assert become(pkg, *parents("rate=3", "rate=2"))
    assert pkg.Shop().fee(200) == 600
    assert become(pkg, *parents("return n + 1", "return n"))
    assert pkg.hanging(0) == 1


def test_the_parent_s_value_reaches_the_copies_in_other_modules(pkg, tmp_path, monkeypatch):
    other = types.SimpleNamespace(__file__=str(tmp_path / "other.py"), LIMIT=pkg.LIMIT)
    far = types.SimpleNamespace(__file__="/far/other.py", LIMIT=pkg.LIMIT)
    monkeypatch.setitem(sys.modules, "other_of_mutants", other)
    monkeypatch.setitem(sys.modules, "far_of_mutants", far)
    assert become(pkg, *parents("LIMIT = 300", "LIMIT = 100"))
    assert (pkg.LIMIT, other.LIMIT, far.LIMIT) == (300, 300, 100)
    assert become(pkg, *parents("open = False", "open = True"))
    assert pkg.Shop.open is False
    del pkg.Shop.open
    assert not become(pkg, *parents("open = False", "open = True"))


def test_what_cannot_be_swapped_is_said(pkg, monkeypatch):
    found = statements(9)[0]
    assert not mutation.become(table(found), pkg.__file__, compile("", "x", "exec"), [])
    monkeypatch.delitem(sys.modules, "pkg_of_mutants")
    assert mutation.become(table(found), pkg.__file__, compile("", "x", "exec"), [])


@pytest.mark.parametrize(
    ("mutant", "code", "expected"),
    [
        (statements(9)[0], "pkg.Shop().fee(200)", "None"),
        (statements(19)[0], "pkg.hanging(0)", "0"),
        (parents("LIMIT = 1", "LIMIT = 100")[0], "pkg.LIMIT, pkg.Shop().fee(2)", "1 4"),
    ],
    ids=["expression", "statement", "value"],
)
def test_a_child_loads_the_mutant(tmp_path, mutant, code, expected):
    (tmp_path / "pkg_of_mutants.py").write_text(CODE)
    spec = {"token": "t", "plugin": "", "root": str(tmp_path), "main": "/no", "roots": [str(tmp_path)], "names": []}
    spec |= {"tops": [], "probes": {"pkg_of_mutants.py": {"statements": [], "functions": []}}}
    spec |= {"seen": str(tmp_path / "seen"), "mutants": [table(mutant)]}
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    path = os.pathsep.join([os.path.dirname(mutation.__file__), str(tmp_path)])
    env = {**os.environ, "PYTHONPATH": path, "SITE_SPEC": str(tmp_path / "spec.json"), "SITE_MUTANT_t": "7"}
    text = f"import pkg_of_mutants as pkg; print({code})"
    done = subprocess.run([sys.executable, "-c", text], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected
