"""What project this is: its root, its settings, its interpreter."""

from __future__ import annotations

import os
import shutil
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from devtools.errors import ToolError, UsageError
from devtools.git import status as git
from devtools.project import config as settings
from devtools.system import sealed, state


@dataclass(frozen=True)
class Project:
    """`root` is the working tree's top, `python` the interpreter in which the project's tests run."""

    root: str
    config: settings.Config
    python: str
    manifest: dict[str, Any] = field(default_factory=dict, repr=False)

    def tool(self, *names: str) -> Any:
        """Return the table `[tool.NAME...]` of pyproject.toml, or None."""
        table: Any = self.manifest.get("tool", {})
        for name in names:
            table = table.get(name) if isinstance(table, dict) else None
        return table

    def has(self, name: str) -> bool:
        return os.path.exists(os.path.join(self.root, name))

    def program(self, name: str) -> str | None:
        """Return the project's own copy of a tool before ours, ours before one on PATH."""
        folders = [os.path.dirname(self.python), os.path.dirname(sys.executable), os.environ.get("PATH", "")]
        return shutil.which(name, path=os.pathsep.join(folders))


def load(folder: str) -> Project:
    """Return the project that holds `folder`. UsageError outside a repository or where the settings are malformed."""
    root = git.root(folder)
    config, manifest = settled(lambda name: _contents(root, name))
    return Project(root, config, _interpreter(root, config.python), manifest)


def at(project: Project, folder: str) -> Project:
    """Return the project as it stands in another folder, with that folder's settings and this one's interpreter."""
    config, manifest = settled(lambda name: _contents(folder, name))
    return replace(project, root=folder, config=config, manifest=manifest)


def settled(read: Callable[[str], bytes | None]) -> tuple[settings.Config, dict[str, Any]]:
    """Return the settings and the whole pyproject.toml; `read` gives a file's content, None where there is none."""
    manifest = _toml(read, "pyproject.toml")
    table: Any = manifest.get("tool", {}).get("devtools") if isinstance(manifest.get("tool", {}), dict) else None
    if table is None:
        return settings.parse(_toml(read, "devtools.toml"), "devtools.toml"), manifest
    return settings.parse(table if isinstance(table, dict) else {"devtools": table}, "[tool.devtools]"), manifest


def _toml(read: Callable[[str], bytes | None], name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((read(name) or b"").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{name} is not valid TOML", str(error)) from error


def _contents(root: str, name: str) -> bytes | None:
    try:
        # Sealed and bounded: settings may be a pipe, a device or a file without an end.
        return sealed.contents(os.path.join(root, name), state.MOST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"cannot read {name}", error.strerror or "") from error


def _interpreter(root: str, configured: str) -> str:
    """The configured interpreter, else the active virtual environment's, else `.venv`'s, else our own."""
    if configured:
        path = os.path.join(root, os.path.expanduser(configured))
        if not os.access(path, os.X_OK):
            raise ToolError(f"python = {configured!r} cannot be run", "set python in [tool.devtools] to an interpreter")
        return path
    places = [os.environ.get("VIRTUAL_ENV", ""), os.path.join(root, ".venv"), os.path.join(root, "venv")]
    for place in filter(None, places):
        for name in ("bin/python", "Scripts/python.exe"):
            path = os.path.join(place, name)
            if os.access(path, os.X_OK):
                return path
    return sys.executable
