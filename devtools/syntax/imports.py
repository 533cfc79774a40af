"""Which files a change can reach through imports, read off the text: more than need be, never fewer that are named."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

from devtools.syntax.layout import module_names

FROM = re.compile(r"^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]+)", re.M)
PLAIN = re.compile(r"^[ \t]*import[ \t]+([^\n]+)", re.M)
# A module named in a text is taken for imported: tables of lazily loaded modules, monkeypatch paths, `python -m name`
# and `python -c 'import name'`. A bare word is no module.
# With bare words, '__main__' and 'tests' tied all files together: one change in core reached 60 test files, now 10.
TEXT = re.compile(r"""["']((?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*)|["'](?:-m["'],\s*["']|import |from )([A-Za-z_][\w.]*)""")
WORD = re.compile(r"[A-Za-z_][\w.]*")


def mentions(path: str, text: str) -> frozenset[str]:
    """Return dotted names that the file may import; relative ones as `/folder/name`."""
    found = set()
    for module, names in FROM.findall(text):
        base = _absolute(path, module)
        found.add(base)
        joint = "/" if module.startswith(".") else "."
        found |= {
            f"{base}{joint}{name}" for name in WORD.findall(names.partition("#")[0] if "(" not in names else names)
        }
    for names in PLAIN.findall(text):
        found |= set(WORD.findall(names))
    return frozenset(found | {dotted or started for dotted, started in TEXT.findall(text)})


def reached(changed: Iterable[str], imports: Mapping[str, frozenset[str]], roots: Iterable[str]) -> set[str]:
    """Return all files that import one of the changed ones, over any number of steps; a conftest reaches all below it.

    `imports` maps every Python file to its mentions. A changed file that is no Python is used by its folder's modules.
    """
    return _spread(changed, users(imports, roots), imports)


def users(imports: Mapping[str, frozenset[str]], roots: Iterable[str]) -> dict[str, set[str]]:
    """Return for each file the files that may import it in one step; for a conftest, all files below it."""
    found: dict[str, set[str]] = {}
    modules: dict[str, str] = {}
    for path in imports:
        for name in module_names(path, roots):
            modules[name] = path
        modules["/" + path[:-3].removesuffix("/__init__")] = path
    for path, names in imports.items():
        for name in names:
            for target in _targets(name, modules) or _nearby(path, name, modules):
                found.setdefault(target, set()).add(path)
    for path in imports:
        if posixpath.basename(path) == "conftest.py":
            folder = posixpath.dirname(path)
            found.setdefault(path, set()).update(
                each for each in imports if not folder or each.startswith(folder + "/")
            )
    return found


def _spread(changed: Iterable[str], users: Mapping[str, set[str]], imports: Mapping[str, frozenset[str]]) -> set[str]:
    waiting = []
    for path in changed:
        beside = posixpath.dirname(path)
        waiting += [path] if path.endswith(".py") else [each for each in imports if posixpath.dirname(each) == beside]
    found: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += users.get(path, ())
    return found


def _targets(name: str, modules: Mapping[str, str]) -> list[str]:
    """The module itself and the packages around it, whose __init__ runs with it."""
    joint = "/" if name.startswith("/") else "."
    found = []
    while name:
        if name in modules:
            found.append(modules[name])
        name = name.rpartition(joint)[0]
    return found


def _nearby(path: str, name: str, modules: Mapping[str, str]) -> list[str]:
    """What a test means by a bare name: pytest puts the folders of test files and conftests on the path."""
    folder = posixpath.dirname(path)
    found: list[str] = []
    while folder and not found and not name.startswith("/"):
        stem = f"/{folder}/{name.replace('.', '/')}"
        places = [stem, stem.rpartition("/")[0]] if "." in name else [stem]
        found = [modules[each] for each in places if each in modules]
        folder = posixpath.dirname(folder)
    return found


def _absolute(path: str, module: str) -> str:
    dots = len(module) - len(module.lstrip("."))
    if not dots:
        return module
    folder = path
    for _ in range(dots):
        folder = posixpath.dirname(folder)
    return "/" + posixpath.join(folder, module[dots:].replace(".", "/")).rstrip("/")
