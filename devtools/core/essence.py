"""What a function does, without what only people read."""

from __future__ import annotations

import ast
import copy

from devtools.core.testsyntax import Function

TOLD = frozenset(("print", "debug", "info", "warning", "warn", "error", "exception", "critical", "log", "echo"))


def tells(node: ast.stmt) -> bool:
    """Return whether a statement only says something to people."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in TOLD


def essence(node: Function) -> str:
    """Return what a function does as text, without annotations, logging and the words of exceptions."""
    plain = _Plain().visit(copy.deepcopy(node))
    plain.decorator_list = []
    return ast.dump(plain)


class _Plain(ast.NodeTransformer):
    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

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
