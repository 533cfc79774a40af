"""What there is to plan: the uncommitted changes, those that no plan can hold, and a plan written to a file."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from devtools.errors import UsageError
from devtools.git import objects, snapshot
from devtools.git import status as git
from devtools.git.draft import Head, head
from devtools.plan.changes import diff
from devtools.plan.hunks import FileChange
from devtools.project import dependencies


@dataclass(frozen=True)
class Uncommitted:
    """Changes from the tree `base` to the working tree, blobs of those with lines, and (path, why) of the rest.

    `generated` are the changed paths that .gitattributes marks linguist-generated.
    """

    head: Head
    base: str
    changes: tuple[FileChange, ...]
    texts: dict[str, str] = field(repr=False)
    left: tuple[tuple[str, str], ...]
    generated: frozenset[str] = frozenset()


def uncommitted(root: str, own: Iterable[os.stat_result]) -> Uncommitted:
    """Return all that is staged, changed and untracked.

    `own` are files that are no part of it, such as the plan itself.
    """
    now = head(root)
    base = now.tree or snapshot.EMPTY_TREE
    state = git.state(root)
    mine = {(file.st_dev, file.st_ino) for file in own if stat.S_ISREG(file.st_mode)}
    reasons = dict.fromkeys(state.conflicted, "it holds a conflict: resolve it, then git add it")
    # A plan once proposed to commit the .venv.
    environments = dependencies.environments(state.untracked)
    reasons |= dict.fromkeys((f"{folder}/" for folder in environments), "an environment: add it to .gitignore")
    changes = []
    tree = snapshot.worktree_tree(root)
    for change in diff(root, base, tree):
        if change.created and dependencies.inside(change.path, environments):
            continue
        reason = reasons.get(change.path) or _reason(root, change, mine, state)
        if reason:
            reasons[change.path] = reason
        else:
            changes.append(change)
    seen = {path for change in changes for path in (change.path, change.old_path)}
    for path in (*state.staged, *state.unstaged):
        if path not in seen:
            reasons.setdefault(path, _unseen(root, path))
    generated = frozenset(objects.generated(root, tree, (change.path for change in changes)))
    return Uncommitted(now, base, tuple(changes), _texts(root, changes), tuple(sorted(reasons.items())), generated)


def _reason(root: str, change: FileChange, own: set[tuple[int, int]], state: git.TreeState) -> str:
    """Why a change cannot be planned; empty where it can."""
    if not change.created:
        return ""
    if change.new_mode == snapshot.GITLINK and change.path not in state.staged:
        return "a repository of its own: git submodule add it, or ignore it"
    found = os.lstat(os.path.join(root, change.path))
    return "the plan itself" if (found.st_dev, found.st_ino) in own else ""


def _unseen(root: str, path: str) -> str:
    """Why git calls a path changed although its content is that of the last commit."""
    if os.path.isdir(os.path.join(root, path)):
        return "changed inside the submodule: commit there first"
    return "staged, but the working tree has the last commit's content"


def _texts(root: str, changes: Iterable[FileChange]) -> dict[str, str]:
    lined = [change for change in changes if any(hunk.kind == "text" for hunk in change.hunks)]
    return objects.blobs(root, (name for change in lined for name in (change.old_id, change.new_id) if name.strip("0")))


def load(path: str) -> Any:
    """Return the JSON in a file. UsageError where there is none."""
    try:
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)
    except OSError as error:
        raise UsageError(f"cannot read {path}", error.strerror or str(error)) from error
    except ValueError as error:
        raise UsageError(f"{path} is not JSON", f"{error}: write it with devtools commit --plan --json") from error
