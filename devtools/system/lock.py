"""A lock between processes: a file that one of them holds, and that its end, also by a kill, lets go."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator

from devtools.errors import DevtoolsError

POLL_SECONDS = 0.02


@contextlib.contextmanager
def held(path: str, seconds: float, refusal: DevtoolsError) -> Iterator[None]:
    """Hold the lock of the file at `path`, which is made where there is none; raise `refusal` after so many seconds.

    A link in its place is not followed: OSError.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with open(os.open(path, flags, 0o644), "r+b", buffering=0) as stream:
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise refusal from error
                time.sleep(POLL_SECONDS)
        yield
