"""What a test checks, in a form in which it is found again in another test, whatever the names of its locals are.

A check has a subject (what is looked at), an expectation, and a kind. Locals that are bound once are put in place of
their names, other locals and literals are blanks, modules before a dot are left out: `total = calc.add(1, 2)` and
`assert total == 3` are the check `add(_, _)`, `==`, `3`. So is `self.assertEqual(calc.add(a, b), 3)`.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from devtools.syntax.conditions import Names, taken
from devtools.syntax.tests import Function, is_assertion

SWALLOWED = frozenset(("AssertionError", "Exception", "BaseException"))
RAISING = frozenset(("raises", "warns", "deprecated_call", "assertRaises", "assertWarns", "assertRaisesRegex"))
OPERATORS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
UNITTEST: Mapping[str, str] = {
    "assertEqual": "==",
    "assertEquals": "==",
    "assertNotEqual": "!=",
    "assertIs": "is",
    "assertIsNot": "is not",
    "assertIn": "in",
    "assertNotIn": "not in",
    "assertLess": "<",
    "assertLessEqual": "<=",
    "assertGreater": ">",
    "assertGreaterEqual": ">=",
    "assertListEqual": "==",
    "assertDictEqual": "==",
    "assertTupleEqual": "==",
    "assertSetEqual": "==",
    "assertMultiLineEqual": "==",
    "assertSequenceEqual": "==",
    "assertCountEqual": "==",
}
RANKS = {"==": 3, "is": 3, "raises": 3, "call": 3, "in": 2, "<": 2, "<=": 2, ">": 2, ">=": 2, "or": 0}
KNOWN = frozenset((*UNITTEST, "assertTrue", "assertFalse", "assertIsNone", "assertIsNotNone"))
GONE = "~"  # a name that production lost, or gained in this commit
BLANK = "_"
FORMATTED = "f''"  # no name that code can have


class Check(NamedTuple):
    """One thing that a test looks at; `literals` are those of the whole check."""

    kind: str
    subject: str
    expected: str
    literals: frozenset[str] = frozenset()

    @property
    def rank(self) -> int:
        """How much of the subject is fixed by it."""
        return RANKS.get(self.kind, 1)

    @property
    def is_about_gone(self) -> bool:
        """Whether the subject mentions a name that production has no more."""
        return GONE in self.subject


def checks(nodes: Iterable[ast.AST], moving: Collection[str] = (), names: Names | None = None) -> list[Check]:
    """Return the checks that can fail in these functions; `moving` are names that production lost or gained.

    With the `names` of the test's file, those for another platform or Python are none.
    """
    found = []
    for node in nodes:
        if isinstance(node, Function):
            reader = _Reader(node, moving)
            found += [each for statement in _reached(node.body, names) for each in reader.of(statement)]
    return found


def literals(nodes: Iterable[ast.AST], without: Collection[str] = ()) -> frozenset[str]:
    """Return the literals of a test and what it uses, texts that name what production lost left out."""
    every = (inner.value for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Constant))
    return frozenset(repr(value) for value in every if not (isinstance(value, str) and _names(value, without)))


def loose(nodes: Iterable[ast.AST], without: Collection[str] = ()) -> frozenset[str]:
    """The literals of a test and what it uses that stand in no assertion: arguments of helpers, cases, constants."""
    return literals([_Loose().visit(copy.deepcopy(node)) for node in nodes], without)


class _Loose(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.Pass:
        return ast.Pass()

    def visit_If(self, node: ast.If) -> ast.AST:
        return ast.Pass() if isinstance(node.test, ast.Constant) else self.generic_visit(node)  # `if 0` keeps no case

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        return ast.Pass() if is_assertion(node.value) and _last(getattr(node.value, "func", node)) in KNOWN else node


def _names(text: str, names: Collection[str]) -> bool:
    return any(part in names for part in text.split("."))


def _reached(block: list[ast.stmt], names: Names | None) -> Iterator[ast.stmt]:
    """Statements that can fail the test: not in code that never runs, nor where their failure is swallowed."""
    for node in block:
        known = _decided(node.test, names) if isinstance(node, ast.If) else None
        if isinstance(node, ast.If) and known is not None:
            yield from _reached(node.body if known else node.orelse, names)
        elif isinstance(node, ast.Try) and any(_swallows(handler) for handler in node.handlers):
            yield from _reached([*node.orelse, *node.finalbody], names)
        elif isinstance(node, ast.With) and any(_is_suppress(item.context_expr) for item in node.items):
            continue
        elif not isinstance(node, ast.ClassDef):
            yield node
            inner = [part for name in ("body", "orelse", "finalbody") for part in getattr(node, name, ())]
            inner += [
                part for each in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())) for part in each.body
            ]
            yield from _reached(inner, names)
        if isinstance(node, ast.Return | ast.Raise):
            return


def _decided(test: ast.expr, names: Names | None) -> bool | None:
    if isinstance(test, ast.Constant):
        return bool(test.value)
    return taken(test, names, at_import=False) if names else None


class _Reader:
    """Reads the checks of one function's statements."""

    def __init__(self, function: Function, moving: Collection[str]) -> None:
        self.moving = moving
        arguments = function.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        self.values: dict[str, ast.expr | None] = {each.arg: None for each in every if each}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.values[node.id] = None
        for node in ast.walk(function):
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
                bound = sum(
                    isinstance(each, ast.Name) and each.id == target.id and isinstance(each.ctx, ast.Store)
                    for each in ast.walk(function)
                )
                self.values[target.id] = node.value if bound == 1 else None

    def of(self, statement: ast.stmt) -> Iterator[Check]:
        if isinstance(statement, ast.Assert) and is_assertion(statement):
            yield from self._condition(statement.test, plain=True)
        elif isinstance(statement, ast.With | ast.AsyncWith):
            for item in statement.items:
                if isinstance(item.context_expr, ast.Call) and _last(item.context_expr.func) in RAISING:
                    yield self._raising(item.context_expr, statement.body)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            yield from self._called(statement.value)

    def _called(self, call: ast.Call) -> Iterator[Check]:
        name, given = _last(call.func), call.args
        if name in RAISING and given:
            yield self._raising(call, given[1:])
        elif name in UNITTEST and len(given) >= 2:
            yield self._compared(given[0], UNITTEST[name], given[1], call)
        elif name in ("assertTrue", "assertFalse") and given:
            yield from self._condition(given[0], plain=name == "assertTrue")
        elif name in ("assertIsNone", "assertIsNotNone") and given:
            yield self._compared(given[0], "is" if name == "assertIsNone" else "is not", ast.Constant(None), call)
        elif is_assertion(call):
            yield self._check("call", call, ast.Constant(name), call)

    def _condition(self, test: ast.expr, plain: bool) -> Iterator[Check]:
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) and plain:
            for each in test.values:
                yield from self._condition(each, plain)
        elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            yield from self._condition(test.operand, not plain)
        elif isinstance(test, ast.Compare) and len(test.ops) == 1:
            kind = OPERATORS[type(test.ops[0])]
            yield self._compared(test.left, kind if plain else f"not {kind}", test.comparators[0], test)
        elif isinstance(test, ast.BoolOp):
            yield self._check("or", test, ast.Constant(plain), test)
        else:
            yield self._check(str(plain).lower(), test, ast.Constant(plain), test)

    def _compared(self, left: ast.expr, kind: str, right: ast.expr, whole: ast.AST) -> Check:
        """The side that holds a call of something is the subject, the left one where both do."""
        if not self._is_subject(left) and self._is_subject(right) and kind != "in":
            return self._check(SWAPPED.get(kind, kind), right, left, whole)
        return self._check(kind, left, right, whole)

    def _is_subject(self, node: ast.expr) -> bool:
        return any(isinstance(each, ast.Call | ast.Attribute | ast.Subscript) for each in ast.walk(self._whole(node)))

    def _raising(self, call: ast.Call, body: Iterable[ast.AST]) -> Check:
        subject = ast.Tuple([self._whole(each) for part in body for each in _expressions(part)], ast.Load())
        given = ast.Tuple([*call.args[:1], *(word.value for word in call.keywords)], ast.Load())
        return self._check("raises", subject, given, ast.Tuple([subject, given], ast.Load()))

    def _check(self, kind: str, subject: ast.expr, expected: ast.expr, whole: ast.AST) -> Check:
        every = literals([self._whole(each) for each in (subject, expected)], self.moving)
        return Check(kind, self._form(subject, blank=True), self._form(expected, blank=False), every)

    def _form(self, node: ast.expr, blank: bool) -> str:
        return ast.unparse(_Form(self, blank).visit(self._whole(node)))

    def _whole(self, node: ast.AST, depth: int = 4) -> ast.expr:
        """A copy in which locals that are bound once are replaced by what they are bound to."""
        return _Inline(self.values, depth).visit(copy.deepcopy(node))  # type: ignore[no-any-return]


