"""Installed things in the tree: virtual environments and node_modules, which git should ignore: nobody's work."""

from __future__ import annotations

from collections.abc import Collection, Iterable

MARK = "pyvenv.cfg"
MODULES = "node_modules"


def environments(untracked: Iterable[str]) -> list[str]:
    """Return the topmost folders of environments among paths that git neither tracks nor ignores."""
    found = set()
    for path in untracked:
        folder, _, name = path.rpartition("/")
        parts = path.split("/")
        # 2,672 files of a .venv that git did not ignore counted as untracked work.
        if name == MARK and folder:
            found.add(folder)
        elif MODULES in parts[:-1]:
            found.add("/".join(parts[: parts.index(MODULES) + 1]))
    return sorted(folder for folder in found if not inside(folder, found - {folder}))


def inside(path: str, folders: Collection[str]) -> bool:
    """Return whether the path lies in one of the folders."""
    return any(path.startswith(f"{folder}/") for folder in folders)


def advice(folders: Iterable[str]) -> list[str]:
    """Return a line for each such folder: what it is, and how to make git leave it alone."""
    return [f"{folder}/ is an environment that git does not ignore: add it to .gitignore" for folder in folders]
