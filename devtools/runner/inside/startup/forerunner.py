"""Imports pytest once, before any code of the project, and forks a process for each run that is asked for.

Standard library only; loaded by path beside sitecustomize.py. What comes first on the socket, its standard input,
names the working tree; the answer lists the modules that are loaded by then and the folders that imports look in, those
of installed packages aside. After that each message brings a folder, arguments, a script with its environment where one
is to run, and four handles: the standard ones of the run, and one for its number and, later, its end.
"""

from __future__ import annotations

import _socket
import contextlib
import gc
import importlib
import inspect
import json
import os
import sys
from collections.abc import Callable, Sequence

SIZE = 1 << 16
HANDLES = 4


def wait(warm: Callable[[], None]) -> list[str]:
    """Return the arguments of a run, in the process forked for it; end this process where nobody asks any more."""
    control = _socket.socket(fileno=os.dup(0))
    _stand_in(os.open(os.devnull, os.O_RDWR), 0)
    kept = list(sys.path)
    main = json.loads(control.recv(SIZE))
    free = [os.path.realpath(entry) for entry in kept if entry and not _installed(entry)]
    # Nothing of the project may be loaded before the fork: it would be the working tree's and not the snapshot's.
    sys.path[:] = [entry for entry in kept if entry and (_installed(entry) or not _within(entry, main))]
    _load()
    warm()
    sys.path[:] = kept
    gc.collect()
    gc.freeze()
    names = sorted({name.partition(".")[0] for name in sys.modules})
    control.sendall(json.dumps([names, free]).encode() + b"\n")
    while True:
        data, handles = _received(control)
        if not data:
            _reap(0)
            os._exit(0)
        if os.fork() == 0:
            control.close()
            folder, arguments, script, env = json.loads(data)
            # This process stays between: it tells of the run's number and end, so that the caller can watch and end it.
            _fork(handles)
            os.chdir(folder)
            if script:
                _run(script, arguments, env)
            return [*map(str, arguments)]
        for handle in handles:
            os.close(handle)
        _reap(os.WNOHANG)


def _installed(entry: str) -> bool:
    """Whether an entry of the import path is a folder of installed packages, which no working tree has as its own."""
    return bool({"site-packages", "dist-packages"} & set(os.path.realpath(entry).split(os.sep)))


def _within(entry: str, main: str) -> bool:
    """Whether an entry of the import path is the working tree's own, which is not what is tested."""
    return f"{os.path.realpath(entry)}{os.sep}".startswith(os.path.realpath(main) + os.sep)


def _load() -> None:
    """Import pytest with all that it loads by itself; plugins are left to it, since it rewrites their assertions."""
    import pytest  # noqa: F401
    from _pytest.config import default_plugins

    for name in default_plugins:
        importlib.import_module(f"_pytest.{name}")
    inspect.getmodule(_load.__code__)  # who first asks for the module of some code looks at each file


def _received(control: _socket.socket) -> tuple[bytes, list[int]]:
    data, extra, _, _ = control.recvmsg(SIZE, _socket.CMSG_SPACE(4 * HANDLES))
    numbers = b"".join(piece for _, _, piece in extra)
    return data, [int.from_bytes(numbers[at : at + 4], sys.byteorder) for at in range(0, len(numbers), 4)]


def _fork(handles: Sequence[int]) -> None:
    """Return in a child with a session of its own; this process tells of its number and its end, and goes with it."""
    *standard, status = handles
    pid = os.fork()
    if pid == 0:
        os.close(status)
        os.setsid()
        for number, handle in enumerate(standard):
            _stand_in(handle, number)
        return
    for handle in standard:
        os.close(handle)
    os.write(status, b"%d\n" % pid)
    os.write(status, b"%d\n" % os.waitpid(pid, 0)[1])
    os._exit(0)


def _run(script: str, arguments: Sequence[str], env: dict[str, str]) -> None:
    """Be the interpreter that was started with the script in this environment, to its end."""
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    before, after = sys.path[:1], [entry for entry in sys.path[1:] if entry not in known]
    sys.path[:] = [*before, *filter(None, env.get("PYTHONPATH", "").split(os.pathsep)), *after]
    os.environ.clear()
    os.environ.update(env)
    sys.argv[:] = [script, *arguments]
    sys.orig_argv[:] = [sys.orig_argv[0], *sys.argv]
    sys.path[0] = os.path.dirname(script)
    # The script finds what it would find in an interpreter that was started with it.
    values = vars(sys.modules["__main__"])
    for name in [name for name in values if not name.startswith("__")]:
        del values[name]
    values.update(__file__=script, __cached__=None)
    with open(script, "rb") as stream:
        code = compile(stream.read(), script, "exec", dont_inherit=True)
    exec(code, values)
    sys.exit()


def _stand_in(handle: int, number: int) -> None:
    os.dup2(handle, number)
    if handle != number:
        os.close(handle)


def _reap(options: int) -> None:
    """Wait for children that have ended; without WNOHANG for all."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass
