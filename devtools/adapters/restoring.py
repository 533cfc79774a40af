"""The way back: files as the cycle holds them, and what was there kept aside first. The index is not touched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from devtools.adapters import snapshot, state
from devtools.adapters.process import run
from devtools.core.errors import ToolError

FOLDER = "restored"


def restore(root: str, tree: str, paths: Sequence[str]) -> str:
    """Bring the paths back as the tree has them; returns the folder, from the root, that keeps what was there.

    All of it is kept before the first file changes, and each file is replaced whole, so that a kill loses nothing.
    """
    entries = snapshot.entries(root, tree)
    kept = _free(root)
    for path in paths:
        _keep(os.path.join(root, path), os.path.join(root, kept, path))
    for path in paths:
        if path in entries:
            _bring_back(root, tree, path, entries[path][0])
        elif os.path.lexists(os.path.join(root, path)):
            os.unlink(os.path.join(root, path))
    return kept


def _free(root: str) -> str:
    """A new folder with the next number."""
    number = 1
    while True:
        try:
            place = os.path.join(state.folder(root), FOLDER, str(number))
            os.makedirs(place)
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
    place = os.path.join(root, path)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    temporary = f"{place}.devtools-{os.getpid()}"
    if mode == "120000":
        os.symlink(os.fsencode(done.out), os.fsencode(temporary))
    else:
        with open(temporary, "wb") as stream:
            stream.write(os.fsencode(done.out))
        os.chmod(temporary, 0o755 if mode == "100755" else 0o644)
    os.replace(temporary, place)
