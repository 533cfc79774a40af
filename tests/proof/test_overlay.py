"""The parent's tests, conftests and settings of pytest on the new code: which run, and what is said of them."""

import pytest

from devtools.git import snapshot
from devtools.project.project import load
from devtools.proof.comparison import Comparison
from devtools.proof.green import affected, run_on
from devtools.proof.overlay import kept

CALC = "def add(a, b):\n    return a + b\n\n\ndef halve(a):\n    return a / 2\n"
TEST = "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n"
OLD = {"calc.py": CALC, "test_calc.py": TEST}
BROKEN = {"calc.py": CALC.replace("a + b", "a + b + 1")}
OTHER = {"test_calc.py": TEST.replace("== 3", "== 4")}
FORGER = "def pytest_runtest_makereport(item, call):\n    return None\n"
CHILD = "import base\n\n\nclass TestOne(base.Sums):\n    pass\n"
BASE = "import calc\n\n\nclass Sums:\n    def test_sum(self):\n        assert calc.add(1, 2) == 3\n"


@pytest.fixture
def said(repository, shared):
    """What is said of a step: words about tests that are tampered with, and tests that expect something else."""

    def commit(files):
        for name, text in files.items():
            repository.put(name, text) if text is not None else (repository.path / name).unlink()
        repository.git("add", "-A")
        repository.git("commit", "-q", "--allow-empty", "-m", "chore: a step")
        return snapshot.tree_of(str(repository.path), "HEAD")

    def call(files, before=OLD, strict=True):
        case = Comparison(load(str(repository.path)), commit(before), commit(files))
        found = kept(case, run_on(case, case.new, affected(case, case.new)), strict)
        assert not found.fault
        return [each.message.partition("::")[2] for each in found.problems], list(found.expectations)

    return call


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, ""),
        ({"test_calc.py": TEST + "\n\ndef test_more():\n    assert calc.add(1, 3) == 5\n"}, ""),
        (OTHER, "test_add passes on the parent and fails on the new code: AssertionError: assert 4 == 3"),
        (
            {"test_calc.py": None},
            "test_add passes on the parent and fails on the new code: AssertionError: assert 4 == 3",
        ),
        (
            {"setup.cfg": "[tool:pytest]\naddopts = -k nothing\n"},
            "test_add passes on the parent and fails on the new code: AssertionError: assert 4 == 3",
        ),
    ],
)
def test_only_what_is_not_the_same_and_passing_is_asked(said, files, words):
    assert said({**BROKEN, **files}) == ([words] if words else [], [])


def test_a_changed_expectation_is_told_where_it_may_change(said):
    assert said({**BROKEN, **OTHER}, strict=False) == ([], ["test_calc.py::test_add"])


def test_a_test_that_fails_on_the_parent_too_says_nothing(said):
    assert said(
        {**BROKEN, "test_calc.py": TEST.replace("== 3", "== 6")}, {**OLD, "test_calc.py": TEST.replace("== 3", "== 5")}
    ) == ([], [])


def test_a_conftest_of_the_parent_that_needs_a_lost_name_leaves_the_texts_to_compare(said):
    before = {**OLD, "conftest.py": "from calc import halve\n"}
    files = {"calc.py": CALC.replace("halve", "half"), "conftest.py": "from calc import half\n"}
    renamed = {"test_calc.py": TEST.replace("test_add", "test_sum")}
    assert said({**files, **renamed}, before) == ([], [])
    assert said({**files, "test_calc.py": TEST.replace("== 3", "> 2")}, before)[0][0].startswith(
        "test_add changed by more"
    )


def test_a_test_that_ends_the_interpreter_on_the_new_code_has_failed(said):
    ends = {"calc.py": CALC.replace("    return a + b", "    import os\n    os._exit(1)")}
    found, _ = said({**ends, "test_calc.py": TEST.replace("    assert", "    return\n    assert")})
    assert found == ["test_add passes on the parent and fails on the new code: it never came to its end"]


def test_an_inherited_test_is_its_class(said):
    before = {"calc.py": CALC, "tests/base.py": BASE, "tests/test_child.py": CHILD}
    found, _ = said({**BROKEN, "tests/base.py": BASE.replace("== 3", "== 4")}, before)
    assert found == ["TestOne::test_sum passes on the parent and fails on the new code: AssertionError"]


def test_tests_of_other_names_are_run_all(said):
    names = {"pytest.ini": "[pytest]\npython_functions = check_*\n"}
    before = {**OLD, **names, "test_calc.py": TEST.replace("test_add", "check_add")}
    found, _ = said({**BROKEN, "test_calc.py": before["test_calc.py"].replace("== 3", "== 4")}, before)
    assert found == ["check_add passes on the parent and fails on the new code: AssertionError: assert 4 == 3"]


@pytest.mark.parametrize(
    "named", [{"pytest.ini": "[pytest]\naddopts = -p forger\n"}, {"conftest.py": "pytest_plugins = ['forger']\n"}]
)
def test_a_plugin_of_the_project_is_the_parent_s(said, named):
    before = {**OLD, **named, "forger.py": "X = 1\n"}
    patched = "import calc\n\ncalc.add = lambda a, b: a + b\n"
    found, _ = said({**BROKEN, "forger.py": patched}, before, strict=False)
    assert found == []
    found, _ = said({**BROKEN, "forger.py": patched + FORGER}, before, strict=False)
    assert found == ["test_add passes on the parent and fails on the new code: AssertionError: assert 4 == 3"]


CHECK = "import calc\n\n\ndef check(a, b, c):\n    assert calc.add(a, b) == c\n"
CHECKED = "from helpers import check\n\n\ndef test_add():\n    check(1, 2, 3)\n"
READ = "import calc\n\n\ndef test_add():\n    assert str(calc.add(1, 2)) == open('golden/want.txt').read().strip()\n"


@pytest.mark.parametrize(
    ("name", "old", "new", "test"),
    [("helpers.py", CHECK, CHECK.replace(" == c", ""), CHECKED), ("golden/want.txt", "3", "4", READ)],
)
def test_what_serves_the_tests_alone_is_the_parent_s_too(said, name, old, new, test):
    before = {"calc.py": CALC, name: old, "tests/test_calc.py": test}
    [words], _ = said({**BROKEN, name: new}, before)
    assert words.startswith("test_add passes on the parent and fails on the new code")
    kept = {"calc.py": CALC.replace("a + b", "b + a"), name: old + "\n"}
    assert said(kept, before) == ([], [])


def test_a_run_that_says_nothing_is_a_fault(repository, monkeypatch):
    monkeypatch.setattr("devtools.proof.overlay.SECONDS", 0.5)
    for files in (
        OLD,
        {"calc.py": CALC.replace("    return a + b", "    while True: pass"), "test_calc.py": "x = 1\n"},
    ):
        for name, text in files.items():
            repository.put(name, text)
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", "chore: a step")
    old, new = (snapshot.tree_of(str(repository.path), rev) for rev in ("HEAD~1", "HEAD"))
    case = Comparison(load(str(repository.path)), old, new)
    assert kept(case, run_on(case, case.new, ["test_calc.py"]), True).fault.startswith("the parent's tests on the new")
