"""The trees between: what each file is after some of its hunks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from devtools.plan.hunks import FileChange, apply


@dataclass(frozen=True)
class FileState:
    """A file in a tree: its mode, and its content as the id of a blob that exists or as a text that does not yet."""

    mode: str
    content: str
    written: bool


def entries(
    changes: Sequence[FileChange], texts: Mapping[str, str], chosen: Collection[tuple[int, int]]
) -> dict[str, FileState | None]:
    """Return the old tree's paths that differ once the chosen hunks are in it, None where there is no file any more.

    A hunk is (number of its file in `changes`, number in that file). Any choice is a tree; all of them is the new one.
    """
    found: dict[str, FileState | None] = {}
    for number, change in enumerate(changes):
        hunks = [index for index in range(len(change.hunks)) if (number, index) in chosen]
        if hunks:
            path, entry = _state(change, hunks, texts)
            if path != change.old_path:
                found.setdefault(change.old_path, None)
            found[path] = entry
    return found


def _state(change: FileChange, chosen: Sequence[int], texts: Mapping[str, str]) -> tuple[str, FileState | None]:
    """Where one file is after some of its hunks, and what it is there."""
    if len(chosen) == len(change.hunks):
        return change.path, None if change.deleted else FileState(change.new_mode, change.new_id, written=True)
    hunks = [change.hunks[index] for index in chosen]
    kinds = {hunk.kind for hunk in hunks}
    path = change.path if "rename" in kinds else change.old_path
    mode = change.new_mode if change.created or kinds & {"mode", "whole"} else change.old_mode
    if "whole" in kinds:
        return path, FileState(mode, change.new_id, written=True)
    if "text" in kinds:
        return path, FileState(mode, apply(texts.get(change.old_id, ""), hunks), written=False)
    return path, FileState(mode, change.old_id, written=True)
