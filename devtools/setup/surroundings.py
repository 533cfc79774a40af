"""What must work around a repository: interpreter, tools, the client, the command on its PATH, hooks that fire."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence

from devtools import __version__
from devtools.checks import tools
from devtools.errors import ToolError
from devtools.project.project import Project
from devtools.setup import diagnosis, inventory
from devtools.setup.complaint import BROKEN, INIT, MISSING, STALE, Complaint
from devtools.system import environment, state
from devtools.system.process import run

SECONDS = 10.0
OLDEST_CLIENT = (2, 1, 197)  # what the hooks were first tried with
PROJECT = '"$CLAUDE_PROJECT_DIR"'
# What the command itself holds, and a wrapper that an installer writes does not.
OURS = "from devtools.__main__ import FAST"
SETTLED_SECONDS = 60.0
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def complaints(project: Project, found: inventory.Inventory) -> list[Complaint]:
    """Return all that keeps devtools from working here."""
    root = project.root
    return [
        *_interpreter(found, root),
        *(Complaint(BROKEN, *_split(words)) for words in tools.missing(project)),
        *_client(root),
        *(each for program in diagnosis.programs(root) for each in _program(root, program)),
        *_firing(root),
    ]


def client_version(folder: str) -> str:
    """Return the version of Claude Code on the PATH; empty where there is none, or where it does not say."""
    claude = shutil.which("claude")
    try:
        done = run([claude, "--version"], folder, environment.of_program(), timeout=SECONDS) if claude else None
    except ToolError:
        return ""
    said = _VERSION.search(done.out) if done else None
    return said[0] if said else ""


def _interpreter(found: inventory.Inventory, root: str) -> Iterator[Complaint]:
    if not found.python:
        return
    if not found.version:
        yield Complaint(BROKEN, f"{found.python} cannot be run", "set python in [tool.devtools] to an interpreter")
    elif not found.pytest and found.tests:
        yield Complaint(BROKEN, f"{found.python} has no pytest", f"{found.python} -m pip install pytest")


def _client(root: str) -> Iterator[Complaint]:
    version = client_version(root)
    if version and tuple(map(int, version.split("."))) < OLDEST_CLIENT:
        oldest = ".".join(map(str, OLDEST_CLIENT))
        yield Complaint(
            STALE, f"Claude Code {version} is older than {oldest}, with which the hooks work", "claude update"
        )


def _program(root: str, program: str) -> Iterator[Complaint]:
    """What is wrong with the command that the hooks call."""
    plain = program.replace(PROJECT, root).replace('"', "")
    words = plain.split(" -m ")[0]
    # Looked for as a shell would, since the client starts it by one.
    path = shutil.which(words)
    if path is None:
        where = "is not on the PATH" if words == plain and os.sep not in words else "is not there"
        yield Complaint(BROKEN, f"the hooks call {words}, which {where}", f"uv tool install claude-devtools, or {INIT}")
        return
    active = os.environ.get("VIRTUAL_ENV", "")
    if os.sep not in words and active and os.path.dirname(path) == os.path.join(active, "bin"):
        yield Complaint(
            BROKEN, f"{words} is on the PATH only while {active} is active", "uv tool install claude-devtools"
        )
    # The wrapper that pip 23 writes imports re, which cost 13 of the 24 ms of processor time of a hook call.
    if os.path.basename(words) == "devtools" and OURS not in state.text_or_none(path):
        yield Complaint(
            STALE, f"{path} is a wrapper of an older install and slow", "pip install --force-reinstall claude-devtools"
        )
        return
    try:
        said = run([words, "--version"], root, environment.of_program(), timeout=SECONDS).out.split()
    except ToolError:
        said = []
    if os.path.basename(words) == "devtools" and said[1:] != [__version__]:
        other = said[1] if said[1:] else "none"
        yield Complaint(STALE, f"the hooks call devtools {other}, and this is {__version__}", INIT)


def _firing(root: str) -> Iterator[Complaint]:
    """Whether the client was used here since the hooks were entered, and none of them ran."""
    settings = _newest([os.path.join(root, ".claude", "settings.json")])
    used = _newest(_inside(os.path.join(diagnosis.home(), "projects", re.sub(r"[^A-Za-z0-9]", "-", root))))
    fired = _newest(_inside(os.path.join(state.folder(root), "sessions")))
    # A hook that the client cannot start fails in silence, and only the missing mark tells of it.
    if settings and diagnosis.programs(root) and used > settings + SETTLED_SECONDS and fired < settings:
        yield Complaint(
            MISSING, "Claude Code was used here since, and none of the hooks ran", "start a new session, or see /hooks"
        )


def _inside(folder: str) -> list[str]:
    try:
        return [os.path.join(folder, name) for name in os.listdir(folder)]
    except OSError:
        return []


def _newest(paths: Sequence[str]) -> float:
    """When one of the files was written last; 0 where there is none."""
    times = [0.0]
    for path in paths:
        try:
            times.append(os.stat(path).st_mtime)
        except OSError:
            continue
    return max(times)


def _split(words: str) -> tuple[str, str]:
    """What is wrong and the remedy, of the words of a check."""
    what, _, remedy = words.partition(": ")
    return what, remedy or "install it"
