"""The way back: files as the cycle holds them, and what was there kept aside first. The index is not touched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from devtools.errors import ToolError, UsageError
from devtools.git import snapshot
from devtools.system import sealed, state
from devtools.system.process import run

FOLDER = "restored"


def restore(root: str, tree: str, paths: Sequence[str]) -> str:
    """Bring the paths back as the tree has them; returns the folder, from the root, that keeps what was there.

    All of it is kept before the first file changes, and each file is replaced whole, so that a kill loses nothing.
    """
    entries = snapshot.entries(root, tree)
    for path in paths:
        _refuse_linked(root, path)
    # First a copy of everything: nobody would take a way back that loses work.
    kept = _free(root)
    for path in paths:
        _keep(os.path.join(root, path), os.path.join(root, kept, path))
    for path in paths:
        if path in entries:
            _bring_back(root, tree, path, entries[path][0])
        else:
            sealed.remove(root, path)
    return kept


def _refuse_linked(root: str, path: str) -> None:
    """UsageError where a folder on the way is a link now: what is restored would be written where it leads."""
    parts = path.split("/")[:-1]
    for count in range(1, len(parts) + 1):
        folder = "/".join(parts[:count])
        if os.path.islink(os.path.join(root, folder)):
            raise UsageError(f"{folder} is a link now", f"remove it, then {path} can be restored")


def _free(root: str) -> str:
    """A new folder with the next number."""
    number = 1
    sealed.make(state.base_of(root), f"{state.FOLDER}/{FOLDER}")
    while True:
        try:
            place = os.path.join(state.folder(root), FOLDER, str(number))
            os.mkdir(place)
            return os.path.relpath(place, root)
        except FileExistsError:
            number += 1


def _keep(path: str, copy: str) -> None:
    if os.path.lexists(path):
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        shutil.copy2(path, copy, follow_symlinks=False)


def _bring_back(root: str, tree: str, path: str, mode: str) -> None:
    """Write one file with the line ends and filters that git would give it."""
    done = run(["git", "cat-file", "--filters", f"{tree}:{path}"], root)
    if done.code:
        raise ToolError(f"git cannot read {path} as it was", done.err.strip().split("\n")[0])
    data = os.fsencode(done.out)
    if mode == "120000":
        sealed.link(root, path, data)
    else:
        permissions = 0o755 if mode == "100755" else 0o644
        sealed.write(root, path, data, permissions, aside=state.folder(root))
