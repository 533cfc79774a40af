import os
import shutil

import pytest

from devtools.errors import ToolError, UsageError
from devtools.git import snapshot
from devtools.system.store import Store
from devtools.tdd.restore import restore


@pytest.fixture
def root(repository):
    repository.put("a.py", "old\n")
    repository.put("sub/b\nc.py", "old\n")
    repository.put("run.sh", "old\n")
    os.chmod("run.sh", 0o755)
    os.symlink("a.py", "link.py")
    repository.commit()
    Store(str(repository.path)).write("cycle.json", {})  # which makes git ignore the folder
    return str(repository.path)


def test_files_come_back_as_they_were_and_what_was_there_is_kept(root, repository):
    tree = snapshot.worktree_tree(root)
    repository.put("a.py", "mine\n")
    repository.put("sub/b\nc.py", "mine\n")
    repository.put("new.py", "mine\n")
    repository.git("add", "a.py")
    os.unlink("run.sh")
    os.unlink("link.py")
    os.symlink("elsewhere", "link.py")
    kept = restore(root, tree, ["a.py", "sub/b\nc.py", "new.py", "run.sh", "link.py", "never.py"])
    assert snapshot.worktree_tree(root) == tree
    assert not os.path.exists("new.py")
    assert os.readlink("link.py") == "a.py"
    assert os.access("run.sh", os.X_OK)
    assert not os.access("a.py", os.X_OK)
    assert kept == os.path.relpath(repository.state / "restored" / "1")
    for name in ("a.py", "sub/b\nc.py", "new.py"):
        assert (repository.path / kept / name).read_text() == "mine\n"
    assert os.readlink(f"{kept}/link.py") == "elsewhere"
    assert repository.git("diff", "--cached", "--name-only") == "a.py\n"
    assert restore(root, tree, ["a.py"]).endswith("devtools/restored/2")


def test_line_ends_are_those_that_git_would_write(root, repository):
    repository.put(".gitattributes", "*.py text eol=crlf\n")
    repository.commit()
    restore(root, snapshot.tree_of(root, "HEAD"), ["a.py"])
    assert (repository.path / "a.py").read_bytes() == b"old\r\n"


def test_a_file_that_git_cannot_read_is_a_fault_of_the_tool(root, repository):
    tree = snapshot.tree_of(root, "HEAD")
    blob = repository.git("rev-parse", "HEAD:a.py").strip()
    os.unlink(f".git/objects/{blob[:2]}/{blob[2:]}")
    with pytest.raises(ToolError, match=r"git cannot read a\.py as it was"):
        restore(root, tree, ["a.py"])
    assert (repository.path / "a.py").read_text() == "old\n"


def test_nothing_is_written_through_a_folder_that_is_a_link_now(root, repository, tmp_path):
    tree = snapshot.worktree_tree(root)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b\nc.py").write_text("theirs")
    shutil.rmtree("sub")
    os.symlink(outside, "sub")
    repository.put("a.py", "mine\n")
    with pytest.raises(UsageError, match="sub is a link now"):
        restore(root, tree, ["a.py", "sub/b\nc.py"])
    assert ((outside / "b\nc.py").read_text(), (repository.path / "a.py").read_text()) == ("theirs", "mine\n")
    assert not (repository.state / "restored").exists()


def test_a_name_in_the_making_that_somebody_laid_there_is_not_used(root, repository, tmp_path):
    tree = snapshot.worktree_tree(root)
    (tmp_path / "theirs").write_text("theirs")
    os.symlink(tmp_path / "theirs", f"a.py.devtools-{os.getpid()}")
    os.unlink("a.py")
    restore(root, tree, ["a.py"])
    assert (repository.path / "a.py").read_text() == "old\n"
    assert (tmp_path / "theirs").read_text() == "theirs"
