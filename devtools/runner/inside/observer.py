"""Inside a pytest that somebody else started: writes down its results while they happen.

Standard library only, loaded by path from the module that `observed` puts on the import path; see `results_plugin`. It
changes nothing of the run: what pytest collects, chooses and prints is what it would be without us.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any

KEY = ".observer.key"


def observer(results: str) -> Callable[[Any], None]:
    """Return what a configured pytest is handed to."""
    plugin = _beside("results_plugin")
    worker = plugin.enter(results) if "PYTEST_XDIST_WORKER" in os.environ else None
    if worker is not None:
        return lambda config: plugin.witness(config, results, worker)
    key = _taken(results)
    return _first(plugin, results, key) if key else lambda config: None


def _first(plugin: Any, results: str, key: bytes) -> Callable[[Any], None]:
    """Return what notes the results of this process, which is the one that was asked for."""
    pid, sessions = os.getpid(), []
    send, finish, give = _beside("record").written(results, _beside("channel", "startup"), key)
    truth = _beside("truth").Truth(_beside("activation", "startup").Activation())
    recorder = plugin.Recorder(send, truth, give)

    class Sessions:
        def pytest_sessionstart(self, session: Any) -> None:
            sessions.append(session)

    def end() -> None:
        """Tell of the end where the interpreter comes to its own: no test that ends the process gets here."""
        # A forked child comes to its end here as well, and that is none of the run's.
        if os.getpid() == pid and len(sessions) == 1:
            finish("end", **recorder.end(int(sessions[0].exitstatus)))

    def configured(config: Any) -> None:
        for name, option in plugin.IDLE.items():
            if getattr(config.option, name, None):
                recorder.write("idle", option=option)
        if sys.flags.optimize:
            recorder.write("optimized")
        config.pluginmanager.register(recorder)
        config.pluginmanager.register(Sessions())

    atexit.register(end)
    return configured


def _taken(results: str) -> bytes:
    """The key, which is gone before any code of the project runs; empty in a pytest that a test has started."""
    with contextlib.suppress(OSError):
        with open(f"{results}{KEY}", "rb") as stream:
            key = stream.read()
        os.unlink(f"{results}{KEY}")
        return key
    return b""


def _beside(name: str, *folder: str) -> Any:
    from importlib.util import module_from_spec, spec_from_file_location

    path = os.path.join(os.path.dirname(__file__), *folder, f"{name}.py")
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
