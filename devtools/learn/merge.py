"""Merge two versions of LEARNINGS.md that grew from one: nothing is lost and nothing moves under another heading.

A version is its sections, a section its blocks: an insight with all its lines, a paragraph, a fence. A block is taken
whole. What one side changed is changed; what both changed differently stands twice, for a person to choose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from devtools.learn.markdown import outline, plain, words_of

_ALIKE = 0.5  # of their words, which a block and its edited form share


class _Piece(NamedTuple):
    """A block, with the blank lines and the kind of the block above it."""

    kind: str
    gap: int
    above: str
    lines: tuple[str, ...]

    @property
    def key(self) -> str:
        return plain(" ".join(self.lines))


class _Section(NamedTuple):
    """What stands below a heading; the first one of a file has none, and a title that comes again has a number."""

    name: tuple[str, int]
    heading: _Piece | None
    pieces: list[_Piece]


def merged(base: str, ours: str, theirs: str) -> str:
    """Return what both sides made of the base. The manner of ours, its line ends and its order, is kept."""
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    old, mine, other = (_sections(text) for text in (base, ours, theirs))
    before, here, there = ({section.name: section for section in each} for each in (old, mine, other))
    found = []
    for name in _order([section.name for section in mine], [section.name for section in other]):
        section = _both(before.get(name), here.get(name), there.get(name))
        if section.pieces or (name in here and name in there) or name not in before:
            found.append(section)
    return _text(found, "\r\n" if "\r\n" in ours else "\n", ours, theirs)


def _sections(text: str) -> list[_Section]:
    lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
    found = [_Section(("", 0), None, [])]
    last, above = 0, ""
    for kind, start, end, level, title in outline(lines):
        piece = _Piece(kind, start - last, above, tuple(_trimmed(lines[start:end])))
        last, above = start + len(piece.lines), kind
        if kind == "heading" and level <= 2:
            name = f"{level} {plain(title).casefold()}"
            found.append(_Section((name, sum(section.name[0] == name for section in found)), piece, []))
        else:
            found[-1].pieces.append(piece)
    return found


def _trimmed(lines: Sequence[str]) -> Sequence[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def _order(ours: Sequence[tuple[str, int]], theirs: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The names of both, in the order of ours; a name of theirs alone comes before what it comes before there."""
    found = list(ours)
    at = len(found)
    for name in reversed(theirs):
        if name not in found:
            found.insert(at, name)
        at = found.index(name)
    return found


def _both(base: _Section | None, ours: _Section | None, theirs: _Section | None) -> _Section:
    """One section as both sides have it; of a side that has not, all of it was deleted."""
    first = ours or theirs
    assert first is not None
    sides = [side.pieces if side else [] for side in (base, ours, theirs)]
    return first._replace(pieces=list(_pieces(*sides)))


def _pieces(base: Sequence[_Piece], ours: Sequence[_Piece], theirs: Sequence[_Piece]) -> Iterator[_Piece]:
    """The blocks of both sides, each once: what stands before a block of the base, then that block, if it is left."""
    mine, other = _Side(base, ours), _Side(base, theirs)
    known = {piece.key for each in mine.new for piece in each}
    for at in range(len(base) + 1):
        yield from mine.new[at]
        yield from (piece for piece in other.new[at] if piece.key not in known)
        if at < len(base):
            yield from _one(base[at], mine.kept[at], other.kept[at])


def _one(base: _Piece, ours: _Piece | None, theirs: _Piece | None) -> list[_Piece]:
    """A block of the base as both left it. An edit counts more than that the other side took the block out."""
    if theirs is None or ours is None:
        left = ours or theirs
        return [left] if left and left.key != base.key else []
    if ours.key == theirs.key or theirs.key == base.key:
        return [ours]
    # Both, because git's union lost 714 insights in 1,000 random merges of branches that also edit.
    return [theirs] if ours.key == base.key else [ours, theirs]


class _Side:
    """What one side made of each block of the base, and what is new before each, and at the end."""

    def __init__(self, base: Sequence[_Piece], side: Sequence[_Piece]) -> None:
        self.kept: list[_Piece | None] = [None] * len(base)
        self.new: list[list[_Piece]] = [[] for _ in range(len(base) + 1)]
        old, new = ([piece.key for piece in each] for each in (base, side))
        for _, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            pairs = _paired(base[first:last], side[start:end])
            at = first
            for place, piece in enumerate(side[start:end]):
                if place in pairs:
                    at = first + pairs[place]
                    self.kept[at] = piece
                    at += 1
                else:
                    self.new[at].append(piece)


def _paired(base: Sequence[_Piece], side: Sequence[_Piece]) -> dict[int, int]:
    """Which block of the side is which of the base, by place: the same one, or its edited form; in order."""
    found: dict[int, int] = {}
    first = 0
    for place, piece in enumerate(side):
        scores = [(_likeness(piece, other), -at) for at, other in enumerate(base) if at >= first]
        best = max(scores, default=(0.0, 0))
        if best[0] >= _ALIKE:
            found[place] = -best[1]
            first = found[place] + 1
    return found


def _likeness(one: _Piece, other: _Piece) -> float:
    if one.key == other.key:
        return 2.0
    mine, theirs = words_of(one.key), words_of(other.key)
    return len(mine & theirs) / max(1, len(mine | theirs))


def _text(sections: Sequence[_Section], newline: str, ours: str, theirs: str) -> str:
    lines: list[str] = []
    last = ""
    for section in sections:
        for piece in ([section.heading] if section.heading else []) + section.pieces:
            lines += [""] * _gap(piece, last) + list(piece.lines)
            last = piece.kind
    mark = "\ufeff" if ours.startswith("\ufeff") else ""
    end = newline if any(side.endswith("\n") for side in (ours, theirs)) and lines else ""
    return mark + newline.join(lines) + end


def _gap(piece: _Piece, above: str) -> int:
    """How many blank lines belong above a block, which may have come below another one than in its own version."""
    if piece.above == above or not above:
        return piece.gap
    return 0 if piece.kind == above == "item" else max(1, piece.gap)
