"""One line for Claude Code's status line: phase, behaviour, last result. Its JSON on stdin says where."""

import os
import sys

from devtools.printable import one_line
from devtools.system import state
from devtools.system.fast_json import decode
from devtools.tdd.cycle import Cycle, cycle_of

WIDTH = 60


def main(arguments: list[str]) -> int:
    """Print one line, whatever comes in: a status line must not break the screen."""
    try:
        # Drawn after every message, so it goes the short way of the hooks and loads no parser of options.
        said = line(cycle_of(state.root_of(_folder())))
    except Exception as error:
        said = f"devtools: {error}"
    sys.stdout.write(one_line(" ".join(said.split()))[:200] + "\n")
    return 0


def line(cycle: Cycle) -> str:
    """Return the parts that there are, the behaviour cut to its beginning."""
    behaviour = cycle.behaviour if len(cycle.behaviour) <= WIDTH else f"{cycle.behaviour[:WIDTH]}…"
    return " | ".join(filter(None, [f"tdd {cycle.phase}", behaviour, cycle.result]))


def _folder() -> str:
    """Where the client works; without a word of it, here."""
    if sys.stdin is None or sys.stdin.isatty():
        return os.getcwd()
    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    try:
        payload = decode(text)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        return os.getcwd()
    workspace = payload.get("workspace")
    inner = workspace.get("current_dir") if isinstance(workspace, dict) else None
    return str(inner or payload.get("cwd") or os.getcwd())
