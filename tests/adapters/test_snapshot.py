import subprocess

import pytest

from devtools.adapters import snapshot
from devtools.core.errors import UsageError


def bytes_of_index(repository):
    return (repository.path / ".git" / "index").read_bytes()


@pytest.fixture
def root(repository):
    return str(repository.path)


def test_an_unborn_head_is_the_empty_tree_and_an_unknown_revision_is_an_error(root):
    assert snapshot.tree_of(root, "HEAD") == snapshot.EMPTY_TREE == snapshot.index_tree(root)
    with pytest.raises(UsageError, match="no revision 'nowhere'"):
        snapshot.tree_of(root, "nowhere")


def test_the_tree_of_the_index_leaves_the_index_as_it_is(repository, root):
    repository.put("a.py", "1")
    repository.git("add", "a.py")
    repository.put("later.py", "2")
    repository.git("add", "-N", "later.py")
    before = bytes_of_index(repository)
    tree = snapshot.index_tree(root)
    assert snapshot.read(root, tree, "a.py") == b"1"
    assert snapshot.read(root, tree, "later.py") is None
    assert bytes_of_index(repository) == before


def test_the_tree_of_the_working_tree_holds_what_is_saved_but_not_ignored(repository, root):
    repository.put(".gitignore", "*.log\n")
    repository.put("a.py", "1")
    repository.commit()
    before = bytes_of_index(repository)
    repository.put("a.py", "2")
    repository.put("odd\nname \udcff.py", "3")
    repository.put("x.log", "4")
    tree = snapshot.worktree_tree(root)
    assert set(snapshot.entries(root, tree)) == {".gitignore", "a.py", "odd\nname \udcff.py"}
    assert snapshot.read(root, tree, "a.py") == b"2"
    assert bytes_of_index(repository) == before
    named = snapshot.worktree_tree(root, ["odd\nname \udcff.py"])
    assert snapshot.read(root, named, "a.py") == b"1"
    assert snapshot.worktree_tree(root, []) == snapshot.tree_of(root, "HEAD")
    with pytest.raises(UsageError, match="git cannot read the working tree"):
        snapshot.worktree_tree(root, ["nowhere.py"])


def test_a_change_in_the_same_second_as_the_index_is_seen(repository, root):
    repository.put("a.py", "1")
    repository.git("add", "a.py")
    repository.put("a.py", "2")
    assert snapshot.read(root, snapshot.worktree_tree(root), "a.py") == b"2"


def test_conflicts_in_the_index_are_named(repository, root):
    blob = repository.git("hash-object", "-w", "--stdin").strip()
    lines = "".join(f"100644 {blob} {stage}\ta\n" for stage in (1, 2, 3))
    subprocess.run(["git", "update-index", "--index-info"], input=lines.encode(), check=True, cwd=root)
    with pytest.raises(UsageError, match="the index holds conflicts"):
        snapshot.index_tree(root)


def test_changes_tell_additions_renames_modes_and_binary_files(repository, root):
    repository.put("old name.py", "line\n" * 20)
    repository.put("b.py", "1\n2\n")
    repository.put("gone.py", "")
    repository.commit()
    old = snapshot.tree_of(root, "HEAD")
    repository.git("mv", "old name.py", "new\nname.py")
    repository.put("b.py", "1\n3\n4\n")
    (repository.path / "b.py").chmod(0o755)
    (repository.path / "data.bin").write_bytes(b"\0\1")
    (repository.path / "gone.py").unlink()
    found = {change.path: change for change in snapshot.changes(root, old, snapshot.worktree_tree(root))}
    assert set(found) == {"new\nname.py", "b.py", "data.bin", "gone.py"}
    renamed, b = found["new\nname.py"], found["b.py"]
    assert (renamed.status, renamed.old_path, renamed.added) == ("R", "old name.py", 0)
    assert (b.status, b.old_mode, b.new_mode, b.added, b.deleted) == ("M", "100644", "100755", 2, 1)
    assert (found["data.bin"].status, found["data.bin"].binary, found["gone.py"].status) == ("A", True, "D")


def test_a_composed_tree_sets_and_removes_paths(repository, root):
    repository.put("a", "1")
    repository.put("b/c", "2")
    repository.commit()
    base = snapshot.tree_of(root, "HEAD")
    blob = snapshot.entries(root, base)["a"]
    tree = snapshot.compose(root, base, {"b": blob, "b/c": None, "x\ny": blob})
    assert {path: snapshot.read(root, tree, path) for path in snapshot.entries(root, tree)} == {
        "a": b"1",
        "b": b"1",
        "x\ny": b"1",
    }
    assert snapshot.compose(root, base, {}) == base
