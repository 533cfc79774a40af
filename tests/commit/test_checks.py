from pathlib import Path

import pytest

from devtools.checks import tests
from devtools.cli import run
from devtools.commit import checks as snapshot_checks
from devtools.git import draft as drafts
from devtools.project.project import load
from devtools.system.store import Store

QUIET = "".join(f"{name} = 'true'\n" for name in ("lint", "format", "types"))


@pytest.fixture
def checked(repository):
    """The result of the check `tests`, its run, and the folder in which it ran."""
    repository.put("devtools.toml", f"[checks]\n{QUIET}tests = 'pwd > $HOME/where; grep -q good a.txt'\n")
    repository.put("a.txt", "good\n")
    repository.commit()
    root = str(repository.path)

    def call():
        where = Path.home() / "where"
        where.unlink(missing_ok=True)
        project = load(root)
        place = drafts.find(root)
        with drafts.held(place), drafts.opened(place) as draft:
            results, number = snapshot_checks.run(project, Store(root), draft, draft.tree())
        ran = where.read_text().strip() if where.exists() else ""
        return next(result.ok for result in results if result.name == "tests"), number, ran

    return call


def test_a_tree_that_is_the_snapshot_is_checked_where_it_lies_and_once(checked, repository):
    assert checked() == (True, 1, str(repository.path))
    assert checked() == (True, 1, "")


def test_another_tree_is_checked_in_a_folder_of_its_own_and_once(checked, repository):
    repository.put("a.txt", "bad\n")
    ok, number, where = checked()
    assert (ok, number, where.startswith(str(repository.path))) == (True, 1, False)
    assert checked() == (True, 1, "")
    repository.put("a.txt", "bad again\n")
    assert checked() == (True, 1, "")
    repository.git("add", "a.txt")
    repository.put("a.txt", "good\n")
    assert checked()[:2] == (False, 2)


def test_a_red_is_never_stored(checked, repository):
    repository.put("a.txt", "bad\n")
    repository.git("add", "a.txt")
    assert [checked()[:2], checked()[:2]] == [(False, 1), (False, 2)]
    repository.put("untracked", "")
    assert [checked()[:2], checked()[:2]] == [(False, 3), (False, 4)]


def test_a_check_that_changes_the_tree_leaves_no_green(checked, repository):
    text = (repository.path / "devtools.toml").read_text().replace("grep -q good a.txt", "date +%N > made")
    repository.put("devtools.toml", text)
    repository.put(".gitignore", "made\n")
    repository.commit()
    assert [checked()[:2], checked()[:2]] == [(True, 1), (True, 2)]


@pytest.fixture
def tested(repository, tmp_path, monkeypatch):
    """Whether the tests hold, the test files that this run vouches for, and the tests that ran."""
    monkeypatch.setattr(tests, "WORTH", 0.0)
    log = tmp_path / "log"
    repository.put("devtools.toml", f"[checks]\n{QUIET}")
    repository.put(".gitignore", "ignored.txt\n.devtools/\n__pycache__/\n.pytest_cache/\n")
    named = f"    open({str(log)!r}, 'a').write(request.node.name + ' ')\n"
    repository.put("conftest.py", f"import pytest\n\n@pytest.fixture(autouse=True)\ndef log(request):\n{named}")
    repository.put("calc.py", "def add(a, b):\n    return a + b\n\n\ndef double(a):\n    return 2 * a\n")
    repository.put("test_add.py", "import calc\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n")
    repository.put("test_double.py", "import calc\n\ndef test_double():\n    assert calc.double(2) == 4\n")
    repository.commit()
    root = str(repository.path)

    def call():
        log.write_text("")
        project, place = load(root), drafts.find(root)
        with drafts.held(place), drafts.opened(place) as draft:
            results, _ = snapshot_checks.run(project, Store(root), draft, draft.tree())
        result = next(result for result in results if result.name == "tests")
        return result.ok, sorted(result.passed), sorted(log.read_text().split())

    return call


BOTH = ["test_add.py", "test_double.py"]
EDITED = "def add(a, b):\n    return {}\n\n\ndef double(a):\n    return 2 * a\n"


@pytest.mark.parametrize("apart", [False, True])
def test_only_tests_that_executed_what_changed_run(tested, repository, apart):
    if apart:
        repository.put("untracked.txt", "")
    assert tested() == (True, BOTH, ["test_add", "test_double"])  # the usual way, which tells how long they take
    repository.put("calc.py", EDITED.format("0 + a + b"))
    repository.git("add", "calc.py")
    assert tested() == (True, BOTH, ["test_add", "test_double"])  # once more, to see what each executes
    repository.put("calc.py", EDITED.format("b + a"))
    repository.git("add", "calc.py")
    assert tested() == (True, BOTH, ["test_add"])
    assert tested() == (True, [], [])  # its green is stored
    repository.put("calc.py", EDITED.format("a - b"))
    repository.git("add", "calc.py")
    ok, passed, ran = tested()
    assert (ok, passed, set(ran)) == (False, [], {"test_add"})


def test_a_green_on_the_record_s_word_is_the_snapshot_s_alone(tested, repository, monkeypatch):
    repository.put("test_add.py", "import os\n\ndef test_add():\n    assert not os.path.exists('ignored.txt')\n")
    repository.commit()
    assert tested()[0]
    repository.put("calc.py", EDITED.format("b + a"))
    repository.git("add", "calc.py")
    assert tested()[0]
    assert tested() == (True, [], [])
    (repository.path / "ignored.txt").write_text("")
    assert run(["hygiene", "--only", "tests"]) == 1


def test_a_green_of_all_tests_vouches_for_every_file(tested, repository):
    assert run(["hygiene"]) == 0
    assert tested() == (True, BOTH, [])


def test_with_proofs_off_every_test_that_the_change_reaches_runs(tested, repository):
    repository.put("devtools.toml", f"[checks]\n{QUIET}[tdd]\nmode = 'off'\n")
    repository.commit()
    assert tested() == (True, BOTH, ["test_add", "test_double"])
    repository.put("calc.py", EDITED.format("b + a"))
    repository.git("add", "calc.py")
    assert tested() == (True, BOTH, ["test_add", "test_double"])
    assert not (repository.state / "footprints.json").exists()


def test_a_new_file_is_collected_with_those_that_the_record_leaves_out(tested, repository):
    """Pytest refuses two modules of one name, which no file shows alone."""
    assert tested()[0]
    repository.put("b/test_add.py", "def test_new(): pass\n")
    repository.git("add", "-A")
    repository.put("untracked.txt", "")
    assert not tested()[0]


def test_what_a_folder_for_one_time_has_shown_of_the_whole_is_kept(tested, repository):
    repository.put("untracked.txt", "")
    assert tested()[0]
    assert len(Store(str(repository.path)).read("together.json")) == 1
