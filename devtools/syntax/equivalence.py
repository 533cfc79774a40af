"""Which lines of a file say what they said before: in another way, with another name of the project or of an import."""

from __future__ import annotations

import ast
import copy
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from devtools.syntax.tests import Function

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
    # itsdangerous wrote `import json as _json` for `import json`, and was unproved for three untested lines.
    old, new = _resolved(old), _resolved(new)
    left = Counter(_form(*each, moved) for each in _statements(old))
    now = [(_form(qualified, node, moved), node) for qualified, node in _statements(new)]
    fresh = [each for each in now if _lines(each[1]) & set(lines)]
    left -= Counter(form for form, node in now if not _lines(node) & set(lines))
    same, other = set[int](), set[int]()
    for form, node in fresh:
        (same if left[form] > 0 else other).update(_lines(node))
        left[form] -= 1
    # Two statements of one line are the same only together.
    return (same - other) & set(lines)


def _resolved(tree: ast.Module) -> ast.Module:
    """Return the module with each imported name as that for which it stands: `_t.cast` and `cast` are `typing.cast`."""
    every = list(ast.walk(tree))
    bound = {each.id for each in every if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
    bound |= {each.arg for each in every if isinstance(each, ast.arg)}
    bound |= {each.name for each in every if isinstance(each, Function | ast.ClassDef)}
    # A name that the file binds in another way too may stand for that.
    known = {name: target for node in tree.body for name, target in _imported(node) if name not in bound}
    return _Resolution(known).visit(copy.deepcopy(tree))  # type: ignore[no-any-return]


def _imported(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield the names that an import binds to something of another name, with that name."""
    if isinstance(node, ast.Import):
        yield from ((each.asname, each.name) for each in node.names if each.asname)
    elif isinstance(node, ast.ImportFrom):
        module = "." * node.level + (f"{node.module}." if node.module else "")
        yield from ((each.asname or each.name, module + each.name) for each in node.names)


class _Resolution(ast.NodeTransformer):
    """Write dotted names as one, and leave out the annotations within functions, which nothing evaluates."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known, self.depth = known, 0

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.copy_location(ast.Name(self.known.get(node.id, node.id), node.ctx), node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        whole = isinstance(node.value, ast.Name)
        return ast.copy_location(ast.Name(f"{node.value.id}.{node.attr}", node.ctx), node) if whole else node  # type: ignore[attr-defined]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._within(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._within(node)

    def _within(self, node: ast.AST) -> ast.AST:
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        plain = self.depth and node.value is not None
        return ast.copy_location(ast.Assign([node.target], node.value), node) if plain else node  # type: ignore[arg-type]


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
