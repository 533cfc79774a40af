import os
import subprocess
import sys

import pytest

from devtools.errors import ToolError, UsageError
from devtools.git import snapshot


def bytes_of_index(repository):
    return (repository.path / ".git" / "index").read_bytes()


@pytest.fixture
def root(repository):
    return str(repository.path)


def held(folder):
    """Everything in the folder but git's own: name -> content, link target or mode."""
    found = {}
    for place, folders, names in os.walk(os.fsencode(folder)):
        folders[:] = [name for name in folders if name != b".git"]
        for name in names:
            path = os.path.join(place, name)
            key = os.fsdecode(os.path.relpath(path, os.fsencode(folder)))
            found[key] = os.readlink(path) if os.path.islink(path) else open(path, "rb").read()  # noqa: SIM115
    return found


def test_an_unborn_head_is_the_empty_tree_and_an_unknown_revision_is_an_error(root):
    assert snapshot.tree_of(root, "HEAD") == snapshot.EMPTY_TREE == snapshot.worktree_tree(root, [])
    with pytest.raises(UsageError, match="no revision 'nowhere'"):
        snapshot.tree_of(root, "nowhere")


def test_the_tree_of_the_index_leaves_the_index_as_it_is(repository, root):
    repository.put("a.py", "1")
    repository.git("add", "a.py")
    repository.put("later.py", "2")
    repository.git("add", "-N", "later.py")
    before = bytes_of_index(repository)
    tree = snapshot.worktree_tree(root, [])
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


def test_objects_that_git_cannot_write_are_no_fault_of_the_call(repository, root):
    repository.put("a.py", "1")
    for number in range(256):
        repository.put(f".git/objects/{number:02x}", "")
    with pytest.raises(ToolError, match="git cannot write into its folder"):
        snapshot.worktree_tree(root)


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
        snapshot.worktree_tree(root, [])


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


def test_a_folder_holds_exactly_the_tree(repository, root):
    repository.put("run.sh", "#!/bin/sh\n")
    (repository.path / "run.sh").chmod(0o755)
    repository.put("dos.txt", "a\r\nb\n")
    repository.put(".gitattributes", "*.txt text eol=crlf\n*.up filter=upper\n$* ident\n")
    repository.put("a\nb/\udcff.py", "1")
    (repository.path / "link").symlink_to("run.sh")
    repository.git("config", "core.autocrlf", "false")
    repository.commit()
    tree = snapshot.tree_of(root, "HEAD")
    with snapshot.materialised(root, tree) as folder:
        assert held(folder) == {
            path: content if mode != "120000" else os.fsencode(content)
            for path, (mode, _) in snapshot.entries(root, tree).items()
            for content in [snapshot.read(root, tree, path)]
        }
        assert os.access(os.path.join(folder, "run.sh"), os.X_OK)
        assert os.readlink(os.path.join(folder, "link")) == "run.sh"
        assert not folder.startswith(root)
        status = subprocess.run(["git", "status", "--porcelain"], cwd=folder, capture_output=True, check=True)
        assert status.stdout == b""


def test_the_next_use_removes_what_the_last_one_left_but_keeps_caches(repository, root):
    repository.put("a.py", "1")
    repository.commit()
    first = snapshot.tree_of(root, "HEAD")
    repository.put("a.py", "2")
    repository.put("b/c.py", "3")
    second = snapshot.worktree_tree(root)
    with snapshot.materialised(root, second) as folder:
        os.makedirs(os.path.join(folder, ".mypy_cache"))
        for name in (".mypy_cache/x", "left.txt", "b/c.py", ".git/index.lock"):
            with open(os.path.join(folder, name), "w") as stream:
                stream.write("a run wrote this")
    with snapshot.materialised(root, first) as again:
        assert again == folder
        assert held(folder) == {"a.py": b"1", ".mypy_cache/x": b"a run wrote this"}


def test_a_file_s_time_comes_from_its_content(repository, root):
    """So that no cache keyed by time in whole seconds and size serves the other content."""
    times = []
    for text in ("1", "2", "1"):
        repository.put("a.py", text)
        with snapshot.materialised(root, snapshot.worktree_tree(root)) as folder:
            times.append(os.stat(os.path.join(folder, "a.py")).st_mtime)
    assert times[0] == times[2] != times[1]


def test_a_damaged_folder_is_made_anew(repository, root):
    repository.put("a.py", "1")
    tree = snapshot.worktree_tree(root)
    for damage in ("HEAD", "index", "config"):
        with snapshot.materialised(root, tree) as folder, open(os.path.join(folder, ".git", damage), "w") as stream:
            stream.write("nonsense")
        with snapshot.materialised(root, tree) as folder:
            assert held(folder) == {"a.py": b"1"}


