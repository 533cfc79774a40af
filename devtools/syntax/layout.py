"""Where a tree keeps its importable code, read off its paths."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import NamedTuple

SOURCE_FOLDERS = ("src", "lib", "python")


class Layout(NamedTuple):
    """`roots` are the folders that imports start from, `names` the regular top-level modules and packages in them,
    `tops` these and the first names of namespace packages."""

    roots: tuple[str, ...]
    names: frozenset[str]
    tops: frozenset[str]


def layout(paths: Iterable[str]) -> Layout:
    """Read the layout off the paths of the production files."""
    # Only paths are read: a snapshot stands in for an editable install, so its names are needed before Python starts.
    files = sorted(path for path in paths if path.endswith(".py"))
    known = set(files)
    roots = {"", *(_root(path, known) for path in files)}
    names, tops = set(), set()
    for path in files:
        for root in roots:
            if root and not path.startswith(root + "/"):
                continue
            inside = path[len(root) + 1 :] if root else path
            first, below, _ = inside.partition("/")
            name = first if below else first.removesuffix(".py")
            if not below or posixpath.join(root, first, "__init__.py") in known:
                names.add(name)
            if name not in roots:
                tops.add(name)
    ordered = tuple(sorted(roots, key=lambda root: (root == "", root)))
    return Layout(ordered, frozenset(names), frozenset(tops))


def module_names(path: str, roots: Iterable[str]) -> list[str]:
    """Return the dotted names under which a file can be imported."""
    found = []
    for root in roots:
        if path.endswith(".py") and (not root or path.startswith(root + "/")):
            inside = path[len(root) + 1 if root else 0 : -3]
            found.append(inside.removesuffix("/__init__").replace("/", "."))
    return found


def _root(path: str, known: set[str]) -> str:
    """The folder above the topmost package around the file; `src` and the like are roots, whatever they hold."""
    first = path.partition("/")[0]
    if first in SOURCE_FOLDERS and f"{first}/__init__.py" not in known:
        return first
    folder = posixpath.dirname(path)
    if f"{folder}/__init__.py" not in known:
        return ""
    while f"{folder}/__init__.py" in known:
        folder = posixpath.dirname(folder)
    return folder
