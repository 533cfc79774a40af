"""One way to run another program: bytes decoded without loss; what ends us ends it, with all that it has started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType
from typing import Any, NamedTuple

from devtools.errors import Ended, ToolError
from devtools.system import bounds, environment
from devtools.system.output import Kept, close, collect
from devtools.system.survivor import watching

GENTLE_SECONDS = 5.0
LEFTOVER_SECONDS = 0.5
LIMIT = 32 << 20  # bytes of each stream: a tool's answer as data is never so long
OVER = "devtools ended it: "  # how the last line of what it said begins where a bound was passed
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Life:
    """What runs and is to end at once, and the signal that told the command to end (0: none yet)."""

    def __init__(self) -> None:
        self.running: set[subprocess.Popen[bytes]] = set()
        self.number = 0
        self.starting = self.waiting = False


_life = _Life()


class Completed(NamedTuple):
    """`code` is negative where a signal ended the program; `timed_out` where our timeout did."""

    code: int
    out: str
    err: str
    timed_out: bool = False


class _Passed(Exception):
    """A program has passed a bound."""


def passed_bound(code: int, said: str) -> str:
    """Say which bound a program has passed, so that it was ended; empty where it has passed none."""
    last = said.rpartition("\n")[2]
    return last if code == -signal.SIGKILL and last.startswith(OVER) else ""


def run(
    argv: Sequence[str],
    cwd: str,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    shell: bool = False,
    feed: str | None = None,
    gentle: bool = False,
    limit: int = LIMIT,
    popen: Callable[..., subprocess.Popen[bytes]] | None = None,
) -> Completed:
    """Run a program to its end, with `feed` on its stdin. ToolError where it does not exist or cannot be started.

    Without `env` the environment is the one that `environment.of` has for this program. Of what it writes the head and
    the tail are kept, `limit` bytes together; of git's answers all.

    Interrupt and timeout end its children too: a test that hangs in a child process would outlive its parent. A
    `gentle` interrupt asks first and waits, so that git can take its lock files with it. What it leaves behind at its
    own end is ended as well, unless it is git: a hook may have started that for good. A kill of ours ends all but git.
    One that passes a bound of bounds.py is ended, and `passed_bound` says so.
    """
    own = os.path.basename(argv[0]) == "git" or gentle
    out, err = Kept(None if own else limit), Kept(None if own else limit)
    pipe = subprocess.PIPE
    process = _start(
        argv[0] if shell else list(argv),
        argv[0],
        cwd=cwd,
        env=environment.of(argv[0]) if env is None else dict(env),
        stdin=subprocess.DEVNULL if feed is None else pipe,
        stdout=pipe,
        stderr=pipe,
        start_new_session=True,  # a session of its own: all that it starts can be found, and ended, by it
        shell=shell,
        popen=popen,
    )
    try:
        if not gentle:
            _life.running.add(process)
        _stop_here()
        with contextlib.nullcontext() if own else watching(process.pid):
            look = (lambda: None) if own else (lambda: _look(process.pid))
            held = collect(process, out, err, os.fsencode(feed or ""), timeout, look)
            if not own:
                _end_leftovers(process, held)
        return Completed(process.returncode, out.text(), err.text())
    except subprocess.TimeoutExpired:
        _end(process)
        collect(process, out, err, b"", None)
        return Completed(process.returncode, out.text(), err.text(), timed_out=True)
    except _Passed as passed:
        _end(process)
        collect(process, out, err, b"", None)
        return Completed(process.returncode, out.text(), f"{err.text()}\n{OVER}{passed}")
    except BaseException:
        if gentle:
            _ask(process)
        _end(process)
        raise
    finally:
        close(process)
        _life.running.discard(process)


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM and SIGHUP end what is inside as an interrupt does, with the programs of all its threads; then Ended.

    A signal that the caller has us ignore, as nohup does, stays ignored. Only the main thread is told of signals.
    """
    main = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in ENDING if main}
    for number, handler in before.items():
        signal.signal(number, handler if handler == signal.SIG_IGN else _told)
    try:
        yield
        _stop_here()
    except KeyboardInterrupt:
        if _life.number in ENDING[1:]:
            raise Ended(_life.number) from None
        raise
    finally:
        _life.number, _life.waiting = 0, False
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(number: int, _: FrameType | None) -> None:
    """Interrupt the main thread; the others, which no exception reaches, lose what they run and start nothing more.

    `timeout` sends its signal twice: the second must not break off the cleaning up after the first.
    """
    if number != signal.SIGINT and _life.number in ENDING[1:]:
        return
    _life.number = number
    for process in list(_life.running):
        _end(process)
    _life.waiting = _life.starting
    if not _life.waiting:
        raise KeyboardInterrupt


