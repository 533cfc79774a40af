"""The lock by which programs take turns at an index, taken as git takes it: the file `index.lock`, made or refused."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from devtools.errors import DevtoolsError

SECONDS = 3.0


class Locked(DevtoolsError):
    """Another program holds the lock, or has left it."""


@dataclass(frozen=True)
class Lock:
    """The right to write the index. `mark` is a file of ours that bears the lock as its second name."""

    index: str
    mark: str

    def put(self, new: str) -> None:
        """Move the file `new` to the place of the index."""
        os.rename(new, self.index)


@contextlib.contextmanager
def held(index: str, mark: str) -> Iterator[Lock]:
    """Hold the index's lock while inside. Locked where another program keeps it for longer than git ever does.

    A lock that a kill leaves is known by its mark, so that `swept` can tell it from those of others.
    """
    with open(mark, "wb"):
        pass
    try:
        _take(index, mark)
        yield Lock(index, mark)
    finally:
        swept(index, mark)


def swept(index: str, mark: str) -> None:
    """Remove a lock of ours, with its mark; those of others stay."""
    with contextlib.suppress(FileNotFoundError):
        if os.path.samefile(_path(index), mark):
            os.unlink(_path(index))
    with contextlib.suppress(FileNotFoundError):
        os.unlink(mark)


def awaited(index: str) -> str:
    """Return why the index cannot be written, where its lock does not go away for a while; empty where it can."""
    deadline = time.monotonic() + SECONDS
    while os.path.lexists(_path(index)):
        if time.monotonic() > deadline:
            return f"the index is locked: another git is at work, or remove {_path(index)}"
        time.sleep(0.02)
    return ""


def _take(index: str, mark: str) -> None:
    while True:
        try:
            return os.link(mark, _path(index))
        except FileExistsError:
            reason = awaited(index)
            if reason:
                raise Locked(reason) from None


def _path(index: str) -> str:
    return index + ".lock"
