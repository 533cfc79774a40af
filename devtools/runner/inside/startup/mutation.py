"""Puts a mutant of the project's code into a process that has the code loaded already, or into a file as it is loaded.

Standard library only; loaded by path beside sitecustomize.py. A mutant is a table of the spec: `number`, `path` from
the root, `kind`, `span` of the node that it replaces, `source` of what stands there instead, `name`.
"""

from __future__ import annotations

import ast
import copy
import gc
import os
import sys
from collections.abc import Iterable
from types import CodeType, FunctionType
from typing import Any

Functions = list[FunctionType]


def apply(tree: ast.Module, mutant: dict[str, Any]) -> None:
    """Change the tree of the file; what is not found stays as it is."""
    kinds = ast.expr if mutant["kind"] == "expression" else ast.stmt
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            for index, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, kinds) and _span(child) == tuple(mutant["span"]):
                    other = _other(child, mutant)
                    if isinstance(value, list):
                        value[index] = other
                    else:
                        setattr(node, field, other)
                    return


def functions(paths: Iterable[str]) -> Functions:
    """Find the functions of these files that the process has."""
    wanted = frozenset(paths)
    return [each for each in gc.get_objects() if type(each) is FunctionType and each.__code__.co_filename in wanted]


def become(mutant: dict[str, Any], path: str, code: CodeType, known: Functions) -> bool:
    """Make the loaded code the mutant's; False where that cannot be done here.

    A file that is not loaded yet is mutated when it is.
    """
    loaded = [each for each in list(sys.modules.values()) if getattr(each, "__file__", None) == path]
    if not loaded:
        return True
    if mutant["kind"] == "value":
        return sum(_bind(module, mutant) for module in loaded) > 0
    # Loaded functions get the mutant's code, so an ordinary run carries no question of mutants and costs no more.
    codes = {(each.co_qualname, each.co_firstlineno): each for each in _codes(code)}
    swapped = 0
    for function in known:
        old = function.__code__
        new = codes.get((old.co_qualname, old.co_firstlineno)) if old.co_filename == path else None
        if new is None or new == old:
            continue
        try:
            function.__code__ = new
        except ValueError:  # it has other free variables
            return False
        swapped += 1
        if mutant["kind"] == "body" and old.co_qualname.replace("<locals>.", "") == mutant["name"]:
            _defaults(function, mutant["source"])
    return bool(swapped)


def _span(node: ast.AST) -> tuple[Any, ...]:
    return tuple(getattr(node, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"))


def _other(node: Any, mutant: dict[str, Any]) -> Any:
    parsed: Any = ast.parse(mutant["source"]).body[0]
    if mutant["kind"] == "expression":
        parsed = parsed.value
    if mutant["kind"] == "body":
        changed = copy.copy(node)
        changed.body, changed.args = parsed.body, parsed.args
        for part in (*parsed.body, parsed.args):
            _place(part, node)
        return changed
    _place(parsed, node)
    return parsed


def _place(tree: ast.AST, where: Any) -> None:
    for node in ast.walk(tree):
        if "lineno" in node._attributes:
            ast.copy_location(node, where)


def _codes(code: CodeType) -> Iterable[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _defaults(function: FunctionType, source: str) -> None:
    """The parent's defaults too, where they are plain values."""
    arguments = ast.parse(source).body[0].args  # type: ignore[attr-defined]
    try:
        function.__defaults__ = tuple(ast.literal_eval(each) for each in arguments.defaults) or None
        pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        function.__kwdefaults__ = {arg.arg: ast.literal_eval(value) for arg, value in pairs if value is not None}
    except (ValueError, TypeError, SyntaxError):
        pass


def _bind(module: Any, mutant: dict[str, Any]) -> bool:
    """Give a name of the module, or of a class of it, another value, and its copies in other modules of the project."""
    statement: Any = ast.parse(mutant["source"]).body[0]
    value = ast.literal_eval(statement.value)
    holder, _, name = mutant["name"].rpartition(".")
    owner = getattr(module, holder, None) if holder else module
    if owner is None or name not in vars(owner):
        return False
    old = vars(owner)[name]
    setattr(owner, name, value)
    root = os.path.dirname(module.__file__)[: -len(os.path.dirname(mutant["path"])) or None]
    for other in list(sys.modules.values()) if not holder else ():
        near = str(getattr(other, "__file__", None) or "").startswith(root)
        if near and vars(other).get(name) is old:
            setattr(other, name, value)
    return True
