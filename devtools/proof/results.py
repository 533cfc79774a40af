"""Whether what raised within a test was done to a result of production: a key that it has not, a None taken apart.

That is how a changed return value usually fails: `info()['sum']` raises a KeyError before anything is asserted. It
counts where every operation of the statement that can have raised it works on something that production gave.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

from devtools.syntax.tests import File, Function

# A new key of a returned dict, a None that is taken apart, one value more to unpack: so results go red.
KINDS = ("KeyError", "IndexError", "AttributeError", "TypeError", "ValueError", "StopIteration")
ORDERING = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
Names = dict[str, list[ast.AST]]
Node = TypeVar("Node", bound=ast.stmt)


class Sources(NamedTuple):
    """The tests' files, and the top-level names of production's modules."""

    file: Callable[[str], File | None]
    tops: Collection[str]


def is_result(tests: Sources, file: File | None, line: int, kind: str, text: str) -> bool:
    """Return whether the exception that this line of a test raised is about a result of production."""
    if file is None or kind not in KINDS:
        return False
    function = _innermost(list(file.functions.values()), line)
    statement = _innermost([each for each in ast.walk(file.tree) if isinstance(each, ast.stmt)], line)
    # What a test raises itself says nothing about production.
    if function is None or statement is None or isinstance(statement, Function | ast.Raise):
        return False
    found = [(node, values) for node, values in _operations(statement, kind)]
    named = [each for each in found if _is_told(each[0], kind, text)]
    reader = _Reader(tests, file, function)
    return bool(found) and all(any(map(reader.is_given, values)) for _, values in named or found)


def _innermost(nodes: Sequence[Node], line: int) -> Node | None:
    around = [node for node in nodes if node.lineno <= line <= (node.end_lineno or node.lineno)]
    return max(around, key=lambda node: (node.lineno, node.col_offset), default=None)


def _own(statement: ast.stmt) -> Iterator[ast.AST]:
    """The statement's own expressions, not those of the blocks that it holds."""
    yield statement
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from ast.walk(child)


def _operations(statement: ast.stmt, kind: str) -> Iterator[tuple[ast.AST, list[ast.AST]]]:
    """What in the statement can raise this, each with the values on which it depends."""
    looking = kind in ("KeyError", "IndexError", "TypeError")
    for node in _own(statement):
        taken = isinstance(node, ast.Subscript) and looking
        if taken or (isinstance(node, ast.Attribute) and kind == "AttributeError"):
            yield node, [node.value]  # type: ignore[attr-defined]
        elif isinstance(node, ast.Call) and kind != "AttributeError":
            given: list[ast.AST] = [*node.args, *(word.value for word in node.keywords)]
            if not (looking and all(map(_is_literal, given))):
                yield node, [*given, node.func.value if isinstance(node.func, ast.Attribute) else node.func]
        elif kind in ("TypeError", "ValueError"):
            yield from _joining(node, kind)


def _joining(node: ast.AST, kind: str) -> Iterator[tuple[ast.AST, list[ast.AST]]]:
    if isinstance(node, ast.BinOp):
        yield node, [node.left, node.right]
    elif isinstance(node, ast.Compare) and any(isinstance(each, ORDERING) for each in node.ops) and kind == "TypeError":
        yield node, [node.left, *node.comparators]
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node, [node.iter]
    elif isinstance(node, ast.Starred) or (
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple | ast.List)
    ):
        yield node, [node.value]


def _is_literal(node: ast.AST) -> bool:
    return all(not isinstance(each, ast.Name | ast.Call | ast.Attribute) for each in ast.walk(node))


def _is_told(node: ast.AST, kind: str, text: str) -> bool:
    """Whether the words of the exception name what this operation looks up."""
    if isinstance(node, ast.Attribute):
        return f"'{node.attr}'" in text
    if isinstance(node, ast.Subscript) and kind == "KeyError":
        return isinstance(node.slice, ast.Constant) and repr(node.slice.value) == text.strip()
    return False


class _Reader:
    """Follows values through the local names, helpers and fixtures of a test."""

    def __init__(self, tests: Sources, file: File, function: Function, seen: frozenset[int] = frozenset()) -> None:
        self.tests, self.file, self.function = tests, file, function
        # Helpers and fixtures may use each other in a circle.
        self.seen = seen | {id(function)}
        self.names = _bound(function)

    def is_given(self, node: ast.AST, depth: int = 6) -> bool:
        """Whether production has a part in this value."""
        return any(self._is_own(each, depth) for each in ast.walk(node))

    def _is_own(self, node: ast.AST, depth: int) -> bool:
        if isinstance(node, ast.List | ast.Tuple):
            # `python -m package` in a list: what such a child says is a result of production as well.
            words = [each.value for each in node.elts if isinstance(each, ast.Constant)]
            return any(first == "-m" and second in self.tests.tops for first, second in pairwise(words))
        if not isinstance(node, ast.Name) or not depth:
            return False
        if node.id in self.names:
            return any(self.is_given(each, depth - 1) for each in self.names[node.id])
        return any(self._is_made(file, each, node.id) for file, each in self._bindings(node.id))

    def _bindings(self, name: str) -> Iterator[tuple[File, ast.stmt]]:
        """What binds the name in the test's file or, for a fixture, in a conftest above it."""
        yield from ((self.file, each) for each in self.file.names.get(name, ()))
        folder = posixpath.dirname(self.file.path)
        while True:
            conftest = self.tests.file(posixpath.join(folder, "conftest.py"))
            yield from ((conftest, each) for each in conftest.names.get(name, ())) if conftest else ()
            if not folder:
                return
            folder = posixpath.dirname(folder)

    def _is_made(self, file: File, statement: ast.stmt, name: str) -> bool:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            return any(self._is_own(each, 1) for each in _imported(statement, name))
        if isinstance(statement, Function) and id(statement) not in self.seen:
            return _Reader(self.tests, file, statement, self.seen).is_given(ast.Module(statement.body, []))
        value = getattr(statement, "value", None)
        return isinstance(value, ast.AST) and self.is_given(value, 2)


def _imported(statement: ast.Import | ast.ImportFrom, name: str) -> list[ast.AST]:
    """The module that the name is or comes from, as what starts it with -m would say it."""
    named = [each for each in statement.names if (each.asname or each.name.partition(".")[0]) == name]
    modules = [statement.module or "" if isinstance(statement, ast.ImportFrom) else each.name for each in named]
    return [ast.List([ast.Constant("-m"), ast.Constant(each.partition(".")[0])], ast.Load()) for each in modules]


def _bound(function: Function) -> Names:
    """The function's own names and what they are bound to; a parameter is left to fixtures."""
    found: Names = {}
    for node in ast.walk(function):
        values = [getattr(node, name, None) for name in ("value", "iter", "context_expr")]
        targets = [*getattr(node, "targets", ()), getattr(node, "target", None), getattr(node, "optional_vars", None)]
        for value in (each for each in values if isinstance(each, ast.AST)):
            for name in (name for target in targets if isinstance(target, ast.AST) for name in _stored(target)):
                found.setdefault(name, []).append(value)
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in (each.asname or each.name.partition(".")[0] for each in node.names):
                found.setdefault(name, []).extend(_imported(node, name))
    return found


def _stored(target: ast.AST) -> list[str]:
    every = [node for node in ast.walk(target) if isinstance(node, ast.Name)]
    return [node.id for node in every if isinstance(node.ctx, ast.Store)]
