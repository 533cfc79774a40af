"""The pool of scratch trees is used only where nobody else could have laid anything into it."""

import os
import tempfile

import pytest

from devtools.git import pool, snapshot


@pytest.fixture
def pools(repository, tmp_path, monkeypatch):
    """The folder of the pools, in a shared temporary folder, after a first use."""
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(shared))
    monkeypatch.setenv("XDG_CACHE_HOME", str(repository.path / "cache"))
    repository.put("a", "1")
    repository.commit()
    used(repository)
    (cache,) = shared.iterdir()
    (pools,) = cache.iterdir()
    yield pools
    pool._apart.cache_clear()


def used(repository):
    tree = snapshot.tree_of(str(repository.path), "HEAD")
    with snapshot.materialised(str(repository.path), tree) as folder:
        return repository.path.__class__(folder)


def test_it_is_ours_alone_and_used_again(repository, pools):
    assert pools in used(repository).parents
    for folder in (pools, pools.parent):
        assert os.stat(folder).st_mode & 0o777 == 0o700


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("kind", ["writable", "link", "foreign"])
def test_a_folder_of_somebody_else_is_not_used(repository, pools, tmp_path, level, kind):
    folder = (*pools.iterdir(), pools, pools.parent)[level]
    if kind == "writable":
        folder.chmod(0o777)
    elif kind == "foreign":
        if os.geteuid():
            pytest.skip("only root can give a folder away")
        os.chown(folder, 12345, -1)
    else:
        os.rename(folder, tmp_path / "theirs")
        os.symlink(tmp_path / "theirs", folder)
    elsewhere = used(repository)
    assert folder not in elsewhere.parents
    assert tmp_path / "theirs" not in elsewhere.parents
    private = [each for each in elsewhere.parents if each.parent == pools.parent.parent]
    assert [os.stat(each).st_mode & 0o077 for each in private] == [0]


@pytest.mark.parametrize("cache", ["/proc/nowhere", "/dev/null/cache", "a file"])
def test_without_a_cache_that_can_be_made_a_pool_of_this_process_serves(repository, tmp_path, monkeypatch, cache):
    repository.put("a", "1")
    repository.commit()
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / cache))
    pool._apart.cache_clear()
    there = used(repository)
    assert (there / "a").read_text() == "1"
    assert there.parent.parent.stat().st_mode & 0o077 == 0
    pool._apart.cache_clear()
