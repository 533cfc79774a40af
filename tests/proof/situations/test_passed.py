"""What has just passed on the snapshot runs again only where it takes it to find who executes a changed line."""

import pytest

from devtools.proof.comparison import Comparison, Tree
from devtools.proof.green import Changed, confirm
from devtools.proof.prove import prove

OLD = {
    # A mutant runs tests of its own: here it is asked which run without that.
    "devtools.toml": "[tdd]\nmutants = 'off'\n",
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

    def __init__(self, known, reach=()):
        self.reach = reach
        self.passing, self.asked, self.seen = frozenset(known), [], []

    def known(self, tree, files):
        self.asked += files
        return self.passing

    def reaching(self, files, places):
        self.places = places
        return [path for path in files if path in self.reach]

    def note(self, tree, seen):
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


TWO = "import calc\n\n\ndef test_add():\n    LOG('add')\n    assert calc.add(1, 2) == 3\n"
THREE = TWO + "\n\ndef test_one():\n    LOG('one')\n    assert calc.one() == 1\n"


@pytest.fixture
def logged(project, tmp_path):
    """The verdict on a step, and the tests that ran for it, in their order."""
    log = tmp_path / "log"
    conftest = f"import builtins\nbuiltins.LOG = lambda name: open({str(log)!r}, 'a').write(name + ' ')\n"
    project.old = project.commit({**OLD, "test_calc.py": TWO, "conftest.py": conftest})

    def call(files, passed):
        log.write_text("")
        proof = prove(project.loaded(), project.old, project.commit(files), "feat", passed)
        return proof.verdict, log.read_text().split()

    return call


@pytest.mark.parametrize(
    ("passed", "ran"),
    [(("test_calc.py", "test_shop.py"), ["one", "one"]), (("test_shop.py",), ["one", "add", "one"])],
    ids=["it has passed", "it has to pass"],
)
def test_of_a_changed_file_only_the_changed_tests_run_but_where_it_has_to_pass(logged, passed, ran):
    verdict, seen = logged({**NEW, "test_calc.py": THREE}, passed)
    assert (verdict, seen[: len(ran)]) == ("proved", ran)
    assert len(seen) <= len(ran) + 1  # once more where the new function is emptied


def test_a_line_that_an_unchanged_test_of_the_file_executes_is_found(logged):
    both = {"calc.py": NEW["calc.py"].replace("a + b", "b + a")}
    verdict, seen = logged({**both, "test_calc.py": THREE}, BOTH)
    assert (verdict, seen.count("add")) == ("proved", 1)


def test_a_test_that_needs_the_one_before_it_is_proved_with_it(logged, project):
    before = TWO.replace("    LOG", "    calc.seen = 1\n    LOG")
    project.old = project.commit({"test_calc.py": before})
    after = before + "\n\ndef test_one():\n    assert calc.one() == calc.seen\n"
    assert logged({**NEW, "test_calc.py": after}, BOTH)[0] == "proved"


def test_who_executes_a_changed_line_by_the_record_is_asked_before_all_others(project):
    within = "class Sum:\n    def of(self, a, b):\n        return a + b\n\n\n"
    old = project.commit({**OLD, "calc.py": f"{within}def add(a, b):\n    return Sum().of(a, b)\n"})
    new = project.commit({"calc.py": f"{within}def add(a, b):\n    return Sum().of(b, a)\n".replace("a + b", "b + a")})
    record = Remembering(BOTH, ["test_shop.py"])
    done = confirm(Comparison(project.loaded(), old, new, record=record), [])
    assert ([test["name"] for test in done.seen.tests], done.problems) == (["test_price"], ())
    assert record.places == {("calc.py", "Sum.of"), ("calc.py", "add")}
    module = project.commit({"calc.py": f"ONE = 1\n{within}"})
    assert Changed(Comparison(project.loaded(), new, module)).places([1]) == {("calc.py", "")}
