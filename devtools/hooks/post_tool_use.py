"""After a shell command or a tool of an MCP server: were files written that the phase holds?

They write by more ways than can be read off what they are asked.
"""

import os

from devtools.adapters import state
from devtools.core.cycle import GREEN, RED, Cycle

# How HEAD's log names what git commit did by itself, and plumbing, which names nothing.
PLAIN = ("commit", "commit (amend)", "commit (initial)", "")
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
    before = _past_the_checks(root) if root else ""
    if before:
        return _by_mode(root, *_commit(before))
    settled = _settled(root) if root else None
    if settled:
        return settled
    cycle = state.cycle_of(root) if root else Cycle()
    if cycle.phase not in (RED, GREEN):
        return None
    mark = f"{cycle.number} {cycle.phase} {cycle.frozen}{cycle.seen} {state.mark_of(root, _held(root, cycle))}"
    if state.seen(root) == mark:
        return None
    from devtools.adapters import cycling

    paths = cycling.strayed(root, cycle, filters=False)
    state.see(root, mark)
    way = "run devtools tdd restore (it keeps what is there now)"
    if paths and cycling.moved(root, cycle):
        way = (
            "HEAD moved since the cycle began: run devtools tdd abort, then start it anew (uncommitted tests stay new)"
        )
    return _told(root, cycle, paths, way) if paths else None


def _past_the_checks(root: str) -> str:
    """What HEAD was before the first commit that this tool made by plain git; empty where it made none.

    HEAD's log says how each one came: a merge, rebase, pull, cherry-pick and the like are named there, and so is
    devtools commit.
    """
    for line in state.logged(root):
        head, _, said = line.partition("\t")
        if said.partition(":")[0] in PLAIN:
            return head.partition(" ")[0]
    return ""


def _commit(before: str) -> "tuple[str, str]":
    """What is said of such a commit, and what to do."""
    span = f"{before[:9]}..HEAD" if before.strip("0") else "HEAD"
    said = "HEAD moved to a commit that devtools commit did not make"
    return said, f"run devtools verify {span} and mend what it names; commit with devtools commit"


def _settled(root: str) -> "dict[str, object] | None":
    """What is said of a settings file that changed what devtools is told, by the mode before.

    A file that is as its last commit has it came by git, not by the tool's own writing.
    """
    for name, before, now in state.resettled(root):
        from devtools.adapters import snapshot
        from devtools.hooks import settings

        committed = snapshot.read(root, "HEAD", name)
        if settings.table(name, before) != settings.table(name, now) and committed != os.fsencode(now):
            said = f"{name} changed the settings of devtools"
            return _as(settings.mode(name, before), said, "put them back as they were, or ask the person")
    return None


def _held(root: str, cycle: Cycle) -> "list[str]":
    """The files that are watched: all sources in red, new ones too; the witnessed tests' files in green."""
    if cycle.phase == GREEN:
        return sorted(cycle.files())
    from devtools.core.testfiles import SOURCES

    return state.sources(root, SOURCES)


def _told(root: str, cycle: Cycle, paths: "list[str]", way: str) -> "dict[str, object] | None":
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    said = f"phase {cycle.phase}: {', '.join(paths[:3])}{more} changed, but {MEANT[cycle.phase]}"
    return _by_mode(root, said, way)


def _by_mode(root: str, said: str, way: str) -> "dict[str, object] | None":
    """As loud as the project's mode has it."""
    from devtools.hooks.mode import mode_of

    return _as(mode_of(root), said, way)


def _as(mode: str, said: str, way: str) -> "dict[str, object] | None":
    if mode == "off":
        return None
    if mode == "warn":
        told = {"hookEventName": "PostToolUse", "additionalContext": f"devtools warns: {said}"}
        return {"systemMessage": f"devtools warns: {said}", "hookSpecificOutput": told}
    return {"decision": "block", "reason": f"devtools: {said}: {way}"}
