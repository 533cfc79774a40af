"""The pool of scratch folders that a repository has in the user's cache, each held by one process at a time."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import functools
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator

from devtools.errors import ToolError

SLOTS = 64


def folder_of(root: str, common: str) -> str:
    """Return the pool's folder: in the user's cache, or beside it where the cache itself lies in the repository.

    Where somebody else could have laid something into it, another one serves this process alone.
    """
    # By the git folder that they share, so that all working trees of one repository have the same caches of tools.
    key = hashlib.sha256(os.fsencode(common)).hexdigest()[:16]
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    # Within the repository its own linters and tests would find the scratch trees and take them for sources.
    if _inside(cache, root) or _inside(cache, common) or not os.path.isabs(cache):
        cache = os.path.join(os.path.realpath(tempfile.gettempdir()), f"cache-{os.getuid()}")
        # In a shared temporary folder this name can be guessed, and somebody else may have made it first.
        ours = _is_ours(cache)
    else:
        cache = os.path.realpath(cache)
        try:
            # A home that is no folder, or XDG_CACHE_HOME=/proc/x, once ended every commit and every proof with exit
            # code 3.
            os.makedirs(cache, exist_ok=True)
        except OSError:
            return _apart()
        ours = os.access(cache, os.W_OK | os.X_OK)
    # No part of the path names devtools: a test that looked for such a name passed under the proof alone.
    pools = os.path.join(cache, "checkouts")
    pool = os.path.join(pools, key)
    if not (ours and _is_ours(pools)):
        return _apart()
    new = not os.path.lexists(pool)
    if not _is_ours(pool):
        return _apart()
    # Once for each new repository is often enough, and costs nothing where no repository is new.
    if new:
        _drop_orphans(pools)
        with open(os.path.join(pool, "repository"), "w", encoding="utf-8", errors="surrogateescape") as stream:
            stream.write(common)
    return pool


def _is_ours(folder: str) -> bool:
    """Whether the folder, made where there is none, is no link, belongs to us, and nobody else may write in it."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    # lstat: a link may lead to a folder that is ours, and whoever owns the link can turn it elsewhere later.
    info = os.lstat(folder)
    return stat.S_ISDIR(info.st_mode) and info.st_uid == os.geteuid() and not info.st_mode & 0o022


@functools.cache
def _apart() -> str:
    """A pool that goes with this process."""
    folder = tempfile.mkdtemp(prefix="cache-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return os.path.realpath(folder)


def _inside(path: str, folder: str) -> bool:
    return os.path.realpath(path).startswith(os.path.realpath(folder) + os.sep)


def _drop_orphans(pools: str) -> None:
    """Remove the pools of repositories that are gone."""
    for name in os.listdir(pools):
        try:
            with open(os.path.join(pools, name, "repository"), encoding="utf-8", errors="surrogateescape") as stream:
                gone = not os.path.exists(stream.read())
        except OSError:
            continue
        if gone:
            shutil.rmtree(os.path.join(pools, name), ignore_errors=True)


@contextlib.contextmanager
def slot(pool: str) -> Iterator[str]:
    """Hold the first folder of the pool that nobody holds; its lock goes with the process that took it."""
    for number in range(SLOTS):
        with open(os.path.join(pool, f"{number}.lock"), "w", encoding="utf-8") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield os.path.join(pool, str(number))
            return
    raise ToolError(f"all {SLOTS} scratch trees are in use", "wait for the other devtools to end")
