"""Which lines of a file say what they said before: written in another way, or with another name of the project."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator

from devtools.core.testsyntax import Function

WORD = re.compile(r"\w+")
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
RENAMED = "~"
Named = tuple[str, str]


def unaltered(old: ast.Module | None, new: ast.Module, lines: Collection[int], moved: Collection[str] = ()) -> set[int]:
    """Of the changed lines those whose statements the same function held before; `moved` names count as one.

    Each statement of before serves for one of now, and first for those whose lines did not change.
    """
    if old is None:
        return set()
    left = Counter(_form(*each, moved) for each in _statements(old))
    now = [(_form(qualified, node, moved), node) for qualified, node in _statements(new)]
    fresh = [each for each in now if _lines(each[1]) & set(lines)]
    left -= Counter(form for form, node in now if not _lines(node) & set(lines))
    same, other = set[int](), set[int]()
    for form, node in fresh:
        (same if left[form] > 0 else other).update(_lines(node))
        left[form] -= 1
    return (same - other) & set(lines)


def _statements(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.stmt]]:
    """Each statement with the qualified name of the function or class that holds it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt):
            yield prefix, node
        named = isinstance(node, Function | ast.ClassDef)
        yield from _statements(node, f"{prefix}.{node.name}" if named else prefix)  # type: ignore[attr-defined]


def _form(qualified: str, node: ast.stmt, moved: Collection[str]) -> Named:
    own = type(node)(**{name: [] if name in BLOCKS else value for name, value in ast.iter_fields(node)})
    return _plain(qualified, moved), _plain(ast.dump(own), moved)


def _plain(text: str, moved: Collection[str]) -> str:
    return WORD.sub(lambda word: RENAMED if word[0] in moved else word[0], text)


def _lines(node: ast.stmt) -> set[int]:
    """The statement's own lines, those of its header where it holds others."""
    end = node.end_lineno or node.lineno
    inner = [part for name in BLOCKS for part in getattr(node, name, ()) if hasattr(part, "lineno")]
    start = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    return set(range(start, max(node.lineno + 1, min([end + 1, *(_first(part) for part in inner)]))))


def _first(part: ast.AST) -> int:
    """The line of a statement, of its first decorator where it has some."""
    lines = [int(getattr(each, "lineno", 0)) for each in (part, *getattr(part, "decorator_list", ()))]
    return min(lines)
