"""Conflict markers that a commit adds: the three kinds together and in order, so that a heading's underline is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MARKERS = (r"^<{7}( |\r?$)", r"^={7}\r?$", r"^>{7}( |\r?$)")
_MARKERS = tuple(re.compile(pattern) for pattern in MARKERS)
_HUNK = re.compile(r"@@ -\S+ \+(\d+)")


def marked_line(lines: Iterable[tuple[int, str]]) -> int:
    """The line of the first `<<<<<<<` that is followed by `=======` and `>>>>>>>`; 0 where there is none."""
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
    """The lines that a unified diff of one file adds, with their numbers in the new file."""
    number = 0
    for line in diff.split("\n"):
        hunk = _HUNK.match(line)
        if hunk:
            number = int(hunk[1])
        elif number and line.startswith(("+", " ")):
            if line.startswith("+"):
                yield number, line[1:]
            number += 1
