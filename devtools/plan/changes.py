"""The changes from one tree to another, down to hunks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from devtools.git import objects
from devtools.plan.hunks import ABSENT, REGULAR, FileChange, parse


def diff(root: str, old_tree: str, new_tree: str) -> tuple[FileChange, ...]:
    """Return the changes from one tree to another, down to hunks, with renames."""
    shape = ["--raw", "-p", "-U0", "-M", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color"]
    shape += ["--histogram", "--indent-heuristic", "--ignore-submodules=none", "--inter-hunk-context=0"]
    changes = parse(objects.git(root, "diff-tree", "-r", *shape, old_tree, new_tree))
    whole = [change for change in changes if any(hunk.kind == "whole" for hunk in change.hunks)]
    uncut = sorted({path for change in whole for path in (change.path, change.old_path)})
    counts = _counts(root, old_tree, new_tree, uncut) if uncut else {}
    return tuple(_counted(change, counts[change.path]) if change.path in counts else change for change in changes)


def _counts(root: str, old_tree: str, new_tree: str, paths: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return the lines that these files gain and lose, where they are text."""
    # A text beyond two megabytes stood as +0 -0, so that a table of 250,000 lines was within the limits.
    shape = ["-c", "core.bigFileThreshold=512m", "--literal-pathspecs", "diff-tree", "-r", "-z", "--numstat", "-M"]
    fields = iter(
        objects.git(root, *shape, "--no-ext-diff", "--no-textconv", old_tree, new_tree, "--", *paths).split("\0")
    )
    found = {}
    for field in filter(None, fields):
        added, deleted, path = field.split("\t", 2)
        path = path or (next(fields) and next(fields))  # of a rename the old and the new name follow
        if added != "-":
            found[path] = (int(added), int(deleted))
    return found


def _counted(change: FileChange, counts: tuple[int, int]) -> FileChange:
    """Return the change, its whole file with these numbers of lines; links and submodules have none that count."""
    if not {change.old_mode, change.new_mode} <= {*REGULAR, ABSENT} or not any(counts):
        return change
    hunks = (replace(hunk, uncut=counts) if hunk.kind == "whole" else hunk for hunk in change.hunks)
    return replace(change, hunks=tuple(hunks))
