"""What the files of two snapshots are to each other: what production imports or links to is production too."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields

from devtools.project.config import Config
from devtools.project.path_kinds import BUILD_FILES
from devtools.syntax.layout import module_names

LINK = "120000"
HOPS = 8


@dataclass(frozen=True)
class Roles(Config):
    """Settings with what is known of the files.

    `packages` are folders with an `__init__.py`, `modules` those with Python that builds nothing, `borrowed` files that
    production imports wherever they lie.
    """

    packages: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    borrowed: frozenset[str] = frozenset()


def with_roles(config: Config, paths: Iterable[str], borrowed: Iterable[str] = ()) -> Roles:
    """Return the same settings that know the paths of the tree."""
    given = {item.name: getattr(config, item.name) for item in fields(Config)}
    python = [posixpath.split(path) for path in paths if path.endswith(".py")]
    roots = {folder for folder, name in python if name == "setup.py"}
    modules = {folder for folder, name in python if name not in BUILD_FILES} - roots
    packages = {folder for folder, name in python if name == "__init__.py"}
    return Roles(**given, packages=frozenset(packages), modules=frozenset(modules), borrowed=frozenset(borrowed))


def borrowed(
    production: Iterable[str],
    others: Iterable[str],
    mentions: Mapping[str, frozenset[str]],
    roots: Iterable[str],
    source: Callable[[str], ast.AST | None],
) -> set[str]:
    """Of the other Python files those that production imports, over any number of steps.

    `mentions` are what the files may import by their text, `source` reads a file where that has to be looked at.
    """
    names: dict[str, str] = {}
    for path in others:
        if path.endswith(".py"):
            stem = path.removesuffix(".py").removesuffix("/__init__")
            names.update(dict.fromkeys([*module_names(path, roots), f"/{stem}"], path))
            names.setdefault(posixpath.basename(stem), path)  # pytest puts the folders of test files on the path
    found: set[str] = set()
    known = {name for path in production for name in module_names(path, roots)}
    waiting = list(production)
    while waiting:
        path = waiting.pop()
        named = names.keys() & (mentions.get(path, frozenset()) - known)
        wanted = named & set(_imported(path, source(path))) if named else set()
        fresh = {names[name] for name in wanted} - found
        found |= fresh
        waiting += fresh
    return found


def _imported(path: str, tree: ast.AST | None) -> Iterable[str]:
    """The modules that the code imports, and the names in them; relative ones as `/folder/name`."""
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base, joint = _base(path, node), "/" if node.level else "."
            yield base
            yield from (f"{base}{joint}{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in ("import_module", "__import__", "run_module"):
                yield str(node.args[0].value)


def _base(path: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    folder = path
    for _ in range(node.level):
        folder = posixpath.dirname(folder)
    return "/" + posixpath.join(folder, (node.module or "").replace(".", "/")).rstrip("/")


def linked(entries: Mapping[str, tuple[str, str]], read: Callable[[str], bytes | None]) -> dict[str, str]:
    """Return paths that are there by a symbolic link, each with the path of the file that it means.

    Of folders all below.
    """
    found: dict[str, str] = {}
    # Followed, because code behind a symbolic link was free of any proof.
    for path, (mode, _) in entries.items():
        target = path
        for _ in range(HOPS if mode == LINK else 0):
            if entries.get(target, ("", ""))[0] != LINK:
                break
            text = (read(target) or b"").decode("utf-8", "surrogateescape")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(target), text))
        if target != path and target in entries:
            found[path] = target
        elif target != path:
            below = [each for each in entries if each.startswith(f"{target}/") and not path.startswith(f"{target}/")]
            found.update({f"{path}{each[len(target) :]}": each for each in below})
    return found
