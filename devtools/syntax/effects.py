"""What a module does to others when it is imported: pytest imports every test file before it runs the first test."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

# Calls of these make a value and touch nothing else.
HARMLESS = frozenset(("pytest",))
# Where a call's value is kept, it is mostly there to make that value; not where it is one of these.
TOUCHING = frozenset(
    (
        *("start", "enable", "install", "activate", "register", "setdefault", "update", "append", "insert", "clear"),
        *("pop", "remove", "extend", "add", "setattr", "delattr", "exec", "chdir", "putenv", "patch_all"),
    )
)


def effects(text: str) -> str:
    """Return the statements that may change something outside of the module, as one text; empty where there is none.

    Functions do nothing when they are defined, and imports are another module's affair. A text that cannot be parsed
    stands for itself.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return text
    return "\n".join(ast.unparse(statement) for statement in _acting(tree.body))


def _acting(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom)):
            continue
        if isinstance(statement, ast.ClassDef):
            yield from _acting(statement.body)
        elif _acts(statement):
            yield statement


def _acts(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return _calls(statement.value)
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return not all(_is_name(target) for target in targets) or (
            statement.value is not None and _calls(statement.value, TOUCHING)
        )
    if isinstance(statement, ast.Delete):
        return not all(_is_name(target) for target in statement.targets)
    inner = [value for value in ast.iter_child_nodes(statement) if isinstance(value, ast.stmt)]
    inner += [
        value
        for part in ast.iter_child_nodes(statement)
        if isinstance(part, (ast.ExceptHandler, ast.match_case))
        for value in part.body
    ]
    opened = isinstance(statement, ast.With) and any(_calls(item.context_expr) for item in statement.items)
    return opened or any(True for _ in _acting(inner))


def _is_name(target: ast.expr) -> bool:
    if isinstance(target, (ast.Tuple, ast.List)):
        return all(_is_name(each) for each in target.elts)
    return isinstance(target.value if isinstance(target, ast.Starred) else target, ast.Name)


def _calls(value: ast.AST, names: frozenset[str] | None = None) -> bool:
    """Whether a call is in it, of one of these names or of any but pytest's; what a lambda calls comes later."""
    if isinstance(value, ast.Lambda):
        return False
    if isinstance(value, ast.Call):
        called = value.func.attr if isinstance(value.func, ast.Attribute) else _root(value.func)
        if called in names if names is not None else _root(value.func) not in HARMLESS:
            return True
    return any(_calls(child, names) for child in ast.iter_child_nodes(value))


def _root(value: ast.expr) -> str:
    while isinstance(value, (ast.Attribute, ast.Call, ast.Subscript)):
        value = value.func if isinstance(value, ast.Call) else value.value
    return value.id if isinstance(value, ast.Name) else ""
