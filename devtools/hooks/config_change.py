"""When the client's settings change while it runs: refuse what would take our guards away in the middle of a session.

The file stays as it was written; the client goes on with the settings that it has.
"""

import os
import time

from devtools.hooks import guards, marks
from devtools.hooks.mode import mode_before, mode_of
from devtools.printable import one_line
from devtools.system import state


def reply(payload: "dict[str, object]") -> "dict[str, object] | None":
    """Return a refusal where the settings end all hooks, or no longer hold one of ours; any other change passes."""
    root = state.root_of(str(payload.get("cwd") or os.getcwd()))
    lost = _lost(root, payload) if root else ""
    if not lost:
        return None
    mode, said = _mode(root, payload), f"{lost}. This session keeps its hooks. Ask the person to change them."
    if mode == "off":
        return None
    if mode == "warn":
        return {"systemMessage": f"devtools warns: {said}"}
    return {"decision": "block", "reason": f"devtools: {said}"}


def _lost(root: str, payload: "dict[str, object]") -> str:
    """What the settings, all files taken together, no longer hold; empty where all stays, which is remembered."""
    # All files together: a hook may move from one to another, and the client takes changes up at once.
    before, now = marks.begun(root, payload), marks.taken(root)
    had = _lines(before) if before else _committed(root)
    lost = guards.lost(had, _lines(now))
    if not lost and not before and not any(line.startswith(guards.HOOK) for line in _lines(now)):
        lost = "takes out or alters a hook of devtools"  # one called us, and none is left
    if not lost:
        marks.begin(root, payload, time.time())
        return ""
    return f"{one_line(_shown(root, before, now, payload))} {lost}"


def _lines(mark: "marks.Mark") -> "list[str]":
    return [line for name, said in mark.items() if name.startswith(marks.CLIENT) for line in said.split("\n") if line]


def _committed(root: str) -> "list[str]":
    """What the settings of the last commit hold: a session that began without us left no other trace."""
    from devtools.git import snapshot

    text = snapshot.read(root, "HEAD", ".claude/settings.json") or b""
    return guards.of_client(text.decode("utf-8", "surrogateescape"))


def _shown(root: str, before: "marks.Mark", now: "marks.Mark", payload: "dict[str, object]") -> str:
    """The file that changed: the one that the event names, or the first that is not as it was."""
    known = marks.client_files(root)
    named = os.path.abspath(os.path.join(root, str(payload.get("file_path") or "")))
    changed = [path for path in known if before.get(marks.CLIENT + path) != now.get(marks.CLIENT + path)]
    path = named if named in known else changed[0] if changed else known[0]
    inside = os.path.relpath(path, root)
    return path if inside.startswith("..") else inside


def _mode(root: str, payload: "dict[str, object]") -> str:
    """The mode before the command that may have written: it cannot silence what is said of it."""
    before = marks.running(root, payload)
    return mode_before([before[name] for name in state.SETTINGS]) if before else mode_of(root)
