"""What has just passed on the snapshot runs again only where it takes it to find who executes a changed line."""

import pytest

from devtools.adapters.comparison import Comparison, Tree
from devtools.adapters.confirming import confirm
from devtools.adapters.proving import prove

OLD = {
    "calc.py": "def add(a, b):\n    return a + b\n",
    "shop.py": "import calc\n\n\ndef price():\n    return calc.add(1, 2)\n",
    "test_calc.py": "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n",
    "test_shop.py": "import shop\n\n\ndef test_price():\n    assert shop.price() == 3\n",
}
ADD = {"calc.py": "def add(a, b):\n    return b + a\n"}
NEW = {"calc.py": OLD["calc.py"] + "\n\ndef one():\n    return 1\n"}
TEST = {"test_one.py": "import calc\n\n\ndef test_one():\n    assert calc.one() == 1\n"}
FAILS = {"test_shop.py": OLD["test_shop.py"].replace("== 3", "== 4")}
SETTING = {"pytest.ini": "[pytest]\naddopts = -q\n"}
BOTH = ("test_calc.py", "test_shop.py")


@pytest.fixture
def confirmed(project):
    """Confirms a step: the names of the tests that ran, and the codes."""
    old = project.commit(OLD)

    def call(files, passed):
        new = project.commit(files)
        done = confirm(Comparison(project.loaded(), old, new, passed=passed), [])
        assert not done.fault
        return sorted(test["name"] for test in done.seen.tests), [problem.code for problem in done.problems]

    return call


@pytest.mark.parametrize(
    ("files", "passed", "ran", "codes"),
    [
        ({**NEW, **TEST}, (), ["test_add", "test_one", "test_price"], []),
        ({**NEW, **TEST}, BOTH, ["test_one"], []),
        ({**NEW, **TEST}, (*BOTH, "test_one.py"), ["test_one"], []),
        (ADD, BOTH, ["test_add"], []),
        (NEW, BOTH, ["test_add", "test_price"], ["untested-code"]),
        ({**ADD, **SETTING}, BOTH, ["test_add", "test_price"], []),
        ({**ADD, **FAILS}, BOTH, ["test_price"], ["other-tests-fail"]),
    ],
    ids=[
        "nothing passed before",
        "the others passed",
        "a changed test runs all the same",
        "who names the module comes first",
        "all run before a line is called untested",
        "changed settings run all",
        "a changed test that fails",
    ],
)
def test_what_passed_runs_again_only_for_its_lines(confirmed, files, passed, ran, codes):
    assert confirmed(files, passed) == (ran, codes)


def test_a_line_that_only_a_far_test_executes_is_found(project):
    old = project.commit({**OLD, "test_calc.py": "import calc\n\n\ndef test_calc():\n    assert calc\n"})
    case = Comparison(project.loaded(), old, project.commit(ADD), passed=BOTH)
    done = confirm(case, [])
    assert ([test["name"] for test in done.seen.tests], done.problems) == (["test_calc", "test_price"], ())


@pytest.mark.parametrize(("passed", "runs"), [((), 1), (("test_calc.py",), 0)])
def test_a_proof_takes_the_word_of_who_ran_the_tests(project, tmp_path, passed, runs):
    place = tmp_path / "runs"
    count = f"import calc\n\n\ndef test_count():\n    open({str(place)!r}, 'a').write('x')\n"
    old = project.commit({**OLD, "test_calc.py": count})
    proof = prove(project.loaded(), old, project.commit({**NEW, **TEST}), "feat", passed)
    assert (proof.verdict, len(place.read_text()) if place.exists() else 0) == ("proved", runs)


class Remembering:
    """A record that knows of some test files and is told what was seen."""

    def __init__(self, known):
        self.known, self.asked, self.seen = frozenset(known), [], []

    def carried(self, case, files):
        self.asked += files
        return self.known

    def keep(self, case, seen):
        self.seen.append(seen)


def test_what_a_record_knows_need_not_run_and_what_runs_is_told_to_it(project):
    old = project.commit(OLD)
    record = Remembering(["test_shop.py"])
    done = confirm(Comparison(project.loaded(), old, project.commit(ADD), record=record), [])
    assert ([test["name"] for test in done.seen.tests], record.asked) == (["test_add"], list(BOTH))
    [seen] = record.seen
    assert (seen, seen.footprints.keys()) == (done.seen, {"", "test_calc.py"})


def test_a_tree_knows_what_its_files_use_and_what_is_said_of_pytest(project):
    ini = "[tool.pytest.ini_options]\naddopts = '-q'\n"
    tree = Tree(project.loaded(), project.commit({**OLD, "conftest.py": "", "pyproject.toml": ini}))
    assert tree.used["test_shop.py"] == {"shop.py", "conftest.py"}
    assert (tree.roots, tree.pytest_table) == (("",), {"ini_options": {"addopts": "-q"}})
