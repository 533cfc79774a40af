"""Mutants of changed code in the project's interpreter: which ones the tests notice, wherever the code runs."""

import sys
import textwrap

import pytest

from devtools.proof import mutants
from devtools.runner.snapshot import Order, run_proof
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
TEST = """
    import subprocess, sys
    import pkg, other

    def test_fee():
        assert pkg.Shop().fee(200) == 400
        assert pkg.Shop().fee(1) == 0
        assert other.LIMIT == 100 and pkg.Shop.open is True

    def test_later():
        assert pkg.later([1]) is not None

    def test_child():
        code = "import pkg; print(pkg.later([1]))"
        assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[2]\\n"

    def test_hanging():
        assert pkg.hanging(2) == 0
"""


@pytest.fixture
def tried(tmp_path):
    """Runs the tests with mutants of the code; returns for each, by its words, whether a test noticed."""
    (tmp_path / "pkg.py").write_text(textwrap.dedent(CODE))
    (tmp_path / "other.py").write_text("from pkg import LIMIT\n")

    def run(found, test=TEST, budget=30.0):
        (tmp_path / "test_pkg.py").write_text(textwrap.dedent(test))
        places = sorted({each.place for each in found})
        statements = [[*place, number] for number, place in enumerate(places, start=1)]
        tables = [
            {**each._asdict(), "number": number, "path": "pkg.py", "probe": probe_of(each, places)}
            for number, each in enumerate(found, start=100)
        ]
        probes = {"pkg.py": {"statements": statements, "functions": []}}
        order = Order(str(tmp_path), "/no", [""], ["pkg"], seconds=60, probes=probes, mutants=tables, budget=budget)
        seen = run_proof(sys.executable, order)
        assert seen.fault == ""
        run.spent = seen.spent
        return {each.words(): seen.weak.get(number) for number, each in enumerate(found, start=100)}

    return run


def probe_of(mutant, places):
    return 0 if mutant.kind == mutants.VALUE else places.index(mutant.place) + 1


def statements(*lines):
    tree = parse(textwrap.dedent(CODE).encode())
    return mutants.of_statements(tree, changed_statements(tree, lines))


def parents(old, new):
    changed = textwrap.dedent(CODE).replace(new, old)
    return mutants.of_parent(parse(changed.encode()), parse(textwrap.dedent(CODE).encode()))


def test_a_boundary_that_no_test_looks_at_survives_and_a_condition_that_one_does_not(tried):
    found = tried(statements(8, 9))
    assert found["`amount > LIMIT` can become `amount >= LIMIT` and no test that runs it fails"] is False
    assert found["`amount > LIMIT` can become `not amount > LIMIT` and no test that runs it fails"] is True
    assert found["`amount * rate` can become `None` and no test that runs it fails"] is True


def test_a_child_and_a_function_within_a_function_are_mutated_too(tried):
    assert set(tried(statements(13, 14, 15)).values()) == {True}
    rest = TEST.replace("[2]", "").replace('== "', '!= "')
    assert set(tried(statements(14), rest).values()) == {False}


def test_the_parent_s_body_default_and_values_are_noticed_by_who_looks(tried):
    found = [*parents("* 3", "* rate"), *parents("rate=3", "rate=2"), *parents("LIMIT = 300", "LIMIT = 100")]
    found += parents("open = False", "open = True")
    assert len(found) == 4
    assert set(tried(found).values()) == {True}
    blind = "import pkg\ndef test_fee():\n    assert pkg.Shop().fee(200) is not None\n"
    assert set(tried(found, blind).values()) == {False}


def test_a_hang_is_noticed(tried):
    assert tried(statements(19))["`n -= 1` can become `n += 1` and no test that runs it fails"] is True


def test_what_nobody_runs_and_what_there_is_no_time_for_is_not_tried(tried):
    blind = "import pkg\ndef test_fee():\n    assert pkg.Shop().fee(1) == 0\n"
    assert set(tried(statements(9), blind).values()) == {None}
    assert set(tried(statements(8), budget=0.0).values()) == {None}


def test_the_seconds_that_mutants_took_are_told(tried):
    tried([])
    assert tried.spent == 0
    tried(statements(8))
    assert 0 < tried.spent < 30
