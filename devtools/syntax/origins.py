"""What made the values at which a test looks: found through its locals, its fixtures and the helpers of its file."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection, Iterator
from typing import TypeGuard

from devtools.syntax.assertions import GONE, RAISING
from devtools.syntax.tests import File, Function, Suite

NONE = frozenset[str]()
Made = Callable[[ast.AST, Collection[str], Collection[str]], bool]
Scope = tuple[File, str]  # a file, and the class of it whose fixtures come first


def marked(suite: Suite, path: str, name: str, gone: frozenset[str]) -> list[ast.AST]:
    """Return the nodes of a test, in its function GONE for each thing that one of the names in `gone` made."""
    file = suite.file(path)
    function = file.functions.get(name) if file else None
    if file is None or function is None:
        return suite.nodes(path, name)
    origins = _Origins(suite, (file, name.rpartition(".")[0]), gone)
    own = _Marked((), origins.attributes()).visit(copy.deepcopy(function))
    own = _Marked(origins.locals(file, own, {*origins.requested(function), GONE}, _mentions)).visit(own)
    return [own if node is function else node for node in suite.nodes(path, name)]


class _Marked(ast.NodeTransformer):
    """Puts a call in the place of what is gone, since a mere name before a dot is left out of a check's subject."""

    def __init__(self, made: Collection[str], attributes: Collection[str] = ()) -> None:
        self.made, self.attributes = made, attributes

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._gone(node) if node.id in self.made else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._gone(node) if _of_self(node) and node.attr in self.attributes else self.generic_visit(node)

    def _gone(self, node: ast.Name | ast.Attribute) -> ast.expr:
        return ast.Call(ast.Name(GONE, ast.Load()), [], []) if isinstance(node.ctx, ast.Load) else node


