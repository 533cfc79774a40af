"""Expressions of a statement that may run or not: one line can hold as many branches as ten."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import NamedTuple

from devtools.syntax.conditions import Names, taken

TYPES = ("annotation", "returns", "type_params")


class Branch(NamedTuple):
    """Where an expression stands that another one decides upon."""

    line: int
    column: int
    end: int
    end_column: int


def branches(statement: ast.stmt, lines: Collection[int], names: Names, known: Collection[str] = ()) -> list[Branch]:
    """Return the branches of a statement itself, without those of statements in it, that touch one of the lines.

    Both sides of a conditional expression, what follows on `and` and `or`, what a chain of comparisons calls after its
    first one, the body of a lambda and the element of a comprehension. Without those that cannot run here, and those of
    expressions that the parent had as they are.
    """
    # One line passed with half of it never run: 30 if PYTEST_CURRENT_TEST is set, else 0.
    found = set()
    for node in _own(statement):
        if ast.dump(node) in known:
            continue
        for each in _sides(node, names):
            end = each.end_lineno or each.lineno
            if any(line in lines for line in range(each.lineno, end + 1)):
                found.add(Branch(each.lineno, each.col_offset, end, each.end_col_offset or 0))
    return sorted(found)


def branching(tree: ast.Module | None) -> set[str]:
    """Return the dumps of all expressions of a file that hold branches."""
    kinds = (
        ast.IfExp,
        ast.BoolOp,
        ast.Compare,
        ast.Lambda,
        ast.comprehension,
        ast.ListComp,
        ast.SetComp,
        ast.GeneratorExp,
    )
    return {ast.dump(node) for node in ast.walk(tree) if isinstance(node, (*kinds, ast.DictComp))} if tree else set()


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement that are in no other one: no types, which nobody asks, and no words of an assert."""
    for field, value in ast.iter_fields(node):
        for inner in value if isinstance(value, list) else [value]:
            skipped = field in TYPES or (isinstance(node, ast.Assert) and field == "msg")
            if not isinstance(inner, ast.AST) or isinstance(inner, ast.stmt) or skipped:
                continue
            yield inner
            yield from _own(inner)


def _sides(node: ast.AST, names: Names) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        known = taken(node.test, names, at_import=False)
        yield from [side for side, value in ((node.body, True), (node.orelse, False)) if known in (None, value)]
    elif isinstance(node, ast.BoolOp):
        before = [taken(each, names, at_import=False) for each in node.values[:-1]]
        if isinstance(node.op, ast.Or) not in before:
            yield from node.values[1:]
    elif isinstance(node, ast.Compare):
        # In `a < b < f(x)` the call runs only where the first comparison holds, so code could hide there.
        yield from [each for each in node.comparators[1:] if any(isinstance(part, ast.Call) for part in ast.walk(each))]
    elif isinstance(node, ast.Lambda):
        yield node.body
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        yield node.elt
    elif isinstance(node, ast.DictComp):
        yield node.value
