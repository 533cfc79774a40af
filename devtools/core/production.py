"""Production code on the syntax tree: which changed statements can be executed, which functions are new."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Collection, Iterator
from typing import NamedTuple

from devtools.core.testsyntax import Function, functions_of

SILENT = (ast.Pass, ast.Global, ast.Nonlocal)
STUBS = frozenset(("overload", "abstractmethod", "abstractproperty"))


class Statement(NamedTuple):
    """A statement's own lines, those of its header where it holds others."""

    line: int
    column: int
    end: int


class NewFunction(NamedTuple):
    """A function of the new snapshot that the parent did not have."""

    name: str
    line: int
    column: int


def same_code(old: ast.Module | None, new: ast.Module | None) -> bool:
    """Whether nothing but comments, docstrings and formatting differs."""
    return old is not None and new is not None and ast.dump(old) == ast.dump(new)


def definitions(tree: ast.Module | None) -> set[str]:
    """The dumps of all functions, classes and module-level statements, by which code that only moved is known."""
    if tree is None:
        return set()
    found = {ast.dump(node) for node in tree.body}
    return found | {ast.dump(node) for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)}


def named(tree: ast.Module | None) -> set[str]:
    """The names of all functions and classes of a file."""
    return {node.name for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)} if tree else set()


def changed_statements(tree: ast.Module, lines: Collection[int], known: Collection[str] = ()) -> list[Statement]:
    """The executable statements that touch one of the lines, without those of definitions that only moved.

    Not executable: docstrings, `pass`, `...`, declarations, bodies of stubs and protocols, code for type checkers, for
    another platform or Python, what follows on an optional import, and code for `__name__ == "__main__"`. A comment
    that excludes code from coverage counts for nothing here: a proof is not asked off.
    """
    found = []
    for node in _executable(tree.body, frozenset(known), top=True):
        start, end = _span(node)
        if any(line in lines for line in range(start, end + 1)):
            found.append(Statement(node.lineno, node.col_offset, end))
    return sorted(found)


def new_functions(old: ast.Module | None, new: ast.Module, known: Collection[str] = ()) -> list[NewFunction]:
    """Functions with a name that the old file does not have and a body that does something."""
    before = {name for name, _ in functions_of(old)} if old else set()
    return [
        NewFunction(name, node.lineno, node.col_offset)
        for name, node in functions_of(new)
        if name not in before and ast.dump(node) not in known and not _is_stub(node) and not _is_trivial(node.body)
    ]


def _executable(block: list[ast.stmt], known: frozenset[str], top: bool = False) -> Iterator[ast.stmt]:
    for node in block:
        definition = isinstance(node, Function | ast.ClassDef)
        if known and (top or definition) and ast.dump(node) in known:
            continue
        if not _is_silent(node):
            yield node
        for inner in _blocks(node):
            yield from _executable(inner, known)


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement that can run here."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_stub(node):
        return
    if isinstance(node, ast.ClassDef) and any(_last_name(base) == "Protocol" for base in node.bases):
        return
    taken = _taken(node.test) if isinstance(node, ast.If) else None
    if taken is not False and isinstance(body := getattr(node, "body", None), list):
        yield body
    optional = isinstance(node, ast.Try) and _is_optional_import(node)
    if taken is not True and not optional:
        yield getattr(node, "orelse", [])
    yield getattr(node, "finalbody", [])
    if optional:
        return
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body


def _is_optional_import(node: ast.Try) -> bool:
    """Whether nothing but imports is tried: what follows on them depends on what is installed, not on the tests."""
    caught = {_last_name(handler.type) for handler in node.handlers}
    return caught <= {"ImportError", "ModuleNotFoundError"} and all(
        isinstance(each, ast.Import | ast.ImportFrom) for each in node.body
    )


def _taken(test: ast.expr) -> bool | None:
    """What a condition is that depends on checker, start or platform alone; None for every other one."""
    if _last_name(test) == "TYPE_CHECKING":
        return False
    if isinstance(test, ast.Compare) and _last_name(test.left) == "__name__":
        return False
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    plain = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Attribute, ast.Subscript, ast.Tuple, ast.Constant, ast.Name)
    simple = all(isinstance(node, plain) for node in ast.walk(test) if isinstance(node, ast.expr))
    parts = {node.attr for node in ast.walk(test) if isinstance(node, ast.Attribute)}
    if not (names and names <= {"sys", "os"} and parts <= {"version_info", "platform", "name"} and simple):
        return None
    try:
        code = compile(ast.fix_missing_locations(ast.Expression(test)), "<condition>", "eval")
        return bool(eval(code, {"__builtins__": {}, "sys": sys, "os": os}))
    except Exception:
        return None


def _span(node: ast.stmt) -> tuple[int, int]:
    decorators = [decorator.lineno for decorator in getattr(node, "decorator_list", ())]
    start, end = min([node.lineno, *decorators]), node.end_lineno or node.lineno
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if isinstance(body, list):
        first = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
        first_line = min([first.lineno, *(item.lineno for item in getattr(first, "decorator_list", ()))])
        end = max(node.lineno, first_line - 1)
    return start, end


def _is_silent(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.AnnAssign):
        return node.value is None
    return isinstance(node, SILENT) or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


def _is_stub(node: Function) -> bool:
    return any(_last_name(decorator) in STUBS for decorator in node.decorator_list)


def _is_trivial(body: list[ast.stmt]) -> bool:
    """Whether the body returns None already, or says that there is none."""
    return all(_is_silent(node) or _gives_none(node) or _is_unwritten(node) for node in body)


def _gives_none(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Return):
        return False
    return node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)


def _is_unwritten(node: ast.stmt) -> bool:
    raised = node.exc if isinstance(node, ast.Raise) else None
    return _last_name(raised.func if isinstance(raised, ast.Call) else raised) == "NotImplementedError"


def _last_name(node: ast.expr | None) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
