# ruff: noqa: E501 -- whole files of small projects
"""What is production is decided by what it does, not by what it is called."""

import pytest

from devtools.proof.comparison import Comparison
from devtools.proof.green import affected
from devtools.proof.prove import prove
from devtools.proof.record import footprints
from devtools.system.store import Store

OLD = {
    "app/__init__.py": "",
    "app/core.py": "def add(a, b):\n    return a + b\n",
    "tests/test_core.py": "from app import core\n\n\ndef test_add():\n    assert core.add(1, 2) == 3\n",
}
CORE, TEST = OLD["app/core.py"], OLD["tests/test_core.py"]


@pytest.fixture
def verdict(project):
    def run(files, kind="feat", before=None):
        old = project.commit({**OLD, **(before or {})})
        proof = prove(project.loaded(), old, project.commit(files), kind)
        return proof.verdict, [problem.message for problem in proof.problems], proof

    return run


def test_code_that_hides_behind_a_name_is_asked_for_line_by_line(verdict):
    code = (
        "try:\n    import json\nexcept ImportError:\n    json = None\nelse:\n    def one():\n        return 1\n"
        "if __name__ != '__main__':\n    def two():\n        return 2\n"
        "TYPE_CHECKING = True\nif TYPE_CHECKING:\n    def three():\n        return 3\n"
        "from typing import Protocol\nclass Four(Protocol):\n    def four(self):\n        return 4\n"
        "def overload(f): return f\n@overload\ndef five():\n    return 5\n"
        "from abc import abstractmethod\n@abstractmethod\ndef six():\n    return 6\n"
    )
    found, words, _ = verdict({"app/core.py": code + CORE}, "refactor")
    assert (found, words) == ("unproved", ["no test executes app/core.py lines 7, 10, 14, 18, 22, 26"])


def test_honest_code_that_cannot_run_here_is_not_asked_for(verdict):
    code = (
        "from typing import TYPE_CHECKING, Protocol, overload\nimport abc, sys\n"
        "if TYPE_CHECKING:\n    from a import b\n"
        "try:\n    import json\nexcept ImportError:\n    def json():\n        return 1\n"
        "try:\n    import nonsense_xyz\nexcept ImportError:\n    FAST = False\nelse:\n    FAST = True\n"
        "if sys.version_info < (3, 0):\n    def old():\n        return 1\n"
        "class Sized(Protocol):\n    def size(self) -> int: ...\n"
        "class Base(abc.ABC):\n    @abc.abstractmethod\n    def f(self):\n        raise NotImplementedError\n"
        "@overload\ndef add(a: int, b: int) -> int: ...\n@overload\ndef add(a: str, b: str) -> str: ...\n"
    )
    found, words, proof = verdict(
        {"app/core.py": code + CORE + "if __name__ == '__main__':\n    print(add(1, 2))\n"}, "refactor"
    )
    assert (found, words, proof.fault) == ("preserved", [], "")


def test_a_branch_within_a_line_is_as_good_as_a_line(verdict):
    code = (
        "import os\n"
        "def one(): return 30 if 'PYTEST_CURRENT_TEST' in os.environ else 0\n"
        "def two(a): return a or os.getcwd()\n"
        "def three(a): return a and os.getcwd()\n"
        "four = lambda a: a + 1\n"
        "def five(a): return [each + 1 for each in a if each]\n"
        "def six(a, key=lambda a: a + 1): return a\n"
        "def seven(a): return f\"{'x' if a else 'y'}\"\n"
        "def eight(a):\n    if a: return 1; os.abort()\n    return 2\n"
        "def nine(a): return {1: a, 2: lambda: a}[1]\n"
    )
    test = "\n\ndef test_all():\n    assert core.one() == 30\n    assert [core.two(1), core.three(0), core.five([])] == [1, 0, []]\n    assert [core.six(1), core.seven(1), core.eight(0), core.nine(1)] == [1, 'x', 2, 1]\n"
    found, words, _ = verdict({"app/core.py": code + CORE, "tests/test_core.py": TEST + test})
    assert found == "unproved"
    assert words == [
        "no test executes app/core.py lines 10, 2 (from column 66), 3 (from column 25), 4 (from column 28), 5 (from column 18), 6 (from column 22) and 3 more ranges"
    ]


