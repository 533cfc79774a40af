"""Production code on the syntax tree: which changed statements can be executed, which functions are new."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Collection, Iterator
from typing import NamedTuple, TypeGuard

from devtools.syntax.branches import branches, branching
from devtools.syntax.conditions import Names, taken
from devtools.syntax.tests import Function, functions_of

SILENT = (ast.Pass, ast.Global, ast.Nonlocal)
ABSTRACT = frozenset(("abstractmethod", "abstractproperty"))
# A release that changes __version__ in a module that no test imports was refused as untested code.
VERSIONS = frozenset(
    (
        *("__version__", "__version_info__", "__version_tuple__", "__release__", "__date__", "__build__"),
        *("VERSION", "VERSION_INFO", "version", "version_info", "version_tuple"),
    )
)
Place = tuple[int, int]
ALIKE = 0.7  # of the lines of a syntax tree


class Statement(NamedTuple):
    """A statement's own lines, those of its header where it holds others.

    `gates` are the optional imports around it: the place of the `try`, and of the first statement of the block that
    runs with it or without it. Where the `try` ran and the block did not, nothing in the block can run here.
    """

    line: int
    column: int
    end: int
    gates: tuple[tuple[Place, Place], ...] = ()
    end_column: int = -1

    @property
    def is_branch(self) -> bool:
        """Whether it is an expression within a statement, which then has an end column."""
        return self.end_column >= 0


class NewFunction(NamedTuple):
    """A function of the new snapshot that the parent did not have."""

    name: str
    line: int
    column: int


def same_code(old: ast.Module | None, new: ast.Module | None) -> bool:
    """Return whether nothing but comments, docstrings and formatting differs."""
    return old is not None and new is not None and ast.dump(old) == ast.dump(new)


def definitions(tree: ast.Module | None) -> set[str]:
    """Return the dumps by which code that only moved is known.

    They are of functions, classes, module-level statements and branches.
    """
    if tree is None:
        return set()
    found = {ast.dump(node) for node in tree.body} | branching(tree)
    return found | {ast.dump(node) for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)}


def named(tree: ast.Module | None) -> set[str]:
    """Return the names of all functions and classes of a file."""
    return {node.name for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)} if tree else set()


def offered(tree: ast.Module | None) -> set[str]:
    """Return the names that others can use of a file: functions, classes, parameters, variables, attributes.

    And options.
    """
    found: set[str] = set()
    for holder in (node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef)) if tree else ():
        # Locals are left out: one that vanishes excuses no deleted test.
        own = [each for each in holder.body if not isinstance(each, Function | ast.ClassDef)]
        found |= {inner.id for each in own for inner in ast.walk(each) if _is_stored(inner)}
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, Function | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value[:1] in ("-", "/"):
            found.add(node.value)
    return found


def renamed(old: ast.Module | None, new: ast.Module | None) -> set[tuple[str, str]]:
    """Return functions and classes of the old file and the names under which the new one has nearly the same."""
    before, after = (
        {node.name: node for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)} if tree else {}
        for tree in (old, new)
    )
    lost, gained = before.keys() - after.keys(), after.keys() - before.keys()
    return {(one, two) for one in lost for two in gained if _alike(before[one], after[two])}


def _alike(one: Function | ast.ClassDef, two: Function | ast.ClassDef) -> bool:
    first, second = ("\n".join(ast.dump(part, indent=1) for part in node.body).split("\n") for node in (one, two))
    # By default difflib ignores lines that come often in 200 or more, as they do in the dump of a tree.
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio() > ALIKE


def _is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def changed_statements(tree: ast.Module, lines: Collection[int], known: Collection[str] = ()) -> list[Statement]:
    """Return the executable statements that touch one of the lines, and their branches, without what only moved.

    Not executable: docstrings, `pass`, `...`, declarations, stubs, typing's `assert_never`, the module's version, code
    for type checkers, for another platform or Python, and code for `__name__ == "__main__"`. A comment that excludes
    code from coverage counts for nothing here: a proof is not asked off.
    """
    found = []
    reader = _Reader(tree, known)
    for node, gates in reader.executable(tree.body):
        start, end = _span(node)
        if any(line in lines for line in range(start, end + 1)):
            found.append(Statement(node.lineno, node.col_offset, end, gates))
            inner = branches(node, lines, reader.names, reader.known)
            found += [Statement(each.line, each.column, each.end, gates, each.end_column) for each in inner]
    return sorted(found)


def new_functions(old: ast.Module | None, new: ast.Module, known: Collection[str] = ()) -> list[NewFunction]:
    """Return functions with a name that the old file does not have and a body that does something."""
    # Each of these is emptied in turn. One that gives nothing, or that typing replaces, would survive for no fault.
    before = {name for name, _ in functions_of(old)} if old else set()
    names = Names(new)
    return [
        NewFunction(name, node.lineno, node.col_offset)
        for name, node in functions_of(new)
        if name not in before
        and ast.dump(node) not in known
        and not _is_overload(node, names)
        and not _is_trivial(node.body)
    ]


class _Reader:
    """Walks the statements of a file that can run here."""

    def __init__(self, tree: ast.Module, known: Collection[str]) -> None:
        self.names, self.known, self.top = Names(tree), frozenset(known), tree.body
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        protocols = [node for node in classes if any(_last_name(base) == "Protocol" for base in node.bases)]
        self.promised = {id(method) for node in protocols for method in node.body}

    def executable(
        self, block: list[ast.stmt], scope: ast.AST | None = None, gates: tuple[tuple[Place, Place], ...] = ()
    ) -> Iterator[tuple[ast.stmt, tuple[tuple[Place, Place], ...]]]:
        """Each statement with its gates; `scope` is the function or class around them, None for the module."""
        for node in block:
            definition = isinstance(node, Function | ast.ClassDef)
            # Code that only moved is not new.
            if self.known and (definition or block is self.top) and ast.dump(node) in self.known:
                continue
            # Code hid in bodies of protocols and abstract methods. Now only a body that is not written yet is excused.
            unreached = _is_never(node, self.names) or (_is_unwritten(node) and self._is_abstract(scope))
            if not _is_silent(node) and not unreached and not (scope is None and _is_version(node)):
                yield node, gates
            deeper = isinstance(node, Function) or (definition and not isinstance(scope, Function))
            within = node if deeper else scope
            for inner in self._blocks(node, scope):
                optional = isinstance(node, ast.Try) and inner not in (node.body, node.finalbody)
                # Which side runs depends on what is installed. Three sound commits of more-itertools were refused.
                gated = optional and isinstance(node, ast.Try) and _is_optional_import(node) and bool(inner)
                more = ((_place(node), _place(inner[0])),) if gated else ()
                yield from self.executable(inner, within, (*gates, *more))

    def _blocks(self, node: ast.stmt, scope: ast.AST | None) -> Iterator[list[ast.stmt]]:
        """The blocks of a compound statement that can run here."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_overload(node, self.names):
            return
        at_import = not isinstance(scope, Function)
        known = taken(node.test, self.names, at_import) if isinstance(node, ast.If) else None
        if known is not False and isinstance(body := getattr(node, "body", None), list):
            yield body
        if known is not True:
            yield getattr(node, "orelse", [])
        yield getattr(node, "finalbody", [])
        for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            yield part.body

    def _is_abstract(self, scope: ast.AST | None) -> bool:
        """Whether another function has to be written in place of this one, by its decorator or its protocol."""
        if not isinstance(scope, Function):
            return False
        return id(scope) in self.promised or any(_last_name(each) in ABSTRACT for each in scope.decorator_list)


