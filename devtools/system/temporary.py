"""Temporary folders that go with their process, also where a kill ends it: the next command removes them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator

# The file in a folder that its process holds locked for as long as it lives.
OWNER = ".owner"
SETTLED_SECONDS = 60.0  # a folder that is younger may not be locked yet
NAMED = ("devtools-", tempfile.template)

_swept: set[str] = set()


@contextlib.contextmanager
def folder(prefix: str = "devtools-") -> Iterator[str]:
    """Make a folder that is ours alone while inside and gone afterwards. Before the first, sweep those of the dead."""
    where = tempfile.gettempdir()
    if where not in _swept:
        # A kill -9 cleans up nothing, and its scratch folders once stayed for ever.
        _swept.add(where)
        sweep(where, time.time())
    path = tempfile.mkdtemp(prefix=prefix)
    try:
        with open(os.open(os.path.join(path, OWNER), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as owner:
            fcntl.flock(owner, fcntl.LOCK_EX)
            yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def sweep(where: str, now: float) -> None:
    """Remove folders of this user that nobody holds any more. No link is followed."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(where):
            if entry.name.startswith(NAMED):
                with contextlib.suppress(OSError):
                    _remove(entry, now)


def _remove(entry: os.DirEntry[str], now: float) -> None:
    """Remove one, if it is ours and its process has ended. OSError where it is not, or goes meanwhile."""
    found = entry.stat(follow_symlinks=False)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        return
    with open(os.open(os.path.join(entry.path, OWNER), os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK), "r+b") as owner:
        mark = os.fstat(owner.fileno())
        if stat.S_ISREG(mark.st_mode) and mark.st_uid == os.getuid() and now - mark.st_mtime > SETTLED_SECONDS:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(entry.path, ignore_errors=True)
