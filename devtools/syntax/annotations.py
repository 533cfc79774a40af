"""Whether two versions of a file differ by nothing but types, which no test can see."""

from __future__ import annotations

import ast
import copy

from devtools.syntax.conditions import Names
from devtools.syntax.tests import Function

TYPING = frozenset(("typing", "typing_extensions", "collections.abc", "__future__", "types", "_typeshed"))
# Decorators that do not read the types of what they decorate; a command line or a web framework does.
BLIND = frozenset(
    (
        *("property", "setter", "staticmethod", "classmethod", "abstractmethod", "override", "overload", "final"),
        *("cache", "lru_cache", "cached_property", "wraps", "contextmanager", "asynccontextmanager"),
    )
)


def same_but_types(old: ast.Module | None, new: ast.Module | None) -> bool:
    """Return whether annotations of functions and variables, and imports for them, are all that differs."""
    return old is not None and new is not None and _untyped(old) == _untyped(new)


def _untyped(tree: ast.Module) -> str:
    return ast.dump(_Untyped(Names(tree)).visit(copy.deepcopy(tree)))


class _Untyped(ast.NodeTransformer):
    """Takes types away where nothing reads them; fields of classes keep theirs."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def visit_Module(self, node: ast.Module) -> ast.AST:
        node.body = self._written(node.body)
        return self.generic_visit(node)

    def _written(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The body without typing's overloads that a function of the same name replaces further down."""
        # A fix that only adds overloads was unproved, though no test can see them.
        # The last definition counts: a dummy below the function would take its place.
        last = {each.name: each for each in body if isinstance(each, Function)}
        return [
            each
            for each in body
            if not isinstance(each, Function) or not self._is_overload(each) or self._is_overload(last[each.name])
        ]

    def _is_overload(self, node: Function) -> bool:
        return any(self.names.is_typing(each, "overload") for each in node.decorator_list)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._bare(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._bare(node)

    def _bare(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        if all(_last(each) in BLIND for each in node.decorator_list):
            node.returns = None
            for each in ast.walk(node.args):
                if isinstance(each, ast.arg):
                    each.annotation = None
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = self._written(node.body)
        # Data classes, command lines and web frameworks read the types of fields.
        fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
        types = [each.annotation for each in fields]
        self.generic_visit(node)
        for each, annotation in zip(fields, types, strict=True):
            each.annotation = annotation
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        return None if node.module in TYPING and not node.level else node

    def visit_Import(self, node: ast.Import) -> ast.AST | None:
        return None if all(each.name in TYPING for each in node.names) else node

    def visit_If(self, node: ast.If) -> ast.AST | None:
        """What is there for type checkers alone holds nothing but imports, so that no code hides in it."""
        plain = all(isinstance(each, ast.Import | ast.ImportFrom) for each in node.body) and not node.orelse
        return None if _last(node.test) == "TYPE_CHECKING" and plain else self.generic_visit(node)


def _last(node: ast.expr) -> str:
    name = node.func if isinstance(node, ast.Call) else node
    return name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""
