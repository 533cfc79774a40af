"""After a shell command or a tool of an MCP server: were files written that the phase holds?

They write by more ways than can be read off what they are asked.
"""

import os

from devtools.adapters import state
from devtools.core.cycle import GREEN, RED, Cycle

MEANT = {
    RED: "production code waits for a failing test",
    GREEN: "the witnessed tests hold",
}


def reply(payload: "dict[str, object]") -> "dict[str, object] | None":
    """What strayed, with the way back; told once for each state of the files. None where nothing is held."""
    tool = payload.get("tool_name")
    if tool != "Bash" and not str(tool).startswith("mcp__"):
        return None
    root = state.root_of(str(payload.get("cwd") or os.getcwd()))
    cycle = state.cycle_of(root) if root else Cycle()
    if cycle.phase not in (RED, GREEN):
        return None
    mark = f"{cycle.number} {cycle.phase} {cycle.frozen}{cycle.seen} {state.mark_of(root, _held(root, cycle))}"
    if state.seen(root) == mark:
        return None
    from devtools.adapters import cycling

    paths = cycling.strayed(root, cycle)
    state.see(root, mark)
    way = "run devtools tdd restore (it keeps what is there now)"
    if paths and cycling.moved(root, cycle):
        way = (
            "HEAD moved since the cycle began: run devtools tdd abort, then start it anew (uncommitted tests stay new)"
        )
    return _told(root, cycle, paths, way) if paths else None


def _held(root: str, cycle: Cycle) -> "list[str]":
    """The files that are watched: all sources in red, new ones too; the witnessed tests' files in green."""
    if cycle.phase == GREEN:
        return sorted(cycle.files())
    from devtools.core.testfiles import SOURCES

    return state.sources(root, SOURCES)


def _told(root: str, cycle: Cycle, paths: "list[str]", way: str) -> "dict[str, object] | None":
    from devtools.hooks.mode import mode_of

    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    said = f"phase {cycle.phase}: {', '.join(paths[:3])}{more} changed, but {MEANT[cycle.phase]}"
    mode = mode_of(root)
    if mode == "off":
        return None
    if mode == "warn":
        told = {"hookEventName": "PostToolUse", "additionalContext": f"devtools warns: {said}"}
        return {"systemMessage": f"devtools warns: {said}", "hookSpecificOutput": told}
    return {"decision": "block", "reason": f"devtools: {said}: {way}"}
