"""Real submodules: what a scratch folder holds of them depends on what this machine has, never on the network."""

import os
import shutil

import pytest

from devtools.errors import ToolError
from devtools.git import snapshot
from devtools.git.submodules import submodules
from tests.conftest import Repository


@pytest.fixture
def make(tmp_path, monkeypatch):
    """A repository of its own, with its files committed; git may clone it from this machine."""
    for name, value in (("COUNT", "1"), ("KEY_0", "protocol.file.allow"), ("VALUE_0", "always")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)

    def make(name, files):
        (tmp_path / name).mkdir()
        made = Repository(tmp_path / name)
        for path, text in files.items():
            made.put(path, text)
        made.commit()
        return made

    return make


@pytest.fixture
def outer(repository, make):
    """A repository with a submodule of another name than its path, and one within that."""
    make("deep", {"c.txt": "c"})
    inner = make("inner", {"b.txt": "b"})
    inner.git("submodule", "add", "-q", "../deep", "deep")
    inner.commit()
    repository.git("submodule", "add", "-q", "--name", "cases", "../inner", "tests/data")
    repository.git("submodule", "update", "-q", "--init", "--recursive")
    repository.put("a.txt", "a")
    repository.commit()
    return repository


def held(repository, rev="HEAD"):
    root = str(repository.path)
    with snapshot.materialised(root, snapshot.tree_of(root, rev)) as folder:
        names = [os.path.join(place, name) for place, _, files in os.walk(folder) for name in files]
        found = {os.path.relpath(name, folder) for name in names if "/.git/" not in name}
        assert Repository.git(repository, "-C", folder, "status", "--porcelain") == ""
        return sorted(name for name in found if name.endswith(".txt"))


def of(repository):
    root = str(repository.path)
    return [(each.path, bool(each.store)) for each in snapshot.inner(root, snapshot.tree_of(root, "HEAD"))]


def test_the_files_of_submodules_are_in_their_places(outer):
    assert of(outer) == [("tests/data", True), ("tests/data/deep", True)]
    assert held(outer) == ["a.txt", "tests/data/b.txt", "tests/data/deep/c.txt"]


def test_each_snapshot_has_its_own_commit_of_a_submodule(outer, make):
    data = Repository.__new__(Repository)
    data.path = outer.path / "tests" / "data"
    data.put("new.txt", "new")
    data.commit()
    outer.commit()
    assert "tests/data/new.txt" in held(outer)
    assert "tests/data/new.txt" not in held(outer, "HEAD~1")
    assert "tests/data/new.txt" in held(outer)


def test_a_submodule_that_is_not_checked_out_is_read_where_git_keeps_it(outer):
    outer.git("submodule", "deinit", "-q", "--all", "--force")
    assert os.listdir(outer.path / "tests" / "data") == []
    assert held(outer) == ["a.txt", "tests/data/b.txt", "tests/data/deep/c.txt"]


def test_a_working_copy_with_a_git_folder_of_its_own_serves(repository, make):
    make("inner", {"b.txt": "b"})
    repository.git("clone", "-q", "../inner", "inner")
    repository.commit()
    assert of(repository) == [("inner", True)]
    assert held(repository) == ["inner/b.txt"]


def test_what_this_machine_lacks_is_named_and_its_folder_empty(outer):
    shutil.rmtree(outer.path / ".git" / "modules")
    shutil.rmtree(outer.path / "tests" / "data")
    assert of(outer) == [("tests/data", False)]
    assert held(outer) == ["a.txt"]


def test_a_linked_worktree_has_what_its_repository_has(outer, tmp_path):
    outer.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    linked = Repository.__new__(Repository)
    linked.path = tmp_path / "linked"
    assert held(linked) == ["a.txt", "tests/data/b.txt", "tests/data/deep/c.txt"]


def test_a_name_that_leads_out_of_the_git_folder_is_not_followed(outer):
    outer.git("config", "-f", ".gitmodules", "--rename-section", "submodule.cases", "submodule.../../other")
    outer.commit()
    shutil.rmtree(outer.path / "tests" / "data")
    shutil.copytree(outer.path / ".git" / "modules" / "cases", outer.path / "other")
    shutil.rmtree(outer.path / ".git" / "modules" / "cases")
    assert of(outer) == [("tests/data", False)]


def test_a_tree_that_git_cannot_read_is_a_fault_of_the_tools(repository):
    with pytest.raises(ToolError, match="git cannot read a submodule"):
        submodules(str(repository.path), str(repository.path / ".git"), "1" * 40)