def _place(node: ast.stmt) -> Place:
    return node.lineno, node.col_offset


def _is_optional_import(node: ast.Try) -> bool:
    """Whether nothing but imports is tried: what follows on them depends on what is installed, not on the tests."""
    caught = {_last_name(handler.type) for handler in node.handlers}
    return caught <= {"ImportError", "ModuleNotFoundError"} and all(
        isinstance(each, ast.Import | ast.ImportFrom) for each in node.body
    )


def _span(node: ast.stmt) -> tuple[int, int]:
    decorators = [decorator.lineno for decorator in getattr(node, "decorator_list", ())]
    start, end = min([node.lineno, *decorators]), node.end_lineno or node.lineno
    # A block counts by its header. Its statements count for themselves.
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if isinstance(body, list):
        first = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
        first_line = min([first.lineno, *(item.lineno for item in getattr(first, "decorator_list", ()))])
        end = max(node.lineno, first_line - 1)
    return start, end


def _is_silent(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.AnnAssign):
        return node.value is None
    return isinstance(node, SILENT) or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


def _is_version(node: ast.stmt) -> bool:
    """Whether the module only says which version it is: a release is no code that a test could miss."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    named = all(isinstance(each, ast.Name) and each.id in VERSIONS for each in targets)
    plain = (ast.Constant, ast.Tuple, ast.expr_context)
    return named and all(isinstance(part, plain) for part in ast.walk(node.value))


def _is_never(node: ast.stmt, names: Names) -> bool:
    """Whether it is typing's `assert_never(x)`: the type checker proves that nothing reaches it, and it only raises."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not names.is_typing(call.func, "assert_never"):
        return False
    # An argument that does something is code.
    return not call.keywords and all(isinstance(each, ast.Name) for each in call.args)


def _is_overload(node: Function, names: Names) -> bool:
    """Whether typing puts a dummy in the function's place, so that its body never runs."""
    # The origin decides: code hid behind a decorator that was only called overload.
    return any(names.is_typing(decorator, "overload") for decorator in node.decorator_list)


def _is_trivial(body: list[ast.stmt]) -> bool:
    """Whether the body returns None already, or says that there is none."""
    return all(_is_silent(node) or _gives_none(node) or _is_unwritten(node) for node in body)


def _gives_none(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Return):
        return False
    return node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)


def _is_unwritten(node: ast.stmt) -> bool:
    raised = node.exc if isinstance(node, ast.Raise) else None
    return _last_name(raised.func if isinstance(raised, ast.Call) else raised) == "NotImplementedError"


def _last_name(node: ast.expr | None) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
