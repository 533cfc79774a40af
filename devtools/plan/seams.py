"""Where a run of added lines may be cut: before a definition, an import, a heading, a list entry."""

from __future__ import annotations

import re
from collections.abc import Sequence

PROSE = (".md", ".rst", ".txt")
CODE_SEAM = re.compile(
    r"(?:async\s+)?(?:def|class)\s|@|(?:pub |export |static |public |private )*(?:fn|func|function)\s"
)
IMPORT = re.compile(r"(?:import|from)\s+[\w.]+")
LEAD = re.compile(r"@|#")
BULLET = re.compile(r"[-*+]\s|#{1,6}\s|\d+\.\s|\.\. ")


def pieces(path: str, lines: Sequence[str]) -> list[int]:
    """Return the ends of the pieces that `lines` fall into, the last one being their number."""
    # Two functions appended to one file are one hunk to git, and often two ideas.
    cuts = _prose(lines) if path.endswith(PROSE) else _code(lines)
    return [cut for cut in cuts if 0 < cut < len(lines)] + [len(lines)]


def _prose(lines: Sequence[str]) -> list[int]:
    """Before each list entry or heading at the outer margin."""
    margin = _margin(lines)
    return [
        at for at, line in enumerate(lines) if _indent(line) == margin and BULLET.match(line.strip()) and line.strip()
    ]


def _code(lines: Sequence[str]) -> list[int]:
    """Before each definition or import at the outer margin; blank lines go with what follows them, as they came in."""
    margin = _margin(lines)
    leading = not lines[0].strip()
    cuts = []
    for at, line in enumerate(lines):
        text = line.strip()
        if not text or _indent(line) != margin:
            continue
        definition = CODE_SEAM.match(text)
        if definition or (margin == 0 and IMPORT.match(text)):
            start = _start(lines, at, margin) if definition else at
            cuts.append(_with_blanks(lines, start) if leading else start)
    return sorted(set(cuts))


def _start(lines: Sequence[str], at: int, margin: int) -> int:
    """The first of the decorators and comments that stand directly above line `at`."""
    while at and _indent(lines[at - 1]) == margin and LEAD.match(lines[at - 1].strip()):
        at -= 1
    return at


def _with_blanks(lines: Sequence[str], at: int) -> int:
    while at and not lines[at - 1].strip():
        at -= 1
    return at


def _margin(lines: Sequence[str]) -> int:
    return min((_indent(line) for line in lines if line.strip()), default=0)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
