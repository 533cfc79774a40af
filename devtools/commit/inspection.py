"""What is staged in a draft, looked at with git's eyes: what lies beside it, and what a hook changes."""

from __future__ import annotations

import os
from collections.abc import Mapping

from devtools.git.draft import Draft
from devtools.git.snapshot import changes
from devtools.git.status import parse_status

HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg")
Stamp = tuple[int, int, int] | None


def hooked(draft: Draft) -> bool:
    """Return whether a hook of the person's may look at the commit before it is made."""
    folder = draft.checked("rev-parse", "--git-path", "hooks").removesuffix("\n")
    return any(os.access(os.path.join(draft.place.root, folder, name), os.X_OK) for name in HOOKS)


def mended(draft: Draft, tree: str, before: Mapping[str, Stamp]) -> list[str]:
    """Return the paths that changed, here or in the draft, since that was the tree and `before` its stamps."""
    # "nothing changed" was said though a formatter in a pre-commit hook had rewritten the file.
    staged = [change.path for change in changes(draft.place.root, tree, draft.tree())]
    now = stamps(draft)
    return sorted({*staged, *(path for path in {*now, *before} if now.get(path) != before.get(path))})


def stamps(draft: Draft) -> dict[str, Stamp]:
    """Return the unsaved paths, each with what changes when somebody writes it."""
    return {path: _stamp(os.path.join(draft.place.root, path)) for path in unsaved(draft)}


def _stamp(path: str) -> Stamp:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def unsaved(draft: Draft) -> list[str]:
    """Return what makes the working tree another than the draft: paths changed, untracked, left out or not looked at.

    Ignored files are the machine's, not the tree's.
    """
    state = parse_status(draft.checked("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all"))
    blind = [entry[2:] for entry in draft.checked("ls-files", "-v", "-z").split("\0") if entry[:1] not in ("H", "")]
    return [*state.conflicted, *state.unstaged, *state.untracked, *blind]