def test_branches_that_are_taken_or_that_the_parent_had_are_not_asked_for(verdict):
    old = "def old(a): return a or 1\n\n\ndef f(a): return 1 if a else 2\n"
    new = "import sys\n\n\ndef old(b, a): return b or (a or 1)\n\n\ndef f(a): return (1 if a else 2) + 1\n\n\ndef g(a): return [-each if each else 1 for each in a or (1, 0)]\n\n\ndef h(): return 1 if sys.version_info > (3, 0) else 2\n"
    test = "\n\ndef test_all():\n    assert [core.old(0, 1), core.f(1), core.g([]), core.g([1]), core.h()] == [1, 2, [-1, 1], [-1], 1]\n"
    found, words, _ = verdict(
        {"app/core.py": new + CORE, "tests/test_core.py": TEST + test}, before={"app/core.py": old + CORE}
    )
    assert (found, words) == ("proved", [])


HIDDEN = "def hidden(a):\n    return a or 1\n"


@pytest.mark.parametrize(
    ("before", "files"),
    [
        ({}, {"app/tasks.py": HIDDEN}),
        ({}, {"app/scripts/run.py": HIDDEN}),
        ({}, {"app/docs/conf.py": HIDDEN}),
        ({"jobs/work.py": ""}, {"jobs/tasks.py": HIDDEN}),
        ({"tests/helpers.py": "", "app/core.py": "import tests.helpers\n" + CORE}, {"tests/helpers.py": HIDDEN}),
        ({"tests/helpers.py": ""}, {"tests/helpers.py": HIDDEN, "app/core.py": "import helpers\n" + CORE}),
        ({"conftest.py": "", "app/core.py": "from conftest import *\n" + CORE}, {"conftest.py": HIDDEN}),
        (
            {"scripts/a.py": "", "app/core.py": "import importlib\nimportlib.import_module('scripts.a')\n" + CORE},
            {"scripts/a.py": HIDDEN},
        ),
        ({}, {"tests/a.py": "def f(): ...\n", "docs/b.py": HIDDEN, "app/core.py": "from docs import b\n" + CORE}),
    ],
    ids=["tasks", "scripts", "docs", "namespace", "tests", "bare name", "conftest", "import_module", "new"],
)
def test_code_is_production_wherever_it_lies(verdict, before, files):
    found, words, _ = verdict(files, before=before)
    assert found == "unproved"
    assert any("no test executes" in each for each in words)


@pytest.mark.parametrize(
    "files",
    [
        {"scripts/run.py": HIDDEN},
        {"tasks.py": HIDDEN, "setup.py": HIDDEN, "docs/conf.py": HIDDEN},
        {"libs/other/setup.py": HIDDEN, "libs/other/noxfile.py": HIDDEN},
        {"examples/app.py": "from app import core\n" + HIDDEN},
        {"README.md": "words\n", "docs/page.html": "x\n", "app/logo.svg": "x\n"},
    ],
)
def test_what_stands_beside_the_project_needs_no_proof(verdict, files):
    assert verdict(files)[:2] == ("no-code", [])


def test_a_worker_s_tasks_are_proved(verdict):
    test = "from app import tasks\n\n\ndef test_work():\n    assert tasks.work(1) == 2\n"
    assert verdict({"app/tasks.py": "def work(a):\n    return a + 1\n", "tests/test_tasks.py": test})[0] == "proved"


def test_what_a_link_means_is_production(verdict, project):
    (project.repository.path / "app").mkdir()
    (project.repository.path / "app/linked.py").symlink_to("../attic/impl.txt")
    (project.repository.path / "app/sub").symlink_to("../attic/sub")
    before = {"attic/impl.txt": "def one():\n    return 1\n", "attic/sub/__init__.py": "", "attic/sub/two.py": ""}
    test = "from app import linked\n\n\ndef test_one():\n    assert linked.one() == 1\n"
    before |= {"tests/test_linked.py": test}
    found, words, _ = verdict(
        {"attic/impl.txt": before["attic/impl.txt"] + HIDDEN, "attic/sub/two.py": HIDDEN}, before=before
    )
    assert found == "unproved"
    assert {"no test executes app/linked.py lines 4", "no test executes app/sub/two.py lines 1-2"} <= set(words)
    new = {
        "attic/impl.txt": "def one():\n    return 2\n",
        "attic/sub/two.py": "",
        "tests/test_linked.py": test.replace("== 1", "== 2"),
    }
    assert verdict(new, "fix", before)[0] == "proved"


