"""After a tool has run, or has failed: did it write what the phase holds?

Tools write by more ways than can be read off what they are asked, and another hook may have rewritten that.
"""

import os
import time

from devtools.hooks import marks
from devtools.system import state
from devtools.tdd.cycle import GREEN, RED, Cycle, cycle_of

MEANT = {
    RED: "production code is locked until a new test fails",
    GREEN: "the witnessed tests must stay as they are",
}
OFFERS = f"{state.FOLDER}/offers"
EDITORS = ("Write", "Edit", "MultiEdit", "NotebookEdit")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from devtools.hooks.since import Finding


def reply(payload: "dict[str, object]") -> "dict[str, object] | None":
    """Return everything that is found, with the way back.

    Once for each state of the files. None where nothing is held.
    """
    tool = payload.get("tool_name")
    # Tools of servers too: not every one says by its name or its inputs what it writes.
    if tool not in ("Bash", *EDITORS) and not str(tool).startswith("mcp__"):
        return None
    here = state.root_of(str(payload.get("cwd") or os.getcwd()))
    root, before, after = (here, {}, {}) if tool in EDITORS else _answered(here, payload)
    if not root:
        return None
    found = []
    # Most calls change nothing, so what finds and words a change is loaded only here.
    if before != after:
        from devtools.hooks import since

        found = since.found(root, before, after)
    try:
        # Editors are looked at afterwards too, because another hook may have sent them to another file.
        found += _edited(root, payload) if tool in EDITORS else _strayed(root)
    except ValueError:  # a state that is malformed hides nothing that was found beside it
        if not found:
            raise
    event = str(payload.get("hook_event_name"))
    if found:
        return _as(_mode(root, before), event, found)
    return _offer(root, payload, event) if tool in EDITORS and event == "PostToolUse" else None


def _offer(root: str, payload: "dict[str, object]", event: str) -> "dict[str, object] | None":
    """The insight that fits the file that was edited, where one does and was not told in this session."""
    if not os.path.isfile(os.path.join(state.base_of(root), *OFFERS.split("/"))) or _mode(root, {}) == "off":
        return None
    from devtools.hooks import offered

    path = os.path.realpath(os.path.join(str(payload.get("cwd") or root), _path(payload)))
    text = offered.insight(root, str(payload.get("session_id")), os.path.relpath(path, os.path.realpath(root)))
    said = f"learned here before: {text}"
    return {"hookSpecificOutput": {"hookEventName": event, "additionalContext": said}} if text else None


def _path(payload: "dict[str, object]") -> str:
    """The file that an editor was asked for, empty where that is not said."""
    from devtools.hooks import pre_tool_use

    given = payload.get("tool_input")
    path = given.get(pre_tool_use.EDITORS[str(payload["tool_name"])]) if isinstance(given, dict) else None
    return path if isinstance(path, str) else ""


def _answered(here: str, payload: "dict[str, object]") -> "tuple[str, marks.Mark, marks.Mark]":
    """The working tree that this call left its mark in, and how that stood before and stands now.

    The command may have gone to a repository below or beside the one that it was started in.
    """
    roots = [here, state.root_of(os.environ.get("CLAUDE_PROJECT_DIR") or os.sep)]
    above = here
    while above:
        above = state.root_of(os.path.dirname(above)) if above != os.sep else ""
        roots.append(above)
    for root in dict.fromkeys(filter(None, roots)):
        before, after = marks.answered(root, payload, time.time())
        if before:
            return root, before, after
    return here, {}, {}


def _edited(root: str, payload: "dict[str, object]") -> "list[Finding]":
    """What an editor wrote though it was not to: another hook gave it another file than the one that was asked for."""
    from devtools.hooks import pre_tool_use
    from devtools.hooks.mode import mode_of

    path = _path(payload)
    if not path or mode_of(root) != "strict":  # else it was told before
        return []
    reason = pre_tool_use.held(os.path.join(str(payload.get("cwd") or root), path))
    undo = "To undo the change of a file that a phase locks, run devtools tdd restore."
    return [("another hook sent the editor to a file that is locked", f"{reason} {undo}")] if reason else []


def _strayed(root: str) -> "list[Finding]":
    """The files that the open phase holds and that are not as it holds them."""
    cycle = cycle_of(root)
    if cycle.phase not in (RED, GREEN):
        return _removed(root)
    mark = f"{cycle.number} {cycle.phase} {cycle.frozen}{cycle.seen} {state.mark_of(root, _held(root, cycle))}"
    if state.seen(root) == mark:
        return []
    from devtools.tdd import store as cycling

    # Without filters: a hook must start no program that the repository's settings name.
    paths = cycling.strayed(root, cycle, filters=False)
    state.see(root, mark)
    if not paths:
        return []
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    said = f"phase {cycle.phase}: {', '.join(map(_shown, paths[:3]))}{more} changed, but {MEANT[cycle.phase]}"
    # Not restore: after a switch of branches it would put the old branch's files over the new one's.
    if cycling.moved(root, cycle):
        again = "run devtools tdd abort, then start it again (uncommitted tests still count as new)"
        return [(said, f"HEAD moved since the cycle began: {again}")]
    return [(said, "run devtools tdd restore, which keeps a copy of what is there now")]


def _removed(root: str) -> "list[Finding]":
    """Git still names the trees of an open cycle, and the cycle itself is gone: told once."""
    gone = "removed"
    anchored = os.path.isfile(os.path.join(state.git_folder(root), *state.ANCHOR.split("/")))
    if os.path.lexists(state.cycle_file(root)) or not anchored or state.seen(root) == gone:
        return []
    state.see(root, gone)
    return [("the state of the open cycle was removed", "run devtools tdd start to begin it again")]


def _held(root: str, cycle: Cycle) -> "list[str]":
    """The files that are watched: all sources in red, new ones too; the witnessed tests' files in green."""
    if cycle.phase == GREEN:
        return sorted(cycle.files())
    from devtools.project.path_kinds import SOURCES

    return state.sources(root, SOURCES)


def _shown(path: str) -> str:
    from devtools.printable import one_line

    return one_line(path)


def _mode(root: str, before: "marks.Mark") -> str:
    """The project's mode, as it was before the tool ran: a tool cannot silence what is said of it."""
    from devtools.hooks import mode

    return mode.mode_before([before[name] for name in state.SETTINGS]) if before else mode.mode_of(root)


def _as(mode: str, event: str, found: "list[Finding]") -> "dict[str, object] | None":
    if mode == "off":
        return None
    if mode == "warn":
        said = "; ".join(said for said, _ in found)
        context = {"hookEventName": event, "additionalContext": f"devtools warns: {said}"}
        return {"systemMessage": f"devtools warns: {said}", "hookSpecificOutput": context}
    return {"decision": "block", "reason": "\n".join(f"devtools: {said}: {way}" for said, way in found)}
