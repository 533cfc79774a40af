import os

import pytest

from devtools.errors import DevtoolsError
from devtools.git import index_lock


@pytest.fixture
def index(tmp_path):
    (tmp_path / "index").write_text("old")
    return str(tmp_path / "index")


@pytest.fixture
def mark(tmp_path):
    return str(tmp_path / "held")


def test_git_cannot_write_an_index_that_is_held_and_can_afterwards(repository, mark):
    repository.put("a", "")
    with index_lock.held(str(repository.path / ".git/index"), mark), pytest.raises(Exception, match="128"):
        repository.git("add", "a")
    repository.git("add", "a")
    assert repository.git("ls-files") == "a\n"


def test_the_holder_puts_a_file_in_the_place_of_the_index(tmp_path, index, mark):
    (tmp_path / "new").write_text("new")
    with index_lock.held(index, mark) as lock:
        lock.put(str(tmp_path / "new"))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"index": "new"}


def test_a_lock_of_another_is_waited_for_then_named_and_left(tmp_path, index, mark, monkeypatch):
    monkeypatch.setattr(index_lock, "SECONDS", 0.05)
    (tmp_path / "index.lock").write_text("theirs")
    words = f"the index is locked: another git is at work, or remove {index}.lock"
    assert index_lock.awaited(index) == words
    with pytest.raises(DevtoolsError, match="the index is locked"), index_lock.held(index, mark):
        raise AssertionError("it is theirs")
    assert sorted(os.listdir(tmp_path)) == ["index", "index.lock"]
    (tmp_path / "index.lock").unlink()
    assert index_lock.awaited(index) == ""


def test_a_lock_that_a_kill_of_ours_left_is_swept_by_its_mark(tmp_path, index, mark):
    (tmp_path / "held").write_text("")
    os.link(mark, index + ".lock")
    index_lock.swept(index, mark)
    assert os.listdir(tmp_path) == ["index"]
    index_lock.swept(index, mark)
