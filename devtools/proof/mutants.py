"""Mutants of changed code: small changes that a test must notice, the parent's own code first among them.

Each operator stands here since it found something on real histories; what made noise there is left out: words for
people, logging, what is raised, annotations, defaults, decorators. See docs/verify.md.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Collection, Iterator
from itertools import zip_longest
from typing import NamedTuple

from devtools.syntax.conditions import Names
from devtools.syntax.essence import essence, tells
from devtools.syntax.production import Statement
from devtools.syntax.tests import Function, functions_of

BODY, VALUE, STATEMENT, EXPRESSION = "body", "value", "statement", "expression"
SHOWN = 60
# python-slugify changed the text of its __license__, and a weak test was reported for it.
UNASKED = re.compile(r"__\w+__|version|VERSION")  # what a module says of itself
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
BOUNDARY = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
}
Span = tuple[int, int, int, int]


class Mutant(NamedTuple):
    """One change of a file: `source` in the place of the node with this span. It is tried where `place` runs.

    The span of a parent's body is that of its function; its value is that of a module's or a class's name.
    """

    kind: str
    span: Span
    source: str
    before: str
    after: str
    place: tuple[int, int]
    name: str = ""

    @property
    def line(self) -> int:
        return self.span[0]

    def words(self) -> str:
        """Say what can change unnoticed."""
        if self.kind == BODY:
            return f"the parent's body of {self.name}() passes too: no test that runs it fails"
        if self.kind == VALUE:
            return f"the parent's `{self.after}` passes too: no test fails with it"
        return f"`{self.before}` can become `{self.after}` and no test that runs it fails"


def of_parent(old: ast.Module | None, new: ast.Module) -> list[Mutant]:
    """Return the parent's bodies of changed functions, and its values of changed names of modules and classes."""
    found = []
    for name, then, node in _pairs(_by_name(old), _by_name(new)):
        if essence(then) != essence(node) and not isinstance(node.body[0], ast.Pass):
            first = node.body[0]
            place = (first.lineno, first.col_offset)
            found.append(Mutant(BODY, _span(node), ast.unparse(then), "", "", place, name))
    return found + (_values(old, new) if old else [])


def _by_name(tree: ast.Module | None) -> dict[str, list[Function]]:
    """Return the functions of each name in their order: a property has two or three, an overload one for each stub."""
    found: dict[str, list[Function]] = {}
    for name, node in functions_of(tree) if tree else ():
        found.setdefault(name, []).append(node)
    return found


def _pairs(old: dict[str, list[Function]], new: dict[str, list[Function]]) -> Iterator[tuple[str, Function, Function]]:
    """Yield each name with its function before and now; nobody knows which is which where one came or went."""
    for name, every in new.items():
        before = old.get(name, [])
        # One commit of tomlkit changed no body and had 23 mutants: getters had been compared with setters.
        yield from ((name, *pair) for pair in zip(before, every, strict=True)) if len(before) == len(every) else ()


def of_statements(tree: ast.Module, changed: Collection[Statement]) -> list[Mutant]:
    """Return the mutants of changed statements within functions, one of each statement before the second of any."""
    wanted = {(each.line, each.column) for each in changed}
    inside = {id(inner): inner for _, node in functions_of(tree) for part in node.body for inner in ast.walk(part)}
    names = Names(tree)
    rows = [
        list(_of_statement(node))
        for node in inside.values()
        if isinstance(node, ast.stmt) and (node.lineno, node.col_offset) in wanted
        # pluggy asks TYPE_CHECKING for a cast, which does nothing at run time: both survivors there were noise.
        if not names.is_typing(getattr(node, "test", None), "TYPE_CHECKING")
    ]
    # The seconds for mutants may run out: then many statements were asked once, instead of a few in depth.
    return [mutant for column in zip_longest(*rows) for mutant in column if mutant is not None]


def _values(old: ast.Module, new: ast.Module) -> list[Mutant]:
    before = {name: value for name, value, _ in _bindings(old)}
    used = _used_at_import(new)
    found = []
    for name, value, statement in _bindings(new):
        then = before.get(name)
        last = name.rpartition(".")[2]
        if then is None or ast.dump(then) == ast.dump(value) or UNASKED.fullmatch(last) or last in used:
            continue
        text = f"{last} = {ast.unparse(then)}"
        place = (statement.lineno, statement.col_offset)
        found.append(Mutant(VALUE, _span(statement), text, _short(statement), _cut(text), place, name))
    return found


def _bindings(tree: ast.Module) -> Iterator[tuple[str, ast.expr, ast.stmt]]:
    """Names that a module or a class of it binds to plain values, once."""
    blocks = [("", tree.body), *((f"{each.name}.", each.body) for each in tree.body if isinstance(each, ast.ClassDef))]
    for prefix, block in blocks:
        for node in block:
            target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
            target = node.target if isinstance(node, ast.AnnAssign) else target
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(target, ast.Name) and value is not None and _is_plain(value):
                yield prefix + target.id, value, node


