"""Inside pytest: the record of a run, whose lines are signed, so that nobody else can write one.

Standard library only, loaded by path; see `results_plugin`. The key comes on standard input and lies in closures alone.
A worker of pytest-xdist has a record and a key of its own: it takes the key out of a file before a conftest is loaded.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from typing import Any

Send = Callable[..., None]
LAST = "end"  # what no hook tells of: pytest's own end


def opened(results: str, channel: Any) -> tuple[Send, Send, Callable[[str], None]]:
    """Return what writes an event of a hook, what writes the end, and what hands a key to a worker."""
    return written(results, channel, _received())


def written(results: str, channel: Any, key: bytes) -> tuple[Send, Send, Callable[[str], None]]:
    """Return the same for a key that did not come on standard input."""
    send = _sender(results, key, channel)

    def give(worker: str) -> None:
        with open(f"{results}.{worker}.key", "xb", opener=_private) as stream:
            # The worker gets a derived key, which does not tell the key of the run.
            stream.write(channel.derived(key, worker))

    return _hooks_own(send), send, give


def entered(results: str, channel: Any) -> Send | None:
    """Return what writes a worker's events; None where this process is no worker that was given a key."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    with contextlib.suppress(FileNotFoundError):
        with open(f"{results}.{worker}.key", "rb") as stream:
            key = stream.read()
        # Remove it now: a conftest that the worker loads could read it, and sign in the worker's name.
        os.unlink(f"{results}.{worker}.key")
        return _hooks_own(_sender(f"{results}.{worker}", key, channel))
    return None


def _received() -> bytes:
    """The caller's key, from a standard input that is empty for the tests."""
    pieces = []
    while piece := os.read(0, 1024):
        pieces.append(piece)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    return bytes.fromhex(b"".join(pieces).decode())


def _sender(path: str, key: bytes, channel: Any) -> Send:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    write, pid = channel.sender(handle, key), os.getpid()

    def send(event: str, **values: Any) -> None:
        if os.getpid() == pid:  # a forked child that runs on would write everything twice
            write(event, **values)

    return send


def _hooks_own(send: Send) -> Send:
    def hooks_own(event: str, **values: Any) -> None:
        # A test can get at hooks: by one it could tell of an end that never came.
        if event != LAST:
            send(event, **values)

    return hooks_own


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
