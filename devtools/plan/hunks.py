"""A change between two trees as hunks, small enough that any choice of them is a valid tree.

The source is one `git diff-tree -r --raw -p -U0 -M`. A hunk is a run of changed lines, or a change of a whole file that
has no lines: a rename, a mode, a binary. Hunks say where they stand in the old text, so that any subset of them can be
laid over it, in any order, and all of them give the new text byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from devtools.plan.seams import pieces

HEADER = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
ESCAPES = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "v": 11, "f": 12, '"': 34, "\\": 92}
ABSENT = "000000"
REGULAR = ("100644", "100755")


@dataclass(frozen=True)
class Hunk:
    """`lines` have kind "text"; "rename", "mode" and "whole" are changes of a whole file and have no lines.

    Lines keep their ends. Starts count from 1; with nothing removed, `old_start` is the line after which the lines
    stand. `new_start` orders pieces that stand at one place. `uncut` has the numbers of lines added and removed of a
    "whole" that is text, and too large to be cut.
    """

    kind: str
    old_start: int = 0
    new_start: int = 0
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    uncut: tuple[int, int] | None = None

    def counts(self) -> tuple[int, int]:
        """Return lines added and removed."""
        return self.uncut or (len(self.added), len(self.removed))

    def order(self) -> tuple[bool, int, int]:
        return (self.kind == "text", self.old_start, self.new_start)


@dataclass(frozen=True)
class FileChange:
    """One changed file. `old_path` differs from `path` in a rename; an absent side has mode 000000."""

    path: str
    old_path: str
    old_mode: str
    new_mode: str
    old_id: str
    new_id: str
    hunks: tuple[Hunk, ...]

    @property
    def created(self) -> bool:
        return self.old_mode == ABSENT

    @property
    def deleted(self) -> bool:
        return self.new_mode == ABSENT


def parse(text: str) -> tuple[FileChange, ...]:
    """Return the changes in the output of `git diff-tree -r --raw -p -U0 --full-index`, in git's order."""
    lines = text.split("\n")
    entries = []
    at = 0
    while at < len(lines) and lines[at].startswith(":"):
        entries.append(_raw(lines[at]))
        at += 1
    sections = _sections(lines[at:])
    return tuple(_change(entry, sections) for entry in entries)


def unquote(name: str) -> str:
    """Return a path as git prints it: quoted like a C string where it holds unusual bytes."""
    if not name.startswith('"'):
        return name
    data = bytearray()
    body = name[1:-1].encode("utf-8", "surrogateescape").decode("latin-1")
    for octal, letter, plain in re.findall(r"\\([0-7]{3})|\\(.)|([^\\])", body, re.DOTALL):
        data.append(int(octal, 8) if octal else ESCAPES[letter] if letter else ord(plain))
    return data.decode("utf-8", "surrogateescape")


def _raw(line: str) -> tuple[str, ...]:
    """(old mode, new mode, old id, new id, status, old path, path) of a raw line."""
    facts, *names = line[1:].split("\t")
    names = [unquote(name) for name in names]
    old_mode, new_mode, old_id, new_id, status = facts.split(" ")
    return (old_mode, new_mode, old_id, new_id, status[0], names[0], names[-1])


def _sections(lines: list[str]) -> Iterator[list[Hunk]]:
    """The text hunks of each file of a patch. Counts say where a hunk ends, so its content cannot deceive."""
    hunks: list[Hunk] | None = None
    at = 0
    while at < len(lines):
        if lines[at].startswith("diff --git "):
            if hunks is not None:
                yield hunks
            hunks = []
        elif hunks is not None and (header := HEADER.match(lines[at])):
            hunk, at = _hunk(header, lines, at + 1)
            hunks.append(hunk)
            continue
        at += 1
    if hunks is not None:
        yield hunks


def _hunk(header: re.Match[str], lines: list[str], at: int) -> tuple[Hunk, int]:
    """The hunk whose body begins at line `at`, and the line after it."""
    old_start, old_count, new_start, new_count = (int(number or 1) for number in header.groups("1"))
    removed, at = _side("-", old_count, lines, at)
    added, at = _side("+", new_count, lines, at)
    return Hunk("text", old_start, new_start, removed, added), at


def _side(mark: str, count: int, lines: list[str], at: int) -> tuple[tuple[str, ...], int]:
    found = [line[1:] + "\n" for line in lines[at : at + count] if line.startswith(mark)]
    at += count
    if count and at < len(lines) and lines[at].startswith("\\"):
        found[-1] = found[-1][:-1]
        at += 1
    return tuple(found), at


def _change(entry: tuple[str, ...], sections: Iterator[list[Hunk]]) -> FileChange:
    old_mode, new_mode, old_id, new_id, status, old_path, path = entry
    body = next(sections, [])
    if status == "T":
        next(sections, None)  # a change of type is printed as a deletion and a creation
    hunks = list(_whole_file(status, old_mode, new_mode))
    lines_count = old_mode in (*REGULAR, ABSENT) and new_mode in (*REGULAR, ABSENT)
    if body and lines_count and status != "T":
        hunks += [piece for hunk in body for piece in _pieces(path, hunk)]
    elif old_id != new_id or not hunks:
        hunks = [*(hunk for hunk in hunks if hunk.kind == "rename"), Hunk("whole")]
    return FileChange(path, old_path, old_mode, new_mode, old_id, new_id, tuple(hunks))


def _whole_file(status: str, old_mode: str, new_mode: str) -> Iterator[Hunk]:
    if status == "R":
        yield Hunk("rename")
    if ABSENT not in (old_mode, new_mode) and old_mode != new_mode:
        yield Hunk("mode")


def _pieces(path: str, hunk: Hunk) -> Iterator[Hunk]:
    """The hunk cut at its seams, where it only adds: each piece can stand alone at the same place."""
    if hunk.removed:
        yield hunk
        return
    start = 0
    for end in pieces(path, hunk.added):
        yield Hunk("text", hunk.old_start, hunk.new_start + start, (), hunk.added[start:end])
        start = end


def apply(old: str, hunks: Iterable[Hunk]) -> str:
    """Return the old text with these text hunks. ValueError where one does not fit it or two overlap."""
    lines = split(old)
    result: list[str] = []
    at = 0
    for hunk in sorted((hunk for hunk in hunks if hunk.kind == "text"), key=Hunk.order):
        start = hunk.old_start - 1 if hunk.removed else hunk.old_start
        end = start + len(hunk.removed)
        if start < at or tuple(lines[start:end]) != hunk.removed or start > len(lines):
            raise ValueError(f"line {hunk.old_start}")
        result += lines[at:start]
        result += hunk.added
        at = end
    return "".join(result + lines[at:])


def split(text: str) -> list[str]:
    """Return lines with their ends, cut at newlines alone, as git cuts them."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
