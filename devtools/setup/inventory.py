"""What init finds in a project, in a few lines that a person reads once: interpreter, checks, environments, tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from devtools.checks import types
from devtools.errors import ToolError
from devtools.git import status as git
from devtools.git.safe_process import unfiltered
from devtools.project import dependencies
from devtools.project.path_kinds import is_test
from devtools.project.project import Project
from devtools.system import environment
from devtools.system.process import run

PROBE_SECONDS = 5.0
# Isolated, so that nothing of the project is imported by being asked.
PROBE = """
import sys
from importlib.metadata import PackageNotFoundError, version
print(".".join(map(str, sys.version_info[:3])))
try: print(version("pytest"))
except PackageNotFoundError: print("")
"""


@dataclass(frozen=True)
class Inventory:
    """What a project has. `python` is empty where it holds no Python; `version` where the interpreter cannot be run.

    `foreign`: the interpreter is the one of devtools, since the project has no environment of its own.
    """

    python: str
    version: str
    pytest: str
    foreign: bool
    linter: str
    types: str
    tests: int
    environments: tuple[str, ...]
    manifests: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def probe(python: str, folder: str) -> tuple[str, str]:
    """Return the versions of an interpreter and of its pytest; empty where there is none, or where it cannot be run."""
    try:
        done = run([python, "-I", "-c", PROBE], folder, environment.of_program(), timeout=PROBE_SECONDS)
    except ToolError:
        return "", ""
    version, _, pytest = done.out.strip().partition("\n")
    return ("", "") if done.code else (version, pytest.strip())


def look(project: Project) -> Inventory:
    """Look at the project; nothing of it is run."""
    paths = _files(project.root)
    sources = [path for path in paths if path.endswith(".py")]
    has_python = bool(sources) or any(path in ("pyproject.toml", "setup.py", "setup.cfg") for path in paths)
    version, pytest = probe(project.python, project.root) if has_python else ("", "")
    # Without filters: init says that nothing of the project is run.
    untracked = git.state(project.root, unfiltered(project.root)).untracked
    return Inventory(
        project.python if has_python else "",
        version,
        pytest,
        project.python == sys.executable and not _is_inside(sys.prefix, project.root),
        "ruff" if project.program("ruff") else "",
        types.configured(project),
        sum(1 for path in sources if is_test(path, project.config) and not path.endswith("conftest.py")),
        tuple(dependencies.environments(untracked)),
        tuple(path for path in paths if path in ("package.json", "go.mod", "Cargo.toml")),
    )


def lines(found: Inventory, root: str) -> list[str]:
    """Return the lines on interpreter and checks, and one on environments where there is something to say."""
    return [_python(found, root), _checks(found), *_environments(found.environments)]


def first_run(found: Inventory) -> str:
    """Return in one line what a person should try first, and what that run will do."""
    call = "try: /hygiene in a new Claude Code session, or devtools hygiene"
    if not found.python:
        return f"{call}; it runs the checks that the settings name"
    if not found.tests:
        return f"{call}; there are no tests yet: /tdd BEHAVIOUR begins with one"
    files = f"{found.tests} {'file' if found.tests == 1 else 'files'}"
    return f"{call}; the first run takes all tests of {files}, later ones what a change can reach"


def _python(found: Inventory, root: str) -> str:
    if not found.python:
        named = f" ({', '.join(found.manifests)})" if found.manifests else ""
        example = "npm test" if "package.json" in found.manifests else "make test"
        return f'python: none here{named}; name your own checks in devtools.toml: [checks] tests = "{example}"'
    shown = os.path.relpath(found.python, root) if _is_inside(found.python, root) else found.python
    if not found.version:
        return f"python: {shown} cannot be run; set python in [tool.devtools] to an interpreter"
    where = " (that of devtools: no .venv here)" if found.foreign else ""
    tests = f"with pytest {found.pytest}" if found.pytest else f"without pytest: {shown} -m pip install pytest"
    return f"python: {shown}{where} {found.version} {tests}"


def _checks(found: Inventory) -> str:
    if not found.python:
        return "checks: debt markers, git state, and those that you name"
    linter = "lint and format by ruff" if found.linter else "no lint and format (ruff is not installed)"
    kinds = f"types by {found.types}" if found.types else "no types (neither mypy nor pyright is configured)"
    return f"checks: {linter}, {kinds}"


def _environments(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    listed = ", ".join(f"{name}/" for name in names)
    return [f"git does not ignore {listed}: echo {names[0]}/ >> .gitignore"]


def _files(root: str) -> list[str]:
    """The files of the project, whether committed yet or not."""
    done = run(["git", "ls-files", "-coz", "--exclude-standard"], root)
    listed = [path for path in done.out.split("\0") if path]
    apart = dependencies.environments(listed)
    return [path for path in listed if not dependencies.inside(path, apart)]


def _is_inside(path: str, root: str) -> bool:
    return path.startswith(os.path.join(root, ""))
