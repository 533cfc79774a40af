"""Several files of a person change together or not at all, and each can be had back."""

import os

import pytest

from devtools.errors import ToolError, UsageError
from devtools.setup import files
from devtools.setup.files import FileEdit
from devtools.system.store import Store


@pytest.fixture
def store(repository):
    return Store(str(repository.path))


def change(repository, name, before, after, **more):
    return FileEdit(str(repository.path), name, before, after, **more)


def test_all_changes_are_made_and_folders_with_them(repository, store):
    repository.put("a", "1")
    with store.locked():
        files.apply(store, [change(repository, "a", b"1", b"2"), change(repository, "x/y/b", None, b"3", mode=0o755)])
    assert (repository.path / "a").read_bytes() == b"2"
    assert (repository.path / "x/y/b").read_bytes() == b"3"
    assert os.access(repository.path / "x/y/b", os.X_OK)


def test_what_is_in_the_making_is_not_seen_in_the_working_tree(repository, store, monkeypatch):
    seen = []

    def replaced(source, target, replace=os.replace, **folders):
        seen.append((sorted(os.listdir(repository.path)), [name for name in os.listdir(store.folder) if ".~" in name]))
        replace(source, target, **folders)

    with store.locked():
        monkeypatch.setattr("os.replace", replaced)
        files.apply(store, [change(repository, "a", None, b"2")])
    assert [(names, len(making)) for names, making in seen] == [([".git"], 1)]


@pytest.mark.parametrize("last", ["link/c", "a/c"])
def test_where_one_cannot_be_made_none_is(repository, store, last, tmp_path):
    repository.put("a", "1")
    (repository.path / "link").symlink_to(tmp_path)
    planned = [
        change(repository, "a", b"1", b"2"),
        change(repository, "new/b", None, b"3"),
        change(repository, last, None, b"4"),
    ]
    with store.locked(), pytest.raises(OSError, match=r"directory|link"):
        files.apply(store, planned)
    assert (repository.path / "a").read_bytes() == b"1"
    assert not (repository.path / "new").exists()
    assert list(tmp_path.iterdir()) == [repository.path]


def test_a_file_that_a_person_saves_meanwhile_is_kept(repository, store):
    repository.put("a", "theirs")
    with store.locked(), pytest.raises(ToolError, match="a changed in this moment"):
        files.apply(store, [change(repository, "b", None, b"1"), change(repository, "a", b"1", b"2")])
    assert (repository.path / "a").read_bytes() == b"theirs"
    assert not (repository.path / "b").exists()


def test_a_read_only_file_is_refused_before_anything_is_written(repository, store):
    repository.put("a", "1")
    (repository.path / "a").chmod(0o444)
    before, mode = files.read(str(repository.path), "a")
    planned = [change(repository, "b", None, b"1"), change(repository, "a", before, b"2", mode=mode)]
    with store.locked(), pytest.raises(UsageError, match="a is read-only") as caught:
        files.apply(store, planned)
    assert caught.value.hint.startswith("chmod u+w a")
    assert not (repository.path / "b").exists()


def test_a_file_that_need_not_change_may_be_read_only(repository, store):
    repository.put("a", "1")
    with store.locked():
        files.apply(store, [change(repository, "a", b"1", b"1", mode=0o444)])
    assert (repository.path / "a").read_bytes() == b"1"


def test_a_link_in_the_way_is_named(repository, tmp_path):
    (repository.path / ".claude").symlink_to(tmp_path)
    (repository.path / "x").symlink_to("nothing")
    root = str(repository.path)
    with pytest.raises(UsageError, match=r"cannot change \.claude/settings.json: \.claude is a link"):
        files.read(root, ".claude/settings.json")
    with pytest.raises(UsageError, match="cannot change x: x is a link"):
        files.read(root, "x")
    (repository.path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot change folder: not a regular file"):
        files.read(root, "folder")
    assert files.read(root, "none") == (None, 0o644)


def test_what_was_before_is_remembered_until_it_is_forgotten(repository, store):
    planned = [
        change(repository, "x/a", b"1", b"2", origin=b"0", mode=0o600),
        change(repository, "b", None, b"\xff"),
    ]
    with store.locked():
        files.remember(store, planned, "abc")
        files.remember(store, [change(repository, "b", b"\xff", b"3")], "later")
    known = files.remembered(store)
    assert known[planned[0].path] == files.Remembered(b"0", b"2", 0o600)
    assert known[planned[1].path] == files.Remembered(None, b"3", 0o644)
    assert files.folders(store) == [str(repository.path / "x")]
    assert store.read(files.RECORD)["baseline"] == "abc"
    with store.locked():
        files.forget(store, [planned[0].path])
    assert list(files.remembered(store)) == [planned[1].path]
    with store.locked():
        files.forget(store, [planned[1].path])
    assert files.remembered(store) == {}
    assert store.read(files.RECORD) == {}


def test_a_damaged_record_counts_as_none(repository, store):
    repository.keep(
        files.RECORD, '{"files": {"a": 1, "b": {"before": null, "after": "%%%", "mode": "x"}}, "folders": [1]}'
    )
    assert files.remembered(store) == {}
    assert files.folders(store) == []


def test_only_empty_folders_go(repository):
    repository.put("a/b/c", "")
    repository.put("d/e/f", "")
    (repository.path / "d/e/f").unlink()
    paths = [str(repository.path / name) for name in ("a", "a/b", "d", "d/e")]
    files.remove_folders(paths)
    assert [os.path.isdir(path) for path in paths] == [True, True, False, False]