class _Origins:
    """Tells what the names in `gone` made for a test of this class."""

    def __init__(self, suite: Suite, scope: Scope, gone: frozenset[str]) -> None:
        self.suite, self.scope, self.gone = suite, scope, gone
        self.busy: list[Function] = []

    def attributes(self) -> set[str]:
        """Return what the test's class binds, by itself or as `self.NAME`, to nothing but what is gone."""
        # A test of unittest looks at `self.client`, which `setUp` made. Its own text does not name what is gone.
        found: dict[str, list[bool]] = {}
        for file, holder in self._lineage():
            for node in holder.body:
                made = self.locals(file, node, (), _stems) if isinstance(node, Function) else self._free(file)
                for name, value in _attributes(node):
                    found.setdefault(name, []).append(_stems(value, made, self.gone))
        return {name for name, known in found.items() if all(known)}

    def requested(self, function: Function) -> set[str]:
        """Return the parameters whose fixture gives only what is gone; those that cases fill are none."""
        every = (each for mark in function.decorator_list for each in ast.walk(mark))
        texts = [each.value for each in every if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        filled = {part.strip() for text in texts for part in text.split(",")}
        return {each.arg for each in function.args.args if each.arg not in filled and self._gives(each.arg, ())}

    def _gives(self, fixture: str, inner: tuple[ast.AST, ...]) -> bool:
        """Whether the nearest fixture of this name, those within left out, gives only what is gone."""
        # A fixture may ask for the one of its own name that it stands in front of.
        found = next((each for each in self._fixtures(fixture) if each[1] not in inner), None)
        if found is None:
            return False
        file, function = found
        asked = {each.arg for each in function.args.args if self._gives(each.arg, (*inner, function))}
        return self._makes(file, function, asked)

    def _makes(self, file: File, function: Function, known: Collection[str], outer: frozenset[str] = NONE) -> bool:
        """Whether all that a function returns or yields is made by what is gone."""
        # Helpers may call each other in a circle.
        if function in self.busy:
            return False
        self.busy.append(function)
        made = self.locals(file, function, known, _stems, outer)
        self.busy.remove(function)
        given = [each.value for each in _own(function) if isinstance(each, ast.Return | ast.Yield) and each.value]
        return bool(given) and all(_stems(each, made, self.gone) for each in given)

    def locals(
        self, file: File, function: Function, known: Collection[str], is_made: Made, outer: frozenset[str] = NONE
    ) -> frozenset[str]:
        """Return the names that stand in the function for what is gone, those around it among them.

        A local, a parameter or a helper that is only called like something gone is another thing.
        """
        made = (self._free(file) | outer) - _bound(function) | frozenset(known)
        used = {each.id for each in ast.walk(function) if isinstance(each, ast.Name)}
        helpers = [each for name in used for each in file.names.get(name, ()) if isinstance(each, Function)]
        made |= {each.name for each in helpers if not each.decorator_list and self._makes(file, each, ())}
        inner = [each for each in _own(function) if isinstance(each, Function)]
        made |= {each.name for each in inner if self._makes(file, each, (), made)}
        bound = list(_bindings(function))
        while more := {name for name, _ in bound if name not in made and self._always(name, bound, made, is_made)}:
            made |= more
        return made

    def _always(self, name: str, bound: list[tuple[str, ast.AST]], made: frozenset[str], is_made: Made) -> bool:
        return all(is_made(value, made, self.gone) for each, value in bound if each == name)

    def _free(self, file: File) -> frozenset[str]:
        """Return the names by which a file reaches what is gone."""
        own = {name for name, nodes in file.names.items() if not any(map(_is_import, nodes))}
        return self.gone - own | self._imported(file)

    def _imported(self, file: File) -> set[str]:
        every = [alias for statement in file.imports for alias in getattr(statement, "names", ())]
        return {each.asname for each in every if each.asname and each.name in self.gone}

    def _fixtures(self, name: str) -> Iterator[tuple[File, Function]]:
        """Yield the fixtures of a name, the nearest first: of the class, its bases, its file, the conftests above."""
        for file, holder in self._lineage():
            yield from ((file, node) for node in holder.body if _is_fixture(node) and node.name == name)
        for file in (self.scope[0], *self.suite.conftests(self.scope[0].path)):
            for where, node in self._defined(file, name):
                if _is_fixture(node):
                    yield where, node

    def _lineage(self) -> Iterator[tuple[File, ast.ClassDef]]:
        """Yield the test's class and those that it inherits from, the nearest first."""
        waiting, seen = list(self._defined(*self.scope)), set[int]()
        while waiting:
            file, node = waiting.pop(0)
            if isinstance(node, ast.ClassDef) and id(node) not in seen:
                seen.add(id(node))
                yield file, node
                names = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
                waiting += [each for name in names for each in self._defined(file, name)]

    def _defined(self, file: File, name: str) -> Iterator[tuple[File, ast.stmt]]:
        """Yield what a name of the file stands for, there or in the test support from which it is imported."""
        for statement in file.names.get(name, ()):
            if isinstance(statement, ast.ImportFrom):
                own = next((each.name for each in statement.names if (each.asname or each.name) == name), name)
                files = [each for path in self.suite.support(file, statement) if (each := self.suite.file(path))]
                yield from ((each, node) for each in files if each is not file for node in each.names.get(own, ()))
            else:
                yield file, statement


def _own(function: Function) -> Iterator[ast.AST]:
    """Yield what is in a function, without what is in functions within it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)


def _bindings(function: Function) -> Iterator[tuple[str, ast.AST]]:
    """Yield each local that the function binds, with what it is bound to."""
    for node in _own(function):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.For) and (value := _value(node)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((name, value) for target in targets for name in _stored(target))
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                called = getattr(item.context_expr, "func", item.context_expr)
                raising = getattr(called, "attr", getattr(called, "id", "")) in RAISING
                # `as` binds the exception there, and what the block calls has made it.
                given = ast.Module(node.body, []) if raising else item.context_expr
                yield from ((name, given) for name in _stored(item.optional_vars))


def _value(node: ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.For) -> ast.expr | None:
    return node.iter if isinstance(node, ast.For) else node.value


def _stored(target: ast.AST | None) -> list[str]:
    every = ast.walk(target) if target else ()
    return [each.id for each in every if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]


def _mentions(node: ast.AST, names: Collection[str], gone: Collection[str]) -> bool:
    every = list(ast.walk(node))
    if any(isinstance(each, ast.Name) and each.id in names for each in every):
        return True
    return any(isinstance(each, ast.Attribute) and each.attr in gone for each in every)


def _stems(node: ast.AST, names: Collection[str], gone: Collection[str]) -> bool:
    """Whether a value is one of the names, or comes of it by calls, attributes and items alone."""
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript | ast.Await):
        if isinstance(node, ast.Attribute) and node.attr in gone:
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id in names


def _bound(function: Function) -> frozenset[str]:
    """Return the parameters and locals of a function."""
    given = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
    return frozenset({*given, *(name for each in function.body for name in _stored(each))})


def _is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _is_fixture(node: ast.AST) -> TypeGuard[Function]:
    marks = node.decorator_list if isinstance(node, Function) else []
    return any("fixture" in ast.unparse(mark).partition("(")[0] for mark in marks)


def _attributes(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield what a statement of a class binds for its methods: `NAME = ...`, or `self.NAME = ...` in a method."""
    for each in _own(node) if isinstance(node, Function) else [node]:
        for target in each.targets if isinstance(each, ast.Assign) else ():
            name = getattr(target, "id", "") if each is node else getattr(target, "attr", "") * _of_self(target)
            if name and isinstance(each, ast.Assign):
                yield name, each.value


def _of_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
