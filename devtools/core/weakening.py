"""Whether existing tests lost some of their strength: gone, skipped, fewer assertions, fewer cases.

A test that was renamed or moved is looked for by its body, then by its name. A test may go where what it tested has
gone: it used a name, or a text such as an option, that production had and has no more.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from devtools.core.model import Problem
from devtools.core.proof import id_of
from devtools.core.testsyntax import File, Function, Suite, is_assertion

Key = tuple[str, str]
SKIPPING = frozenset(("skip", "skipif", "skipIf", "skipUnless", "xfail", "expectedFailure", "skipTest", "importorskip"))
SKIPPERS = frozenset(("pytest", "unittest", "self", "mark"))
SWALLOWED = frozenset(("AssertionError", "Exception", "BaseException"))


class Strength(NamedTuple):
    """What a test has that can be taken from it; `cases` is None where they are not written out."""

    assertions: int
    cases: int | None
    skips: int


def strength(file: File, name: str) -> Strength:
    """Count the test's own assertions and cases, and what may skip it, its class's and module's marks included."""
    node = file.functions[name]
    owners = [file.classes[owner] for owner in name.split(".")[:-1] if owner in file.classes]
    marks = [mark for holder in (node, *owners) for mark in holder.decorator_list]
    marks += [value for each in file.names.get("pytestmark", ()) if (value := getattr(each, "value", None))]
    skips = sum(_skips(inner) for each in (*marks, *node.body) for inner in ast.walk(each))
    return Strength(sum(1 for _ in _assertions(node.body)), _cases(file, marks), skips)


class Loss(NamedTuple):
    """A test of the parent that is weaker now; `place` is where it is in the new snapshot, None where it is gone."""

    key: Key
    place: Key | None
    words: str
    skipped: bool = False

    def problem(self) -> Problem:
        return Problem("tests-tampered", f"{id_of(*self.key)} {self.words}", path=self.key[0])


def weakened(parent: Suite, new: Suite, paths: Iterable[str], gone: frozenset[str]) -> list[Loss]:
    """What the changed test files lost; `gone` are names and texts that production lost."""
    paths = sorted(paths)
    kept = {(path, name): new.file(path) for path in paths for name in new.tests(path)}
    bodies = {_body(file, name): (path, name) for (path, name), file in kept.items() if file}
    found = []
    for path in paths:
        for name in parent.tests(path):
            old = parent.file(path)
            assert old is not None
            place = _place((path, name), old, kept, bodies)
            now = kept[place] if place else None
            if place and now:
                before, after = strength(old, name), strength(now, place[1])
                words = _loss(before, after)
                if words:
                    found.append(Loss((path, name), place, words, after.skips > before.skips))
            elif not gone & uses(old, name):
                found.append(Loss((path, name), None, "was deleted"))
    return found


def uses(file: File, name: str) -> frozenset[str]:
    """Names and texts that a test, and what it uses of its module, mentions."""
    waiting: list[ast.AST] = [file.functions[name]]
    owner = file.classes.get(name.partition(".")[0])
    waiting += [node for node in owner.body if not isinstance(node, Function)] if owner else []
    found: set[str] = set()
    while waiting:
        fresh = set(mentioned(waiting.pop())) - found
        found |= fresh
        waiting += [each for word in fresh for each in file.names.get(word, ())]
    return frozenset(found)


def mentioned(node: ast.AST) -> Iterator[str]:
    """The names, attributes, imported modules and short texts of a piece of code."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr
        elif isinstance(inner, ast.arg | ast.keyword) and inner.arg:
            yield inner.arg
        elif isinstance(inner, ast.alias):
            yield from inner.name.split(".")
        elif isinstance(inner, ast.ImportFrom) and inner.module:
            yield from inner.module.split(".")
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and 2 < len(inner.value) < 60:
            yield inner.value


def defined(tree: ast.AST) -> Iterator[str]:
    """What a production file offers: its functions, classes, parameters, variables, and texts such as options."""
    for inner in ast.walk(tree):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield inner.name
        elif isinstance(inner, ast.arg):
            yield inner.arg
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and 2 < len(inner.value) < 60:
            yield inner.value


def _place(key: Key, old: File, kept: Mapping[Key, File | None], bodies: Mapping[str, Key]) -> Key | None:
    """Where the test is now: at its place, elsewhere with its body, elsewhere with its name."""
    if key in kept:
        return key
    same = bodies.get(_body(old, key[1]))
    if same:
        return same
    return next((each for each in kept if each[1].rpartition(".")[2] == key[1].rpartition(".")[2]), None)


def _body(file: File, name: str) -> str:
    node = file.functions[name]
    return "\n".join(ast.dump(part) for part in (node.args, *node.decorator_list, *node.body))


def _loss(old: Strength, new: Strength) -> str:
    if new.skips > old.skips:
        return "may now be skipped or expected to fail"
    if new.assertions < old.assertions and _product(new) < _product(old):
        return f"has {new.assertions} assertions, it had {old.assertions}"
    if old.cases is not None and new.cases is not None and new.cases < old.cases:
        return f"has {new.cases} cases, it had {old.cases}"
    return ""


def _product(each: Strength) -> int:
    """Assertions that run: one assertion with three cases is three."""
    return each.assertions * (1 if each.cases is None else each.cases)


def _assertions(block: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """Assertions that can fail the test: not in code that never runs, nor where their failure is swallowed."""
    for node in block:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Constant) and not node.test.value:
            yield from _assertions(node.orelse)
        elif isinstance(node, ast.Try) and any(_swallows(handler) for handler in node.handlers):
            yield from _assertions(part for part in (*node.orelse, *node.finalbody))
        elif isinstance(node, ast.With) and any(_is_suppress(item.context_expr) for item in node.items):
            continue
        else:
            yield from _own(node, is_assertion)
            for field in ("body", "orelse", "finalbody"):
                yield from _assertions(getattr(node, field, ()))
            for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
                yield from _assertions(part.body)


def _own(node: ast.stmt, wanted: Callable[[ast.AST], bool]) -> Iterator[ast.AST]:
    """Nodes of the statement itself, not of the blocks that it holds; an assert with a call in it counts once."""
    if isinstance(node, ast.Assert):
        if wanted(node):
            yield node
        return
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from (inner for inner in ast.walk(child) if wanted(inner))


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


def _skips(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in SKIPPING and _last(node.value) in SKIPPERS
    return isinstance(node, ast.Name) and node.id in SKIPPING


def _cases(file: File, marks: Iterable[ast.AST]) -> int | None:
    """The number of written out cases; None where a list of them is computed."""
    total = 1
    for mark in marks:
        if isinstance(mark, ast.Call) and _last(mark.func) == "parametrize":
            given = [*mark.args[1:2], *(word.value for word in mark.keywords if word.arg == "argvalues")]
            length = _length(file, given[0] if given else None)
            if length is None:
                return None
            total *= length
    return total


def _length(file: File, values: ast.AST | None) -> int | None:
    if isinstance(values, ast.Name):
        bound = [each.value for each in file.names.get(values.id, ()) if isinstance(each, ast.Assign)]
        values = bound[0] if len(bound) == 1 else None
    if isinstance(values, ast.List | ast.Tuple | ast.Set):
        return None if any(isinstance(each, ast.Starred) for each in values.elts) else len(values.elts)
    return len(values.keys) if isinstance(values, ast.Dict) else None


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