def _is_plain(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _used_at_import(tree: ast.Module) -> set[str]:
    """Names that the import itself reads: another value afterwards would be half of a change."""
    inside = {id(inner) for _, node in functions_of(tree) for part in node.body for inner in ast.walk(part)}
    loads = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    return {node.id for node in loads if id(node) not in inside}


def _of_statement(node: ast.stmt) -> Iterator[Mutant]:
    place = (node.lineno, node.col_offset)
    # Mutants of words for people and of what is raised survive everywhere, and say nothing about a test.
    if isinstance(node, ast.Raise | ast.Assert | Function | ast.ClassDef | ast.Import | ast.ImportFrom) or tells(node):
        return
    if isinstance(node, ast.If):
        yield _changed(node.test, _negated(node.test), place)
    # tomlkit's _renders_table_header() returns False. None in its place survived: callers only ask whether it is true.
    if isinstance(node, ast.Return) and node.value is not None and not _is_empty(node.value):
        yield _changed(node.value, ast.Constant(None), place)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield _changed(node.value, ast.Constant(None), place)
    if isinstance(node, ast.AugAssign) and type(node.op) in COUNTED:
        other = copy.deepcopy(node)
        other.op = COUNTED[type(node.op)]()
        yield Mutant(STATEMENT, _span(node), ast.unparse(other), _short(node), _short(other), place)
    for inner in _expressions(node):
        yield from (_changed(inner, after, place) for after in _variants(inner, node))


def _variants(node: ast.expr, statement: ast.stmt) -> Iterator[ast.expr]:
    """What else an expression could have been."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        kind = type(node.ops[0])
        # The condition of an `if` is negated as a whole already.
        negated = isinstance(statement, ast.If) and statement.test is node
        if _is_limit(node, statement) if kind in BOUNDARY else not negated:
            yield _with(node, ops=[COMPARED[kind]()])
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED and not (_is_text(node.left) or _is_text(node.right)):
        yield _with(node, op=COUNTED[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.IfExp):
        yield _with(node, test=_negated(node.test))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        if not (isinstance(statement, ast.If) and statement.test is node):
            yield node.operand
    elif isinstance(node, ast.Constant):
        value = _other(node.value)
        if value is not None:
            yield ast.Constant(value)


def _is_limit(node: ast.Compare, statement: ast.stmt) -> bool:
    """Whether a comparison draws a line that a test can stand on: `if amount > limit`, or any with a number like 100.

    In the condition of a loop, or beside another one, it mostly guards that one: `end > 1 and text[end - 2] == "x"`.
    """
    # On 58 commits of four projects all five shifted boundaries that survived were noise, four of them such guards.
    whole = statement.test if isinstance(statement, ast.If) else getattr(statement, "value", None)
    sides = [each.value for each in (node.left, *node.comparators) if isinstance(each, ast.Constant)]
    return node is whole or any(side not in (0, 1) for side in sides)


def _other(value: object) -> int | float | None:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return None


def _expressions(node: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, not of those within it; words for people and types are left out."""
    waiting: list[ast.AST] = [
        child
        for field, value in ast.iter_fields(node)
        for child in (value if isinstance(value, list) else [value])
        if field not in ("annotation", "targets", "target") and isinstance(child, ast.expr | ast.withitem)
    ]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, ast.JoinedStr):
            continue
        if isinstance(each, ast.expr):
            yield each
        waiting += [child for child in ast.iter_child_nodes(each) if not _is_aside(each, child, node)]


def _is_aside(parent: ast.AST, child: ast.AST, statement: ast.stmt) -> bool:
    """Whether it is a number that a call is given, or the zero of a guard: `most_common(2)[0]` is as good as (1)[0]."""
    if isinstance(parent, ast.Compare) and type(parent.ops[0]) in BOUNDARY and not _is_limit(parent, statement):
        return isinstance(child, ast.Constant)
    number = isinstance(child, ast.Constant) and not isinstance(child.value, bool)
    return number and isinstance(parent, ast.Call | ast.keyword)


def _changed(node: ast.expr, after: ast.expr, place: tuple[int, int]) -> Mutant:
    return Mutant(EXPRESSION, _span(node), ast.unparse(after), _short(node), _short(after), place)


def _with(node: ast.expr, **values: object) -> ast.expr:
    other = copy.copy(node)
    for name, value in values.items():
        setattr(other, name, value)
    return other


def _negated(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) not in BOUNDARY:
        return _with(test, ops=[COMPARED[type(test.ops[0])]()])
    return ast.UnaryOp(ast.Not(), test)


def _is_empty(node: ast.expr) -> bool:
    """Return whether it is None, or counts as false as None does: most callers cannot tell them apart."""
    if isinstance(node, ast.List | ast.Tuple):
        return not node.elts
    return not node.keys if isinstance(node, ast.Dict) else isinstance(node, ast.Constant) and not node.value


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _span(node: ast.stmt | ast.expr) -> Span:
    return node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0


def _short(node: ast.AST) -> str:
    return _cut(ast.unparse(node))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 3]}..."
