"""Examples in docstrings as tests: which are new, and how they are laid over code that does not have them."""

from __future__ import annotations

import ast
import fnmatch
import posixpath
import shlex
from collections.abc import Collection, Mapping
from itertools import pairwise

from devtools.syntax.tests import Function

MODULES, GLOB = "--doctest-modules", "--doctest-glob"
GOT = "\nGot"
MISSING = ("NameError: name '{}'", "has no attribute '{}'", "cannot import name '{}'", "No module named '{}'")


def wanted(options: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether pytest runs the examples of modules, and the patterns of other files whose examples it runs."""
    try:
        words = shlex.split(options)
    except ValueError:
        return False, ()
    globs = [word.partition("=")[2] for word in words if word.startswith(GLOB + "=")]
    globs += [after for word, after in pairwise(words) if word == GLOB]
    return MODULES in words, tuple(globs)


def matches(path: str, globs: Collection[str]) -> bool:
    return any(fnmatch.fnmatch(posixpath.basename(path), each) or fnmatch.fnmatch(path, each) for each in globs)


def fresh(old: bytes | None, new: bytes | None) -> dict[str, str]:
    """Return the docstrings with examples that are new or changed, by qualified name; the module's by no name."""
    before = _examples(old)
    return {name: text for name, text in _examples(new).items() if before.get(name) != text}


def carried(old: bytes | None, examples: Mapping[str, str]) -> str:
    """Return the old module with these examples, where doctest looks for them beside docstrings."""
    return f"{(old or b'').decode('utf-8', 'replace')}\n\n__test__ = {dict(examples)!r}\n"


def tells(text: str, came: Collection[str]) -> bool:
    """Return whether an example failed by another result, or by a name that production gained since."""
    return GOT in text or any(form.format(name) in text for name in came for form in MISSING)


def _examples(source: bytes | None) -> dict[str, str]:
    try:
        tree = ast.parse(source or b"")
    except (SyntaxError, ValueError):
        return {}
    found: dict[str, str] = {}
    waiting: list[tuple[str, ast.AST]] = [("", tree)]
    for name, node in waiting:
        if isinstance(node, Function | ast.ClassDef | ast.Module):
            text = ast.get_docstring(node) or ""
            found |= {name: text} if ">>>" in text else {}
        if isinstance(node, ast.ClassDef | ast.Module):
            inner = [each for each in node.body if isinstance(each, Function | ast.ClassDef)]
            waiting += [(f"{name}.{each.name}".lstrip("."), each) for each in inner]
    return found
