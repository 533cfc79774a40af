"""What is staged, in few words: all that a message's author needs, and nothing that has to be asked for again."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from devtools.budget import Block
from devtools.commit.limits import Size, Sized
from devtools.commit.message import SUBJECT_LIMIT
from devtools.commit.verdict import one_line
from devtools.findings import Problem
from devtools.project.config import Config

_FILE = re.compile(r"^diff --git .*\n", re.MULTILINE)
_NOISE = re.compile(r"^(?:index |--- |\+\+\+ |similarity |rename from )")
# Where a file's name stands in its diff; git quotes one with unusual bytes.
_NAMED = re.compile(r"^(?:\+\+\+ \"?b/|rename to \"?|--- \"?a/)(.*?)\"?$", re.MULTILINE)
NAMED = 20


@dataclass(frozen=True)
class Summary:
    """The changes that would be committed, or with `staged` false those that could be staged."""

    branch: str
    staged: bool
    changes: tuple[Sized, ...]
    size: Size
    beside: tuple[str, ...]
    subjects: tuple[str, ...]
    diff: str

    def to_json(self, config: Config) -> dict[str, Any]:
        rows = [_row(change, self.size.counted) for change in self.changes]
        return {
            "branch": self.branch,
            "staged" if self.staged else "unstaged": rows,
            "files": self.size.files,
            "added": self.size.added,
            "deleted": self.size.deleted,
            "beside": list(self.beside),
            "limits": {"files": config.max_files, "lines": config.max_lines, "subject": SUBJECT_LIMIT},
            "types": list(config.commit_types),
        }


def _row(change: Sized, counted: Collection[str]) -> dict[str, Any]:
    entry = {"path": change.path, "status": change.status, "added": change.added, "deleted": change.deleted}
    return entry | {"counted": change.path in counted}


def blocks(summary: Summary, config: Config, problems: Sequence[Problem]) -> list[Block]:
    """Size, problems, how to write and commit always stand; files and the diff as the budget allows."""
    size = summary.size
    what = "staged" if summary.staged else "not staged"
    numbers = f"{size.files} of {config.max_files} files, {size.lines()} of at most {config.max_lines - 1} lines"
    shown = [Block(f"{what} on {summary.branch}: {numbers} (+{size.added} -{size.deleted})", pinned=True)]
    shown += [Block(one_line(problem), pinned=True) for problem in problems]
    shown += [Block(_line(change, size)) for change in summary.changes]
    if summary.beside:
        more = f", and {len(summary.beside) - NAMED} more" if len(summary.beside) > NAMED else ""
        shown.append(Block(f"beside, not staged: {', '.join(summary.beside[:NAMED])}{more}".replace("\n", "\\n")))
    types = ", ".join(config.commit_types)
    shown.append(
        Block(f"message: TYPE(SCOPE): WHAT in {SUBJECT_LIMIT} characters, blank line, why; {types}", pinned=True)
    )
    paths = "" if summary.staged else " PATH..."
    shown.append(Block(f"then: devtools commit -m MESSAGE [--insight TEXT] [--topic NAME]{paths}", pinned=True))
    shown += [Block(f"before: {subject}") for subject in summary.subjects]
    return [*shown, *_files(summary.diff)]


def _line(change: Sized, size: Size) -> str:
    lines = "binary" if change.binary else f"+{change.added} -{change.deleted}"
    free = "" if change.path in size.counted else " (does not count)"
    return f"{change.status} {change.path} {lines}{free}".replace("\n", "\\n")


def _files(diff: str) -> list[Block]:
    """The diff file by file; what falls to the budget is named with its number of lines."""
    shown = []
    for text in _FILE.split(diff)[1:]:
        lines = [line for line in text.rstrip("\n").split("\n") if not _NOISE.match(line)]
        name = _NAMED.search(text)
        head = f"== {name[1] if name else 'a file without text'}"
        shown.append(Block("\n".join([head, *lines]), f"{head}: {len(lines)} lines of diff"))
    return shown
