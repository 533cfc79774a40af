"""Conditions that no test can turn: those of type checkers, of the platform, and of a start as a script.

A name means what the file binds it to. A flag or a decorator that only has the name of typing's own is the module's.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Collection
from functools import cached_property

TYPING = ("typing", "typing_extensions")
# With one of these a module may change its own names unseen.
REFLECTION = frozenset(("globals", "vars", "locals", "exec", "eval", "setattr", "__dict__", "import_module", "modules"))
PLAIN = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Attribute, ast.Subscript, ast.Tuple, ast.Constant, ast.Name)


class Names:
    """What the names of one file are bound to."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree

    @cached_property
    def _bound(self) -> dict[str, set[str]]:
        """Name -> what its imports call it by full names; the empty text for any other way to bind it."""
        found: dict[str, set[str]] = {}
        for node in ast.walk(self.tree):
            for name, origin in _bindings(node):
                found.setdefault(name, set()).add(origin)
        return found

    def is_typing(self, node: ast.expr | None, name: str) -> bool:
        """Return whether the expression is this name of the typing module, and nothing else."""
        return self._origins(node) <= {f"{module}.{name}" for module in TYPING} and bool(self._origins(node))

    def is_library(self, name: str) -> bool:
        """Return whether the name is that module of the standard library wherever the file binds it."""
        return self._bound.get(name) == {name}

    def _origins(self, node: ast.expr | None) -> set[str]:
        if isinstance(node, ast.Name):
            return self._bound.get(node.id, set())
        if isinstance(node, ast.Attribute):
            return {f"{origin}.{node.attr}" for origin in self._origins(node.value)}
        return set()

    def is_off(self, name: str) -> bool:
        """Return whether the module sets this flag of its own once, to False, and cannot change it."""
        sets = [node for node in self.tree.body if isinstance(node, ast.Assign) and _names(node.targets) == [name]]
        once = len([node for node in ast.walk(self.tree) if any(each == name for each, _ in _bindings(node))]) == 1
        false = len(sets) == 1 and isinstance(sets[0].value, ast.Constant) and sets[0].value.value is False
        return once and false and not self._reflects

    @cached_property
    def _reflects(self) -> bool:
        used = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(self.tree)}
        return bool(used & REFLECTION)


def taken(test: ast.expr, names: Names, at_import: bool) -> bool | None:
    """Return what a condition is whatever the tests do; None for every other one.

    `at_import` says that it stands where the module is loaded, so that code of functions cannot ask it again.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = taken(test.operand, names, at_import)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        return _joined([taken(each, names, at_import) for each in test.values], isinstance(test.op, ast.Or))
    if names.is_typing(test, "TYPE_CHECKING"):
        return False
    # Code hid behind a module's own flag of this name: it counts only where it is False once and for all.
    if at_import and isinstance(test, ast.Name) and test.id == "TYPE_CHECKING" and names.is_off(test.id):
        return False
    if at_import and isinstance(test, ast.Compare) and _is_start(test):
        # What stands below `!=` runs at every import. It was taken for code of a script, too.
        return isinstance(test.ops[0], ast.NotEq)
    return _of_platform(test, names)


def _joined(parts: Collection[bool | None], deciding: bool) -> bool | None:
    """One deciding part is enough; without one all have to be known."""
    if deciding in parts:
        return deciding
    return None if None in parts else not deciding


def _is_start(test: ast.Compare) -> bool:
    """Whether the condition compares `__name__` with `"__main__"`."""
    sides = [test.left, *test.comparators]
    named = [side for side in sides if isinstance(side, ast.Name) and side.id == "__name__"]
    main = [side for side in sides if isinstance(side, ast.Constant) and side.value == "__main__"]
    return len(sides) == 2 and bool(named and main) and isinstance(test.ops[0], ast.Eq | ast.NotEq)


def _of_platform(test: ast.expr, names: Names) -> bool | None:
    every = [node for node in ast.walk(test) if isinstance(node, ast.expr)]
    used = {node.id for node in every if isinstance(node, ast.Name)}
    parts = {node.attr for node in every if isinstance(node, ast.Attribute)}
    fixed = used and used <= {"sys", "os"} and parts <= {"version_info", "platform", "name"} and parts
    if not fixed or not all(isinstance(node, PLAIN) for node in every) or not all(map(names.is_library, used)):
        return None
    try:
        # Only names of sys and os are left in it, so that no code of the project runs here.
        code = compile(ast.fix_missing_locations(ast.Expression(test)), "<condition>", "eval")
        return bool(eval(code, {"__builtins__": {}, "sys": sys, "os": os}))
    except Exception:
        return None


def _bindings(node: ast.AST) -> list[tuple[str, str]]:
    """The names that a node binds, each with what an import calls it by its full name."""
    if isinstance(node, ast.Import):
        return [(alias.asname or alias.name.partition(".")[0], _full(alias)) for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = "." * node.level + (node.module or "")
        return [(alias.asname or alias.name, f"{base}.{alias.name}") for alias in node.names]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [(node.name, "")]
    if isinstance(node, ast.Global | ast.Nonlocal):
        return [(name, "") for name in node.names]
    if isinstance(node, ast.Name | ast.Attribute):
        bound = node.id if isinstance(node, ast.Name) else node.attr
        return [] if isinstance(node.ctx, ast.Load) else [(bound, "")]
    if isinstance(node, ast.arg):
        return [(node.arg, "")]
    held = getattr(node, "name", None) or getattr(node, "rest", None)  # except ... as, and patterns of match
    return [(held, "")] if isinstance(held, str) and not isinstance(node, ast.alias) else []


def _full(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.partition(".")[0]


def _names(targets: list[ast.expr]) -> list[str]:
    return [target.id for target in targets if isinstance(target, ast.Name)]
