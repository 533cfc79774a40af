"""Run a command that somebody else wants to run, and read what the pytest in it did.

However pytest is called, by its script, a module, uv or a wrapper, it loads the plugin that a variable names.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from devtools.runner.inside.observer import KEY
from devtools.runner.working_tree import TestRun, recorded
from devtools.system import environment, temporary
from devtools.system.process import Completed, attached, run

PLUGIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside", "observer.py")
NAME = "devtools_observer"
OPTIONS, PATH = "PYTEST_ADDOPTS", "PYTHONPATH"
# The variables are taken back before anything else, so that the tests find what they would find.
SHIM = """import os
from importlib.util import module_from_spec, spec_from_file_location

for variable, value in {before!r}.items():
    os.environ.pop(variable, None)
    if value is not None:
        os.environ[variable] = value
spec = spec_from_file_location("{name}_plugin", {path!r})
plugin = module_from_spec(spec)
spec.loader.exec_module(plugin)
configured = plugin.observer({results!r})


def pytest_configure(config):
    configured(config)
"""


class Observed(NamedTuple):
    """What the command said, and what the pytest in it recorded; None where no pytest did."""

    done: Completed
    tests: TestRun | None


def observe(argv: Sequence[str], folder: str) -> Observed:
    """Run a command in which there is one pytest. It finds the arguments, settings and variables that it would have."""
    with temporary.folder() as place:
        results, key = os.path.join(place, "results"), os.urandom(16)
        before = {name: os.environ.get(name) for name in (OPTIONS, PATH)}
        _write(f"{results}{KEY}", key)
        shim = SHIM.format(name=NAME, path=PLUGIN, results=results, before=before)
        os.mkdir(os.path.join(place, "plugin"))
        _write(os.path.join(place, "plugin", f"{NAME}.py"), shim.encode("utf-8", "surrogateescape"))
        variables = {
            OPTIONS: " ".join(filter(None, [before[OPTIONS], f"-p {NAME}"])),
            PATH: os.pathsep.join(filter(None, [os.path.join(place, "plugin"), before[PATH]])),
        }
        done = plain(argv, folder, variables)
        seen = os.path.exists(results)
        return Observed(done, recorded(done, results, key) if seen else None)


def plain(argv: Sequence[str], folder: str, variables: dict[str, str] | None = None) -> Completed:
    """Run a command with the environment that we were given; ToolError where it cannot be started."""
    return run(argv, folder, env=environment.of_command(variables or {}))


def untouched(argv: Sequence[str], folder: str) -> int:
    """Run a command as if we were not there; return its exit code."""
    return attached(argv, folder, environment.of_command({}))


def _write(path: str, data: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(data)