def _start(
    command: str | list[str],
    name: str,
    popen: Callable[..., subprocess.Popen[bytes]] | None = None,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a program. A signal waits until we know the program's number: else nobody could end it."""
    _stop_here()
    main = threading.current_thread() is threading.main_thread()
    if main:
        _life.starting = True
    try:
        return popen(command, **options) if popen else subprocess.Popen(command, **options)
    except OSError as error:
        raise ToolError(f"cannot run {name}", error.strerror or str(error)) from error
    finally:
        if main:
            _life.starting = False


def _stop_here() -> None:
    """Interrupt us if a signal has come that could not: in the midst of a start, or in another thread's life."""
    if threading.current_thread() is not threading.main_thread():
        waits = bool(_life.number)
    else:
        waits, _life.waiting = _life.waiting, False
    if waits:
        raise KeyboardInterrupt


def attached(argv: Sequence[str], cwd: str, env: Mapping[str, str] | None = None) -> int:
    """Run a program on our own terminal until it ends; its exit code. An interrupt reaches it as well, and ends it."""
    process = _start(list(argv), argv[0], cwd=cwd, env=environment.of(argv[0]) if env is None else dict(env))
    while True:
        try:
            _stop_here()
            return process.wait()
        except KeyboardInterrupt:
            if _life.number in ENDING[1:]:
                _end(process)
                raise


def _look(pid: int) -> None:
    reason = bounds.exceeded(_family(pid))
    if reason:
        raise _Passed(reason)


def _ask(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
        # git takes its lock files with it when it is asked to end, not when it is killed.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(GENTLE_SECONDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it has started, also what has left its group; where there is no /proc, only the group."""
    # Listed before the first kill: an orphan gets another parent and could no longer be told from a stranger.
    members = _family(process.pid)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    # The group is not enough: the forks of a proof and nested sessions leave it by setpgid or setsid, and ran on for
    # ever.
    for pid in members:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _end_leftovers(process: subprocess.Popen[bytes], held: bool) -> None:
    """End what a program that has ended left running in its session, after a moment in which that may end by itself."""
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while (held or _group_lives(process.pid)) and _has_left(process.pid):
        if time.monotonic() > deadline:
            _end(process)
            return
        time.sleep(0.02)


def _has_left(pid: int) -> bool:
    """Whether more than the program itself runs in its session; where there is no /proc, whether its group is there."""
    return len(_family(pid)) > 1 if os.path.isdir("/proc/self") else _group_lives(pid)


def _group_lives(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _family(pid: int) -> list[int]:
    """The process, its descendants, and who is in the session of one of them."""
    try:
        rows = [_kin(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return [pid]
    known = {pid}
    size = 0
    # Over and over, since the table has children before their parents too, until nobody is added.
    while len(known) > size:
        size = len(known)
        known |= {one for one, parent, session in rows if known & {parent, session}}
    return sorted(known)


def _kin(name: str) -> tuple[int, int, int]:
    """A process, its parent and its session; zeros where it has ended."""
    try:
        with open(f"/proc/{name}/stat", "rb") as stream:
            # Behind the last bracket: the name between them is the program's to choose, blanks and brackets too.
            fields = stream.read().rpartition(b")")[2].split()
    except OSError:
        return 0, 0, 0
    if fields[0] == b"Z":  # it has ended, and only waits to be asked for its exit code
        return 0, 0, 0
    return int(name), int(fields[1]), int(fields[3])
