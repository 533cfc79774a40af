import os

import pytest

from devtools.errors import UsageError
from devtools.plan.uncommitted import load, uncommitted


def seen(repository, *own):
    found = uncommitted(str(repository.path), [os.stat(path) for path in own])
    return {change.path for change in found.changes}, dict(found.left)


def test_staged_changed_untracked_and_intent_to_add_are_all_planned_and_ignored_is_not(repository):
    for name in ("staged", "changed", "gone"):
        repository.put(name, "1\n")
    repository.put(".gitignore", "*.log\n")
    repository.commit()
    for name in ("staged", "changed", "new", "meant", "x.log"):
        repository.put(name, "2\n")
    repository.git("add", "staged")
    repository.git("add", "-N", "meant")
    (repository.path / "gone").unlink()
    assert seen(repository) == ({"staged", "changed", "new", "meant", "gone"}, {})


def test_blobs_are_read_for_files_with_lines_only(repository):
    repository.put("a", "1\n")
    repository.commit()
    repository.put("a", "2\n")
    (repository.path / "b").write_bytes(b"\0")
    found = uncommitted(str(repository.path), [])
    assert sorted(found.texts.values()) == ["1\n", "2\n"]
    assert (found.base, found.head.tree) == (found.head.tree, repository.git("rev-parse", "HEAD^{tree}").strip())


def test_before_the_first_commit_everything_is_new(repository):
    repository.put("a", "1\n")
    found = uncommitted(str(repository.path), [])
    assert [change.created for change in found.changes] == [True]
    assert found.head.commit == ""


def test_a_file_with_a_conflict_is_left_with_the_reason(repository):
    repository.put("a", "0\n")
    repository.commit()
    repository.put("a", "1\n")
    repository.git("stash")
    repository.put("a", "2\n")
    repository.commit()
    with pytest.raises(Exception, match="stash"):
        repository.git("stash", "pop")
    repository.put("b", "1\n")
    assert seen(repository) == ({"b"}, {"a": "it holds a conflict: resolve it, then git add it"})


def test_what_is_staged_only_and_what_changed_inside_a_submodule_are_left(repository, tmp_path):
    repository.put("a", "0\n")
    repository.git("init", "-q", "inner")
    repository.git("-C", "inner", "commit", "-q", "--allow-empty", "-m", "x")
    repository.git("add", "inner")
    repository.commit()
    repository.put("a", "1\n")
    repository.git("add", "a")
    repository.put("a", "0\n")
    repository.put("inner/b", "1\n")
    changes, left = seen(repository)
    assert changes == set()
    assert left["a"] == "staged, but the working tree has the last commit's content"
    assert left["inner"] == "changed inside the submodule: commit there first"


def test_an_untracked_repository_is_left_and_a_staged_one_is_not(repository):
    for name in ("one", "two"):
        repository.git("init", "-q", name)
        repository.git("-C", name, "commit", "-q", "--allow-empty", "-m", "x")
    repository.git("add", "two")
    assert seen(repository) == ({"two"}, {"one": "a repository of its own: git submodule add it, or ignore it"})


def test_the_file_that_the_plan_is_written_to_is_no_part_of_it(repository):
    repository.put("PLAN.json", "")
    repository.put("a", "1\n")
    assert seen(repository, "PLAN.json", "/dev/null") == ({"a"}, {"PLAN.json": "the plan itself"})
    repository.commit()
    repository.put("PLAN.json", "{}")
    assert seen(repository, "PLAN.json") == ({"PLAN.json"}, {})


def test_a_plan_is_read_with_the_bytes_of_its_paths(repository):
    repository.put("p.json", '{"path": "caf\\udce9"}')
    assert load("p.json") == {"path": "caf\udce9"}
    repository.put("p.json", "{")
    with pytest.raises(UsageError, match=r"p\.json is not JSON"):
        load("p.json")
    with pytest.raises(UsageError, match="cannot read none"):
        load("none")


def test_an_environment_that_git_does_not_ignore_is_left_as_one(repository):
    repository.put("a.py", "")
    repository.put("env/pyvenv.cfg", "")
    repository.put("env/lib/b.py", "")
    assert seen(repository) == ({"a.py"}, {"env/": "an environment: add it to .gitignore"})
