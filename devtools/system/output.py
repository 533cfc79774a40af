"""What a program writes, read until the program itself has ended, and kept within a bound."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Callable
from typing import IO, Any

from devtools.system.bounds import EVERY

TICK = 0.1  # seconds; only what a program leaves behind makes us wait so long after its end
PIECE = 65_536
LEFT_IN_PIPE = 1 << 20  # the most that a pipe holds


class Kept:
    """The head and the tail of a stream, `limit` bytes together; all of it where that is None."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.head = bytearray()
        self.tail = bytearray()
        self.dropped = 0

    def add(self, data: bytes) -> None:
        """Take in what comes next."""
        if self.limit is None:
            self.head += data
            return
        half = self.limit // 2
        room = max(half - len(self.head), 0)
        self.head += data[:room]
        self.tail += data[room:]
        if len(self.tail) > 2 * half:
            self._cut(half)

    def text(self) -> str:
        """Return the stream as text without loss, with one line where something was left out."""
        if self.limit is not None:
            self._cut(self.limit // 2)
        middle = f"\n[{self.dropped} bytes of output left out]\n".encode() if self.dropped else b""
        return (bytes(self.head) + middle + bytes(self.tail)).decode("utf-8", "surrogateescape")

    def _cut(self, room: int) -> None:
        more = max(len(self.tail) - room, 0)
        del self.tail[:more]
        self.dropped += more


def collect(
    process: subprocess.Popen[bytes],
    out: Kept,
    err: Kept,
    feed: bytes,
    timeout: float | None,
    look: Callable[[], object] = lambda: None,
) -> bool:
    """Feed a program and read what it writes until it has ended; return whether somebody still holds its pipes.

    Who else holds them is not waited for: a daemon would hold them for ever. TimeoutExpired after `timeout` seconds.
    Now and then `look` is called, which may raise what ends the reading.
    """
    looked = time.monotonic()
    deadline = None if timeout is None else time.monotonic() + timeout
    with selectors.DefaultSelector() as selector:
        _register(selector, process.stdout, selectors.EVENT_READ, out)
        _register(selector, process.stderr, selectors.EVENT_READ, err)
        _register(selector, process.stdin, selectors.EVENT_WRITE, memoryview(feed))
        left = LEFT_IN_PIPE
        while selector.get_map() and left > 0:
            ended = process.poll() is not None  # asked first: what it wrote before its end is there to be read
            ready = selector.select(0 if ended else _pause(process, deadline))
            if time.monotonic() > looked + EVERY and not ended:
                look()
                looked = time.monotonic()
            # A child that a test left behind holds the pipes: hygiene waited 8 to 42 seconds for one, and for a daemon
            # for ever.
            if ended and not ready:
                break
            read = sum(_serve(selector, key) for key, _ in ready)
            left -= read if ended else 0
        held = bool(selector.get_map())
    process.wait(None if deadline is None else max(deadline - time.monotonic(), 0))
    return held


def close(process: subprocess.Popen[bytes]) -> None:
    """Let go of a program's pipes."""
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None and not stream.closed:
            stream.close()


def _register(selector: selectors.BaseSelector, stream: IO[bytes] | None, event: int, data: Any) -> None:
    if stream is not None and not stream.closed:
        os.set_blocking(stream.fileno(), False)
        selector.register(stream, event, data)


def _pause(process: subprocess.Popen[bytes], deadline: float | None) -> float:
    if deadline is None:
        return TICK
    left = deadline - time.monotonic()
    if left <= 0:
        raise subprocess.TimeoutExpired(process.args, 0)
    return min(TICK, left)


def _serve(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> int:
    """Move one piece; return how much was read."""
    stream: Any = key.fileobj
    piece = b""
    if key.events & selectors.EVENT_WRITE:
        rest = key.data[_written(key.fd, key.data) :]
        if rest:
            selector.modify(stream, selectors.EVENT_WRITE, rest)
            return 0
    else:
        piece = os.read(key.fd, PIECE)
        key.data.add(piece)
    if not piece:
        selector.unregister(stream)
        stream.close()
    return len(piece)


def _written(number: int, data: memoryview) -> int:
    """Write what the pipe takes; all is done where its reader has gone."""
    try:
        return os.write(number, data[:PIECE])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(data)
