import os
import subprocess

import pytest

from devtools.errors import ToolError, UsageError
from devtools.git import status as git


def test_the_root_is_found_from_any_folder(repository):
    repository.put("a/b/x.txt", "")
    assert git.root(str(repository.path / "a" / "b")) == str(repository.path)


def test_outside_a_repository_the_error_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="not in a git working tree"):
        git.root(str(tmp_path))


def test_an_unborn_head_has_a_branch_and_no_commit(repository):
    repository.put("a.txt", "")
    state = git.state(str(repository.path))
    assert (state.branch, state.head, state.untracked) == ("main", "", ("a.txt",))


def test_staged_unstaged_and_renamed_files_are_told_apart(repository):
    repository.put("old name.txt", "same\n" * 9)
    repository.put("b.txt", "1")
    head = repository.commit()
    repository.git("mv", "old name.txt", "new\nname.txt")
    repository.put("b.txt", "2")
    state = git.state(str(repository.path))
    assert (state.head, state.staged, state.unstaged) == (head, ("new\nname.txt",), ("b.txt",))


def test_a_conflict_and_a_detached_head_are_seen(repository):
    repository.put("a.txt", "0")
    repository.commit()
    repository.git("checkout", "-q", "--detach")
    repository.put("a.txt", "1")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.put("a.txt", "2")
    repository.commit()
    repository.git("checkout", "-q", "--detach")
    with pytest.raises(Exception, match="merge"):
        repository.git("merge", "HEAD@{3}")
    state = git.state(str(repository.path))
    assert (state.branch, state.conflicted) == ("", ("a.txt",))


def test_ahead_and_behind_are_counts():
    state = git.parse_status("# branch.oid abc\0# branch.head main\0# branch.ab +2 -3\0")
    assert (state.head, state.ahead, state.behind) == ("abc", 2, 3)


def test_a_git_that_fails_is_named_with_its_own_words(repository):
    (repository.path / ".git" / "index").write_bytes(b"broken")
    with pytest.raises(ToolError, match="git status failed"):
        git.state(str(repository.path))


def test_an_alias_is_what_git_would_run_and_empty_where_there_is_none(repository):
    repository.git("config", "alias.ci", "commit -v")
    assert git.alias(str(repository.path), "ci") == "commit -v"
    assert git.alias(str(repository.path), "other") == ""


def test_a_tracked_file_is_never_ignored(repository):
    repository.put("a.py", "")
    repository.commit()
    repository.put(".gitignore", "*.py\n")
    root = str(repository.path)
    assert not git.is_ignored(root, "a.py")
    assert git.is_ignored(root, "b.py")
    assert not git.is_ignored(root, "c.txt")


def test_the_files_at_hand_are_the_unsaved_ones_or_those_of_the_last_commit(repository):
    root = str(repository.path)
    assert git.at_hand(root) == []
    repository.put("a.py", "1")
    repository.commit()
    assert git.at_hand(root) == ["a.py"]
    repository.put("b\nc.py", "1")
    assert git.at_hand(root) == ["b\nc.py"]


def refused(folder):
    with pytest.raises(UsageError) as error:
        git.root(str(folder))
    return error.value.line()


def test_a_repository_of_another_owner_is_refused_with_the_words_and_the_way_of_git(repository, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    said = refused(repository.path)
    assert said.startswith("git refuses this repository (detected dubious ownership in repository at")
    assert said.endswith(f"if you trust it: git config --global --add safe.directory {repository.path}")


def test_a_repository_that_git_cannot_read_is_refused_with_its_reason_and_no_git_init(repository, tmp_path):
    repository.put(".git/config", "[bad\n")
    assert "bad config line 1 in file .git/config" in refused(repository.path)
    repository.put(".git/config", "")
    (repository.path / ".git/HEAD").unlink()
    assert f"not a git repository (or any of the parent directories): .git): git status in {repository.path}" in (
        refused(repository.path)
    )
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree/.git").write_text("gitdir: /nowhere/at/all")
    assert "not a git repository: /nowhere/at/all" in refused(tmp_path / "tree")
    assert refused(tmp_path / "tree").endswith("says the same: fix that first")
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "bare"], check=True)
    assert "without a working tree" in refused(tmp_path / "bare")
    (tmp_path / "none").mkdir()
    assert refused(tmp_path / "none") == "not in a git working tree: run this in a repository, or git init"


def test_a_bare_repository_and_a_git_folder_are_no_working_tree(repository, tmp_path):
    repository.git("init", "-q", "--bare", str(tmp_path / "bare"))
    for folder in (tmp_path / "bare", repository.path / ".git"):
        with pytest.raises(UsageError, match="without a working tree"):
            git.root(str(folder))


def test_a_git_that_crashes_is_not_taken_for_a_folder_outside_of_a_repository(repository, tmp_path, monkeypatch):
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nkill -s SEGV $$\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(ToolError, match="git ended with code -11 and said nothing"):
        git.root(str(repository.path))
