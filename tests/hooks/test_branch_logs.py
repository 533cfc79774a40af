"""The logs of other branches and working trees tell what they gained between two looks."""

import pytest

from devtools.hooks import branch_logs
from devtools.system import state

COMMIT = "-c user.name=x -c user.email=x@example.org commit -q --allow-empty -m fix:x"


@pytest.fixture
def gained(repository):
    """What was gained since the last look, as the name of each branch and the words of its new lines."""
    repository.put("a.txt", "1\n")
    repository.commit()
    root = str(repository.path)

    def look():
        return branch_logs.standing(state.git_folder(root), state.repository_of(root))

    before = look()

    def gained():
        nonlocal before
        old, before = before, look()
        found = branch_logs.gained(root, old, before)
        return {name: [line.partition("\t")[2] for line in lines] for name, lines in found}

    return gained


def test_a_commit_in_another_working_tree_is_in_its_own_log_and_in_its_branchs(gained, repository, tmp_path):
    repository.git("worktree", "add", "-q", "-b", "beside", str(tmp_path / "beside"))
    gained()
    repository.git("-C", str(tmp_path / "beside"), *COMMIT.split())
    assert gained() == {"refs/heads/beside": ["commit: fix:x"], "worktrees/beside": ["commit: fix:x"]}
    assert gained() == {}


def test_lines_that_came_with_a_renamed_branch_are_not_new(gained, repository):
    repository.git("branch", "other")
    gained()
    repository.git("branch", "-m", "other", "deep/third")
    assert gained() == {}


def test_a_branch_that_no_log_explains_has_no_lines(gained, repository):
    made = repository.git("commit-tree", "-m", "x", "HEAD^{tree}").strip()
    name = repository.git("symbolic-ref", "HEAD").strip()
    repository.put(f".git/{name}", made + "\n")
    assert gained() == {name: []}


def test_packed_and_removed_branches_gain_nothing(gained, repository):
    repository.git("branch", "other")
    gained()
    repository.git("pack-refs", "--all")
    repository.git("branch", "-D", "other")
    assert gained() == {}


def test_the_head_of_the_main_working_tree_is_another_one_for_a_linked_one(repository, tmp_path):
    repository.put("a.txt", "1\n")
    repository.commit()
    repository.git("worktree", "add", "-q", "-b", "beside", str(tmp_path / "beside"))
    root = str(tmp_path / "beside")
    names = [
        line.split("\t")[0]
        for line in branch_logs.standing(state.git_folder(root), state.repository_of(root)).splitlines()
    ]
    assert "HEAD" in names
    assert "worktrees/beside" not in names
