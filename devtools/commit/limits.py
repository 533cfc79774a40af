"""How big a commit is, and whether it is small enough to be one idea."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from devtools.findings import Problem
from devtools.project.config import Config
from devtools.project.globs import matches

# The file that devtools writes itself; no setting makes it count.
LEARNINGS = "LEARNINGS.md"
NAMED = 5


class Sized(Protocol):
    """What a change must say to be measured: git's status letter and its numstat."""

    @property
    def path(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def added(self) -> int: ...
    @property
    def deleted(self) -> int: ...
    @property
    def binary(self) -> bool: ...


@dataclass(frozen=True)
class Size:
    """What counts of a commit, and in `uncounted` the paths that do not."""

    files: int
    added: int
    deleted: int
    counted: tuple[str, ...] = ()
    uncounted: tuple[str, ...] = ()

    def lines(self) -> int:
        return self.added + self.deleted


def measure(changes: Iterable[Sized], config: Config, generated: Collection[str] = ()) -> Size:
    """Return the size of what counts. `generated` are the paths that .gitattributes marks linguist-generated.

    A mode change is a file of no lines; a submodule or a link has the lines that git's numstat gives it.
    """
    rows = sorted(changes, key=lambda change: change.path)
    counted = [row for row in rows if _counts(row, config, generated)]
    paths = tuple(row.path for row in counted)
    added, deleted = sum(row.added for row in counted), sum(row.deleted for row in counted)
    rest = tuple(row.path for row in rows if row.path not in paths)
    return Size(len(counted), added, deleted, paths, rest)


def _counts(change: Sized, config: Config, generated: Collection[str]) -> bool:
    """Binary files, pure renames, generated files and LEARNINGS.md never count; the globs are the project's."""
    moved = change.status.startswith("R") and not change.added + change.deleted
    # The limits are for what somebody reads line by line, and nobody does that with these.
    free = change.binary or moved or change.path in generated or change.path == LEARNINGS
    return not free and not matches(change.path, config.uncounted)


def problems(size: Size, config: Config) -> list[Problem]:
    """too-many-files and too-many-lines, each with the evidence and the way out."""
    found = []
    way_out = "stage less, or see devtools commit --plan"
    if size.files > config.max_files:
        names = ", ".join(size.counted[:NAMED]) + (f", and {size.files - NAMED} more" if size.files > NAMED else "")
        found.append(Problem("too-many-files", f"{size.files} files, at most {config.max_files} ({names}): {way_out}"))
    if size.lines() >= config.max_lines:
        lines = f"{size.lines()} lines (+{size.added} -{size.deleted}), fewer than {config.max_lines} allowed"
        found.append(Problem("too-many-lines", f"{lines}: {way_out}"))
    return found
