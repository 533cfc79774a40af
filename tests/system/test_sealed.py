import errno
import os
import resource
import time

import pytest

from devtools.system import sealed


@pytest.fixture
def base(tmp_path):
    (tmp_path / "base" / "in").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept").write_text("theirs")
    return tmp_path / "base"


def theirs(base):
    return (base.parent / "outside" / "kept").read_text(), os.listdir(base.parent / "outside")


def test_what_is_written_is_read_again_in_folders_that_are_made(base):
    sealed.write(str(base), "a/b/c.json", b"one")
    sealed.write(str(base), "a/b/c.json", b"two")
    assert sealed.read(str(base), "a/b/c.json") == b"two"
    assert sealed.names(str(base), "a/b") == ["c.json"]
    assert os.stat(base / "a" / "b" / "c.json").st_mode & 0o777 == 0o600


def test_a_link_in_the_place_of_a_file_is_not_read_and_writing_replaces_it(base):
    os.symlink("../../outside/kept", base / "in" / "file")
    with pytest.raises(OSError, match="symbolic link"):
        sealed.read(str(base), "in/file")
    sealed.write(str(base), "in/file", b"ours")
    assert (base / "in" / "file").read_bytes() == b"ours"
    assert not (base / "in" / "file").is_symlink()
    assert theirs(base) == ("theirs", ["kept"])


def test_no_linked_folder_is_entered_whatever_is_to_be_done_there(base):
    os.symlink("../outside", base / "linked")
    for act in (
        lambda: sealed.read(str(base), "linked/kept"),
        lambda: sealed.write(str(base), "linked/kept", b""),
        lambda: sealed.write(str(base), "linked/new/kept", b""),
        lambda: sealed.link(str(base), "linked/kept", b"x"),
        lambda: sealed.remove(str(base), "linked/kept"),
        lambda: sealed.names(str(base), "linked"),
        lambda: sealed.make(str(base), "linked/new"),
        lambda: sealed.read(str(base), "in/../../outside/kept"),
        lambda: sealed.sweep(str(base), "linked", time.time()),
    ):
        with pytest.raises(OSError, match=r"directory|no name of a file|symbolic"):
            act()
    assert theirs(base) == ("theirs", ["kept"])


def test_a_pipe_a_folder_and_a_device_are_no_files_and_nobody_waits_for_them(base):
    os.mkfifo(base / "pipe")
    for read in (lambda: sealed.read(str(base), "pipe"), lambda: sealed.contents(str(base / "pipe"))):
        with pytest.raises(OSError, match="not a regular file"):
            read()
    with pytest.raises(OSError, match="not a regular file"):
        sealed.read(str(base), "in")
    with pytest.raises(OSError, match="not a regular file"):
        sealed.contents("/dev/zero")


def test_no_more_is_read_than_the_bound(base):
    (base / "big").write_bytes(b"12345")
    assert sealed.read(str(base), "big", 5) == sealed.contents(str(base / "big"), 5) == b"12345"
    with pytest.raises(OSError, match="more than 4 bytes"):
        sealed.read(str(base), "big", 4)


def test_the_head_of_a_file_is_read_and_of_nothing_else(base):
    (base / "big").write_bytes(b"12345")
    assert sealed.head(str(base), "big", 2) == b"12"
    os.symlink("big", base / "link")
    with pytest.raises(OSError, match="symbolic"):
        sealed.head(str(base), "link", 2)


def test_a_file_of_somebody_else_may_be_a_link(base):
    os.symlink("../outside/kept", base / "link")
    assert sealed.contents(str(base / "link")) == b"theirs"


def test_a_link_is_made_and_a_file_removed_once_or_twice(base):
    sealed.link(str(base), "in/link", b"elsewhere")
    sealed.link(str(base), "in/link", b"nowhere")
    assert os.readlink(base / "in" / "link") == "nowhere"
    sealed.remove(str(base), "in/link")
    sealed.remove(str(base), "in/link")
    assert sealed.names(str(base), "in") == []


def test_a_write_that_fails_leaves_nothing_behind(base):
    (base / "in" / "file" / "below").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        sealed.write(str(base), "in/file", b"")
    assert sealed.names(str(base), "in") == ["file"]


def test_a_disk_that_is_full_is_told_with_the_file(base):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(OSError, match="in/file") as raised:
            sealed.write(str(base), "in/file", b"more than ten bytes")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert raised.value.filename == "in/file"
    assert sealed.names(str(base), "in") == []


def test_a_file_may_be_made_aside_and_stays_unwritten_where_that_is_not_wanted_any_more(base, tmp_path):
    seen = []

    def still():
        seen.append((os.listdir(tmp_path / "aside"), os.listdir(base / "in")))
        return len(seen) > 1

    (tmp_path / "aside").mkdir()
    given = {"aside": str(tmp_path / "aside"), "still": still}
    assert [sealed.write(str(base), "in/file", b"new", **given) for _ in range(2)] == [False, True]
    assert [(len(aside), inside) for aside, inside in seen] == [(1, []), (1, [])]
    assert (os.listdir(tmp_path / "aside"), (base / "in" / "file").read_bytes()) == ([], b"new")


def test_where_the_folder_aside_is_mounted_apart_the_file_is_made_beside_its_place(base, tmp_path, monkeypatch):
    """One disk that is mounted twice has one number, and yet nothing can be moved from one mount to the other."""
    replace = os.replace

    def move(old, new, *, src_dir_fd, dst_dir_fd):
        if not os.path.sameopenfile(src_dir_fd, dst_dir_fd):
            raise OSError(errno.EXDEV, "apart")
        replace(old, new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    monkeypatch.setattr(os, "replace", move)
    (tmp_path / "aside").mkdir()
    assert sealed.write(str(base), "in/file", b"new", aside=str(tmp_path / "aside"))
    assert (os.listdir(tmp_path / "aside"), os.listdir(base / "in")) == ([], ["file"])


def test_only_old_files_in_the_making_are_swept(base):
    for name in ("kept.json", f"old.json{sealed.MAKING}1"):
        (base / "in" / name).touch()
    sealed.sweep(str(base), "in", time.time())
    assert len(sealed.names(str(base), "in")) == 2
    sealed.sweep(str(base), "in", time.time() + 61)
    assert sealed.names(str(base), "in") == ["kept.json"]
