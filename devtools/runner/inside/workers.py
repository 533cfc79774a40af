"""Inside pytest: workers of pytest-xdist, which get arguments and an import path, and no plugin objects.

Standard library only, loaded by path; see `results_plugin`. A file stays in one worker, as its fixtures and its tests'
order have to.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

NAME = "devtools_worker"
ENDS = ("pytest_sessionfinish", "pytest_runtestloop", "pytest_unconfigure")  # where a hook can change the exit code
HERE = os.path.dirname(os.path.realpath(__file__))
OURS = {os.path.join(HERE, f"{name}.py") for name in ("workers", "results_plugin", "impact_plugin")}
SHIM = """from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("{name}_plugin", {path!r})
plugin = module_from_spec(spec)
spec.loader.exec_module(plugin)
send = plugin.enter({results!r})


def pytest_configure(config):
    plugin.witness(config, {results!r}, send)
"""


def reach(results: str, plugin: str, arguments: Sequence[str]) -> list[str]:
    """Let the workers, where there may be some, load the plugin; return pytest's arguments for that."""
    if not importlib.util.find_spec("xdist"):
        return list(arguments)
    folder = os.path.dirname(results)
    with open(os.path.join(folder, f"{NAME}.py"), "w", encoding="utf-8") as stream:
        stream.write(SHIM.format(path=os.path.abspath(plugin), name=NAME, results=os.path.abspath(results)))
    # At the end, where it hides no module of the project.
    sys.path.append(folder)
    return ["-p", NAME, *arguments]


class Workers:
    """Asks for workers where the project's settings say nothing about them."""

    def __init__(self, write: Callable[..., None]) -> None:
        self.write = write

    def pytest_load_initial_conftests(self, early_config: Any, args: list[str]) -> None:
        options = early_config.known_args_namespace
        said = (getattr(options, "dist", "no") != "no", getattr(options, "tx", None), getattr(options, "usepdb", False))
        # What the project's own settings say of workers has the first word.
        if getattr(options, "numprocesses", 0) is None and not any(said):
            args[:] = ["-n", "auto", "--dist", "loadfile", *args]
            self.write("divided")

    def pytest_sessionfinish(self, session: Any) -> None:
        """Say where more than the tests may decide on the exit code: then it says nothing of them alone."""
        coverage = session.config.pluginmanager.getplugin("_cov")
        floor = getattr(getattr(coverage, "options", None), "cov_fail_under", None)
        root = os.path.join(os.path.realpath(os.getcwd()), "")
        places = (getattr(session.config.hook, name).get_hookimpls() for name in ENDS)
        codes = (getattr(each.function, "__code__", None) for place in places for each in place)
        files = [os.path.realpath(code.co_filename) for code in codes if code is not None]
        # Ours lie in the project where that is devtools itself.
        own = [path for path in files if path.startswith(root) and "site-packages" not in path and path not in OURS]
        if floor or own:
            self.write("weighed")
