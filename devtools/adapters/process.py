"""One way to run another program: bytes decoded without loss, a timeout that takes the whole process group."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from devtools.core.errors import ToolError

GENTLE_SECONDS = 5.0


class Completed(NamedTuple):
    """`code` is negative where a signal ended the program; `timed_out` where our timeout did."""

    code: int
    out: str
    err: str
    timed_out: bool = False


def run(
    argv: Sequence[str],
    cwd: str,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    shell: bool = False,
    feed: str | None = None,
    gentle: bool = False,
) -> Completed:
    """Run a program to its end, with `feed` on its stdin. ToolError where it does not exist or cannot be started.

    Interrupt and timeout end its children too: a test that hangs in a child process would outlive its parent. A
    `gentle` interrupt asks first and waits, so that git can take its lock files with it.
    """
    command = argv[0] if shell else list(argv)
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL if feed is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            shell=shell,
        )
    except OSError as error:
        raise ToolError(f"cannot run {argv[0]}", error.strerror or str(error)) from error
    try:
        out, err = process.communicate(None if feed is None else os.fsencode(feed), timeout=timeout)
        return Completed(process.returncode, _text(out), _text(err))
    except subprocess.TimeoutExpired:
        _end(process)
        out, err = process.communicate()
        return Completed(process.returncode, _text(out), _text(err), timed_out=True)
    except BaseException:
        if gentle:
            _ask(process)
        _end(process)
        raise


def attached(argv: Sequence[str], cwd: str) -> int:
    """Run a program on our own terminal until it ends; its exit code. An interrupt reaches it as well, and ends it."""
    try:
        process = subprocess.Popen(list(argv), cwd=cwd)
    except OSError as error:
        raise ToolError(f"cannot run {argv[0]}", error.strerror or str(error)) from error
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()


def _ask(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(GENTLE_SECONDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it has started, also what has left its group; where there is no /proc, only the group."""
    members = _family(process.pid)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pid in members:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _family(pid: int) -> list[int]:
    """The process, its descendants, and who is in the session of one of them."""
    try:
        rows = [_kin(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return [pid]
    known = {pid}
    size = 0
    while len(known) > size:
        size = len(known)
        known |= {one for one, parent, session in rows if known & {parent, session}}
    return sorted(known)


def _kin(name: str) -> tuple[int, int, int]:
    """A process, its parent and its session; zeros where it has ended meanwhile."""
    try:
        with open(f"/proc/{name}/stat", "rb") as stream:
            fields = stream.read().rpartition(b")")[2].split()
    except OSError:
        return 0, 0, 0
    return int(name), int(fields[1]), int(fields[3])


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
