from pathlib import Path

import pytest

from devtools.adapters import draft as drafts
from devtools.adapters.project import load
from devtools.adapters.store import Store
from devtools.commands import snapshot_checks

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