class _Inline(ast.NodeTransformer):
    def __init__(self, values: Mapping[str, ast.expr | None], depth: int) -> None:
        self.values, self.depth = values, depth

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self.values.get(node.id)
        if value is None or not self.depth:
            return node
        return _Inline(self.values, self.depth - 1).visit(copy.deepcopy(value))  # type: ignore[no-any-return]


class _Form(ast.NodeTransformer):
    """Blanks in place of locals and, for subjects, of literals; names without what stands before their dots."""

    def __init__(self, reader: _Reader, blank: bool) -> None:
        self.reader, self.blank = reader, blank

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.reader.values:
            return ast.Name(BLANK, ast.Load())
        return ast.Name(GONE if node.id in self.reader.moving else node.id, ast.Load())

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Name(BLANK, ast.Load()) if self.blank else node

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        # The keyword of a renamed parameter was taken for another check.
        return ast.keyword(GONE if node.arg in self.reader.moving else node.arg, self.visit(node.value))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Return an f-string as a call of its parts: as text it cannot hold every expression."""
        parts = [self.visit(each) for each in node.values if not (self.blank and isinstance(each, ast.Constant))]
        return ast.Call(ast.Name(FORMATTED, ast.Load()), parts, [])

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        more = [self.visit(node.format_spec)] if node.format_spec else []
        parts = [self.visit(node.value), ast.Constant(node.conversion), *more]
        return ast.Call(ast.Name(FORMATTED, ast.Load()), parts, [])

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        name, base = GONE if node.attr in self.reader.moving else node.attr, node.value
        while isinstance(base, ast.Attribute):
            base = base.value
        if isinstance(base, ast.Name) and base.id == "self":
            return ast.Name(BLANK, ast.Load())
        if isinstance(base, ast.Name) and base.id not in self.reader.values:
            return ast.Name(name, ast.Load())
        return ast.Attribute(self.visit(node.value), name, ast.Load())


def _expressions(part: ast.AST) -> list[ast.AST]:
    if isinstance(part, ast.Expr):
        return [part.value]
    return [part] if isinstance(part, ast.expr) else [each for each in ast.walk(part) if isinstance(each, ast.Call)]


def _swallows(handler: ast.ExceptHandler) -> bool:
    caught = ast.walk(handler.type) if handler.type else ()
    names = {node.id for node in caught if isinstance(node, ast.Name)} or SWALLOWED
    raises = any(
        isinstance(node, ast.Raise | ast.Assert | ast.Call) for each in handler.body for node in ast.walk(each)
    )
    return bool(names & SWALLOWED) and not raises


def _is_suppress(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or _last(node.func) != "suppress":
        return False
    return any(_last(each) in SWALLOWED for each in node.args)


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
