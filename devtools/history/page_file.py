"""The page of the history on disk: a new file, or one that we have made, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator

from devtools.errors import UsageError
from devtools.history.template import MARK
from devtools.system import sealed, state

GUARDED = frozenset((".git", ".claude", ".devtools"))
HINT = "name a new file, or a page that devtools history has made"


def save(path: str, text: str) -> None:
    """Write a page, whole or not at all. UsageError where that cannot be, or where the file is not ours to write."""
    named = os.path.abspath(path)
    real = os.path.join(os.path.realpath(os.path.dirname(named)), os.path.basename(named))
    # A page was once written wherever a model asked: over .git/config, the client's settings, a source, or through a
    # link.
    reason = _held(named) or _held(real) or _linked(named, real) or _taken(real)
    if reason:
        raise UsageError(f"cannot write {path}: {reason}", HINT)
    try:
        if not os.path.isdir(os.path.dirname(real)):
            raise NotADirectoryError(20, "its folder is not there")
        sealed.write(os.path.dirname(real), os.path.basename(real), text.encode("utf-8", "replace"), mode=0o644)
    except OSError as error:
        raise UsageError(f"cannot write {path}", error.strerror or str(error)) from error


def _held(path: str) -> str:
    """Why nothing is written there: it belongs to git, to Claude Code or to the state."""
    if any(part.casefold() in GUARDED for part in path.split(os.sep)) or any(map(state.is_git_folder, _above(path))):
        return "no page goes where git, Claude Code or devtools keep their own"
    return ""


def _linked(named: str, real: str) -> str:
    """Why nothing is written through a link: one that a repository ships may lead anywhere."""
    root = state.root_of(os.path.dirname(named))
    inside = os.path.relpath(named, root) if root else ""
    if os.path.islink(named) or (root and os.path.join(os.path.realpath(root), inside) != real):
        return "a link leads elsewhere"
    return ""


def _taken(path: str) -> str:
    """Why a file that is there stays: it has not the mark of our pages at its head."""
    if not os.path.lexists(path):
        return ""
    try:
        head = sealed.head(os.path.dirname(path), os.path.basename(path), len(MARK))
    except OSError as error:
        return error.strerror or str(error)
    return "" if head == MARK.encode() else "it is there, and no page of ours"


def _above(path: str) -> Iterator[str]:
    while (above := os.path.dirname(path)) != path:
        yield above
        path = above
