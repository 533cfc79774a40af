"""What a function does, without what only people read."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping

from devtools.syntax.tests import Function

TOLD = frozenset(("print", "debug", "info", "warning", "warn", "error", "exception", "critical", "log", "echo"))


def tells(node: ast.stmt) -> bool:
    """Return whether a statement only says something to people."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in TOLD


def essence(node: Function) -> str:
    """Return what a function does as text, without annotations, logging, words of exceptions and names of locals."""
    plain = _Plain(_locals(node)).visit(copy.deepcopy(node))
    plain.decorator_list = []
    return ast.dump(plain)


def _locals(node: Function) -> dict[str, str]:
    """Return a number for each parameter and each name that is bound, in their order; not for those of the module."""
    # itsdangerous renamed a parameter of _CompactJSON.loads(), and the parent's body survived as a mutant.
    every = list(ast.walk(node))
    outer = {name for each in every if isinstance(each, ast.Global | ast.Nonlocal) for name in each.names}
    bound = [each.arg for each in every if isinstance(each, ast.arg)]
    bound += [each.id for each in every if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]
    return {name: f"{place}" for place, name in enumerate(dict.fromkeys(bound)) if name not in outer}


class _Plain(ast.NodeTransformer):
    def __init__(self, numbers: Mapping[str, str]) -> None:
        self.numbers = numbers

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self.numbers.get(node.arg, node.arg))

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.numbers.get(node.id, node.id), node.ctx)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        return ast.Assign([node.target], node.value) if node.value else None

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if tells(node) else self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            node.exc.args, node.exc.keywords = [], []
        return node