def test_data_is_production_where_a_test_depends_on_it(verdict):
    code = "import json, pathlib\nPRICE = json.loads(pathlib.Path(__file__).with_name('price.json').read_text())\n"
    test = "from app import price\n\n\ndef test_price():\n    assert price.PRICE == 1\n"
    before = {"app/price.py": code, "app/price.json": "1", "tests/test_price.py": test, "app/logo.svg": "x"}
    new = {"app/price.json": "2", "tests/test_price.py": test.replace("== 1", "== 2")}
    assert verdict(new, "fix", before)[0] == "proved"
    found, words, proof = verdict(new, "chore", before)
    assert (found, proof.problems[0].code) == ("unproved", "tests-tampered")
    assert words == [
        "tests/test_price.py::test_price fails with the data that the parent had (app/price.json): that is a feat or a fix"
    ]
    new = {
        "app/price.json": "[1]",
        "tests/test_price.py": test + "\n\ndef test_list():\n    assert price.PRICE == [1]\n",
    }
    assert [problem.code for problem in verdict(new, "refactor", before)[2].problems] == ["unproved"]
    new = {"app/logo.svg": "y", "tests/test_price.py": test.replace("== 1", "== 1.0")}
    assert verdict(new, "feat", before)[:2] == ("test-only", [])
    assert verdict({"app/logo.svg": "y"}, "feat", before)[:2] == ("no-code", [])


@pytest.mark.parametrize("data", ["app/price.json", "price.json"])
def test_a_chore_may_change_no_data_on_which_the_parent_s_tests_depend(verdict, data):
    """Neither by a test that is loosened beside it, nor by one that it breaks, wherever the data lies."""
    up = ".parent" * (2 - data.count("/"))
    code = f"import json, pathlib\nHERE = pathlib.Path(__file__){up}\nPRICE = json.loads((HERE / 'price.json').read_text())\n"
    test = "from app import price\n\n\ndef test_price():\n    assert price.PRICE == 1\n"
    before = {"app/price.py": code, data: "1", "tests/test_price.py": test}
    loosened = {data: "2", "tests/test_price.py": test.replace("== 1", "> 0")}
    assert [problem.code for problem in verdict(loosened, "chore", before)[2].problems] == ["tests-tampered"]
    assert [problem.code for problem in verdict({data: "2"}, "chore", before)[2].problems] == ["unproved"]
    more = {data: "1 ", "tests/test_price.py": test.replace("== 1", "== 1.0")}
    assert verdict(more, "chore", before)[:2] == ("test-only", [])
    assert verdict({data: "1 "}, "chore", before)[:2] == ("no-code", [])


def test_a_revert_of_data_may_bring_back_the_test_of_then_and_no_other(project):
    code = "import json, pathlib\nPRICE = json.loads(pathlib.Path(__file__).with_name('price.json').read_text())\n"
    test = "from app import price\n\n\ndef test_price():\n    assert price.PRICE == 1\n"
    then = project.commit({**OLD, "app/price.py": code, "app/price.json": "1", "tests/test_price.py": test})
    now = project.commit({"app/price.json": "2", "tests/test_price.py": test.replace("== 1", "== 2")})
    loose = project.commit({"app/price.json": "1", "tests/test_price.py": test.replace("== 1", "> 0")})
    assert prove(project.loaded(), now, then, "revert").problems == ()
    assert [each.code for each in prove(project.loaded(), now, loose, "revert").problems] == ["tests-tampered"]


def test_data_reaches_the_tests_of_the_code_that_names_it(project):
    code = "import pathlib\nTEXT = (pathlib.Path(__file__).parents[1] / 'price.json').read_text()\n"
    test = "from app import price\n\n\ndef test_price():\n    assert price.TEXT\n"
    old = project.commit({**OLD, "app/price.py": code, "price.json": "1", "tests/test_price.py": test})
    case = Comparison(project.loaded(), old, project.commit({"price.json": "2", "other.json": "3"}))
    assert (case.new.naming(case.assets), affected(case, case.new)) == (["app/price.py"], ["tests/test_price.py"])


def test_a_fix_of_data_that_production_reads_wants_a_test(project):
    code = "import json, pathlib\ndef rate():\n    return json.loads(pathlib.Path(__file__).with_name('rate.json').read_text())\n"
    test = "from app.rates import rate\n\n\ndef test_rate():\n    assert rate() > 0\n"
    before = {**OLD, "app/rates.py": code, "app/rate.json": "1", "app/logo.svg": "x", "tests/test_rates.py": test}
    old, new = project.commit(before), project.commit({"app/rate.json": "2"})
    record = footprints(project.loaded(), Store(project.root))
    proof = prove(project.loaded(), old, new, "fix", record=record)
    assert [problem.message for problem in proof.problems] == [
        "production reads app/rate.json and no new or changed test fails with the data that the parent had"
    ]
    assert prove(project.loaded(), old, new, "chore", record=record).verdict == "no-code"
    logo = project.commit({"app/logo.svg": "y"})
    assert prove(project.loaded(), new, logo, "fix", record=record).verdict == "no-code"
