"""A process that has pytest imported, from which the runs of one command are forked; see startup/forerunner.py."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

SECONDS = 120.0  # for the import of pytest
OLD = 300.0  # seconds after which what is installed may be another version
SIZE = 1 << 16

Start = Callable[..., "subprocess.Popen[bytes]"]


class Fork(subprocess.Popen[bytes]):
    """A run forked there, as a program that we started: its end is told on a handle."""

    _child_created = False  # of ours: nobody here can wait for it

    def __init__(self, args: Sequence[str], streams: Sequence[int], status: int) -> None:
        self.args, self.handle, self.told = list(args), status, b""
        self.returncode = None
        self.stdin, self.stdout, self.stderr = (
            os.fdopen(handle, mode, 0) for handle, mode in zip(streams, ("wb", "rb", "rb"), strict=True)
        )
        self.pid = int(self._line())

    def poll(self) -> int | None:
        """Return the exit code where the run has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the run's end; TimeoutExpired where that does not come in time."""
        if self.returncode is None:
            if not select.select([self.handle], [], [], timeout)[0] and b"\n" not in self.told:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            line = self._line()
            os.close(self.handle)
            self.returncode = os.waitstatus_to_exitcode(int(line)) if line else -9
        return self.returncode

    def _line(self) -> bytes:
        while b"\n" not in self.told:
            piece = os.read(self.handle, SIZE)
            if not piece:
                return b""
            self.told += piece
        line, _, self.told = self.told.partition(b"\n")
        return line


class Forerunner:
    """One such process; `loaded` are the names of the modules that it has, none where it has not come so far.

    `path` are the folders that its imports look in, those of installed packages aside.
    """

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], main: str) -> None:
        self.argv, self.env, self.main, self.begun = list(argv), dict(env), main, time.monotonic()
        self.lock = threading.Lock()
        # The socket closes with the one that asked, even if that is killed. So the other process ends as well.
        self.control, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                self.argv,
                cwd="/",
                env=self.env,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.control.settimeout(SECONDS)
        self.loaded, self.path = self._greeted()

    def _greeted(self) -> tuple[frozenset[str], tuple[str, ...]]:
        told = b""
        with contextlib.suppress(OSError, ValueError):
            self.control.sendall(json.dumps(self.main).encode())
            while not told.endswith(b"\n"):
                piece = self.control.recv(SIZE)
                if not piece:
                    return frozenset(), ()
                told += piece
            loaded, path = json.loads(told)
            return frozenset(map(str, loaded)), (*map(str, path),)
        return frozenset(), ()

    def serves(self, argv: Sequence[str], env: Mapping[str, str], main: str) -> bool:
        """Return whether it is still there for such runs: it may have been made for another working tree.

        What it has imported may be of the other one where that holds a folder that its imports look in.
        """
        above = os.path.realpath(main) + os.sep
        apart = main == self.main or not any(f"{each}{os.sep}".startswith(above) for each in self.path)
        return apart and time.monotonic() - self.begun < OLD and (self.argv, self.env) == (list(argv), dict(env))

    def fork(
        self, arguments: Sequence[str], folder: str, script: str = "", env: Mapping[str, str] | None = None
    ) -> Fork:
        """Begin a run in a folder, or a script with its environment. OSError or ValueError where that cannot be."""
        pipes = [os.pipe() for _ in range(4)]
        theirs = [pipes[0][0], *(pair[1] for pair in pipes[1:])]
        ours = [pipes[0][1], *(pair[0] for pair in pipes[1:])]
        wanted = json.dumps([folder, list(arguments), script, dict(env or {})]).encode()
        try:
            if len(wanted) > SIZE:
                raise ValueError("more than one message holds")
            with self.lock:
                socket.send_fds(self.control, [wanted], theirs)
        finally:
            for handle in theirs:
                os.close(handle)
        return Fork([*self.argv, *arguments], ours[:3], ours[3])

    def close(self) -> None:
        """Let it end, once its runs have ended."""
        self.control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)


# Each run imported pytest anew: 0.3 of the 0.5 s of processor time that pytest takes in a small repository.
_running: list[Forerunner] = []
_lock = threading.Lock()


def starting(boot: Sequence[str], main: str, own: Collection[str]) -> Start:
    """Return what starts `boot` with more arguments: as a fork, unless a module of the project is loaded there already.

    `own` are the names that are the project's or may be: what is loaded before it would not be its own.
    """

    def start(argv: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
        with contextlib.suppress(OSError, ValueError):
            known = _known([*boot], options["env"], main)
            # A project may have a module of a name that is loaded there. Its own is the one that must be imported.
            if known.loaded and known.loaded.isdisjoint(own):
                return known.fork(argv[len(boot) :], options["cwd"])
        return subprocess.Popen(argv, **options)

    return start


def scripting(boot: Sequence[str], env: Mapping[str, str], main: str, own: Collection[str]) -> Start:
    """Return what starts `[python, SCRIPT, ...]` as a fork of the process that serves `boot` in `env`.

    Where a variable has another program begin in the start of an interpreter, it is started by itself.
    """

    def start(argv: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
        wanted = options["env"]
        given = {"PYTHONHASHSEED": env.get("PYTHONHASHSEED"), **wanted}
        # With these variables coverage or another interpreter begins with the program, and a fork would miss that.
        names = {name for name in {*given, *env} if name.startswith(("COV", "PYTHON"))} - {"PYTHONPATH"}
        same = all(given.get(name) == env.get(name) for name in names)
        with contextlib.suppress(OSError, ValueError):
            known = _known([*boot], env, main) if same else None
            if known and known.loaded and known.loaded.isdisjoint(own):
                return known.fork(argv[2:], options["cwd"], argv[1], wanted)
        return subprocess.Popen(argv, **options)

    return start


def _known(argv: Sequence[str], env: Mapping[str, str], main: str) -> Forerunner:
    """The process that serves such runs; there is one at a time."""
    with _lock:
        if not (_running and _running[0].serves(argv, env, main)):
            close()
            _running.append(Forerunner(argv, env, main))
        return _running[0]


@atexit.register
def close() -> None:
    """End what waits for runs."""
    while _running:
        _running.pop().close()