def test_two_users_at_once_get_two_folders(repository, root):
    repository.put("a.py", "1")
    tree = snapshot.worktree_tree(root)
    code = (
        "import sys; from devtools.git import snapshot\n"
        "with snapshot.materialised(sys.argv[1], sys.argv[2]) as folder: print(folder)"
    )
    with snapshot.materialised(root, tree) as ours:
        other = subprocess.run([sys.executable, "-c", code, root, tree], capture_output=True, text=True, check=True)
        pools = {os.path.dirname(os.path.dirname(folder)) for folder in (other.stdout.strip(), ours)}
        assert (len(pools), other.stdout.strip() != ours) == (1, True)


def test_a_linked_worktree_shares_the_pool(repository, root, tmp_path):
    repository.put("a.py", "1")
    repository.commit()
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    tree = snapshot.tree_of(root, "HEAD")
    with snapshot.materialised(root, tree) as folder:
        pass
    with snapshot.materialised(str(tmp_path / "linked"), tree) as again:
        assert again == folder


def test_a_cache_folder_inside_the_repository_is_not_used(repository, root, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", os.path.join(root, "cache"))
    repository.put("a.py", "1")
    with snapshot.materialised(root, snapshot.worktree_tree(root)) as folder:
        assert not folder.startswith(root)


def test_the_folders_of_a_repository_that_is_gone_are_removed(repository, root, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    repository.put("a.py", "1")
    tree = snapshot.worktree_tree(root)
    with snapshot.materialised(root, tree) as folder:
        pass
    repository.git("clone", "-q", root, str(tmp_path / "clone"))
    os.rename(root, str(tmp_path / "moved"))
    with snapshot.materialised(str(tmp_path / "clone"), snapshot.EMPTY_TREE):
        assert not os.path.exists(os.path.dirname(os.path.dirname(folder)))


def git(folder, *arguments):
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True).stdout.strip()


def test_a_scratch_tree_looks_like_a_clone(repository, root):
    """Code that asks where it runs finds the repository's name, its branch, and no word of ours."""
    repository.put("a.py", "1")
    repository.commit()
    tree = snapshot.tree_of(root, "HEAD")
    for branch in ("topic/one", "topic"):
        repository.git("switch", "-q", "-c", branch)
        with snapshot.materialised(root, tree) as folder:
            assert os.path.basename(folder) == os.path.basename(root)
            assert (
                git(folder, "branch", "--format=%(refname:short)")
                == branch
                == git(folder, "symbolic-ref", "--short", "HEAD")
            )
            told = [
                folder,
                git(folder, "log", "--format=fuller"),
                *map(str, git(folder, "status", "--ignored").split()),
            ]
            told += [name for _, folders, files in os.walk(os.path.join(folder, ".git")) for name in (*folders, *files)]
            assert not [text for text in told for word in ("devtools", "scratch", "proof", "snapshot") if word in text]
        repository.git("switch", "-q", "--detach")
        repository.git("branch", "-q", "-D", branch)
    with snapshot.materialised(root, tree) as folder:
        assert git(folder, "rev-parse", "--abbrev-ref", "HEAD") == "HEAD"
        assert git(folder, "rev-parse", "HEAD^{tree}") == tree


def test_many_objects_are_read_at_once(repository, root):
    repository.put("a", "1\n")
    (repository.path / "b").write_bytes(b"\xff\0")
    contents = {path: entry[1] for path, entry in snapshot.entries(root, snapshot.worktree_tree(root)).items()}
    assert snapshot.blobs(root, [contents["a"], "0" * 40, contents["b"]]) == {
        contents["a"]: b"1\n",
        contents["b"]: b"\xff\0",
    }
    assert snapshot.blobs(root, []) == {}


def test_changed_lines_are_those_of_the_new_file(repository, root):
    repository.put("a.py", "1\n2\n3\n4\n")
    repository.commit()
    old = snapshot.tree_of(root, "HEAD")
    repository.put("a.py", "1\ntwo\n3\nfour\nfive\n")
    repository.put("b.py", "1\n2")
    new = snapshot.worktree_tree(root)
    assert snapshot.changed_lines(root, old, new, "a.py", "a.py") == {2, 4, 5}
    assert snapshot.changed_lines(root, old, new, None, "b.py") == {1, 2}


def test_the_entries_of_a_tree_are_the_caller_s_to_change_and_a_name_is_read_anew(repository):
    repository.put("a.txt", "one\n")
    repository.commit()
    root, tree = str(repository.path), snapshot.tree_of(str(repository.path), "HEAD")
    first = snapshot.entries(root, tree)
    assert "a.txt" in first
    first.clear()
    assert snapshot.entries(root, tree) == snapshot.entries(root, "HEAD") != {}
    repository.put("b.txt", "two\n")
    repository.commit()
    assert "b.txt" in snapshot.entries(root, "HEAD")
    assert "b.txt" not in snapshot.entries(root, tree)
