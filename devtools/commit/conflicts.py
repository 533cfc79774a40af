"""Conflict markers that a commit adds: the three kinds together and in order, so that a heading's underline is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from devtools.git import safe_process
from devtools.git.snapshot import Change

GREPPED_PATHS = 500
MARKERS = (r"^<{7}( |\r?$)", r"^={7}\r?$", r"^>{7}( |\r?$)")
_MARKERS = tuple(re.compile(pattern) for pattern in MARKERS)
_HUNK = re.compile(r"@@ -\S+ \+(\d+)")


def marked_line(lines: Iterable[tuple[int, str]]) -> int:
    """Return the line of the first `<<<<<<<` that is followed by `=======` and `>>>>>>>`; 0 where there is none."""
    start = stage = 0
    for number, text in lines:
        if _MARKERS[0].search(text):
            start, stage = number, 1
        elif stage and _MARKERS[stage].search(text):
            stage += 1
        if stage == len(_MARKERS):
            return start
    return 0


def added_lines(diff: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that a unified diff of one file adds, with their numbers in the new file."""
    number = 0
    for line in diff.split("\n"):
        hunk = _HUNK.match(line)
        if hunk:
            number = int(hunk[1])
        elif number and line.startswith(("+", " ")):
            if line.startswith("+"):
                yield number, line[1:]
            number += 1


def marked(root: str, parent: str, tree: str, changes: Sequence[Change]) -> list[tuple[str, int]]:
    """Return path and line of each file to which the step between two trees, these changes, adds conflict markers."""
    named = {change.path: change for change in changes if not change.binary and change.added}
    if not named:
        return []
    patterns = [option for pattern in MARKERS for option in ("-e", pattern.replace(r"\r", "\r"))]
    paths = list(named) if len(named) <= GREPPED_PATHS else []
    argv = ("grep", "-I", "-l", "-z", "-E", "--all-match", *patterns, tree, "--", *paths)
    suspects = safe_process.git(root, "--literal-pathspecs", *argv).out.split("\0")[:-1]
    found = [path for each in suspects if (path := each.removeprefix(f"{tree}:")) in named]
    lines = ((path, marked_line(added_lines(_diff(root, parent, tree, named[path])))) for path in found)
    return [(path, line) for path, line in lines if line]


def _diff(root: str, parent: str, tree: str, change: Change) -> str:
    """Return the lines that the step adds to one file, as a diff without context."""
    if change.status == "A":
        text = safe_process.ask(root, "cat-file", "blob", f"{tree}:{change.path}")
        return "\n".join(["@@ -0,0 +1 @@", *(f"+{line}" for line in text.split("\n"))])
    return safe_process.ask(root, "diff", "-U0", f"{parent}:{change.old_path}", f"{tree}:{change.path}")
