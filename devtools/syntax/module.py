"""A module taken apart: the statements that run when it is imported, and the bodies that run when they are called.

Who never enters a function does not see its body, and who never mentions a name does not see what it is bound to. That
holds as long as nobody looks at the code itself; text that does so is marked as `curious`.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from devtools.syntax.tests import Function

CURIOUS = "?"
# What a text must hold to be curious: who holds none of it need not be taken apart for that.
SIGN = re.compile(
    rb"\b(?:vars|dir|globals|locals|inspect|getmembers|eval|exec|modules|importtime|(?:get|has|set|del)attr)\b"
    rb"|__(?:dict|subclasses|init_subclass|code|globals)__"
)
COMPUTED = "!"  # a module whose name is made while the program runs
WORD = re.compile(r"[^\W\d]\w*")
LOOKING = frozenset(("vars", "dir", "globals", "locals", "inspect", "getmembers", "eval", "exec"))
LOOKED = frozenset(("__dict__", "__subclasses__", "__init_subclass__", "__code__", "__globals__"))
SAID = re.compile(r"sys\.modules|importtime|__dict__|__subclasses__|\b(?:vars|dir|globals|getmembers|eval|exec)\(")
IMPORTING = frozenset(("import_module", "__import__"))
BY_NAME = frozenset(("getattr", "hasattr", "setattr", "delattr"))
# Callees that change nothing but what they return.
CALLED = frozenset(
    (
        *(
            "frozenset",
            "set",
            "dict",
            "tuple",
            "list",
            "len",
            "range",
            "sorted",
            "int",
            "str",
            "float",
            "bytes",
            "bool",
        ),
        *("zip", "map", "max", "min", "sum", "abs", "enumerate", "object", "type", "field", "namedtuple", "slice"),
        *("items", "keys", "values", "get", "split", "join", "format", "lower", "upper", "strip", "union", "fromkeys"),
        *("compile", "dirname", "abspath", "encode", "decode", "removesuffix", "removeprefix", "replace", "copy"),
    )
)
DECORATORS = frozenset(
    (
        *("dataclass", "property", "staticmethod", "classmethod", "cache", "lru_cache", "cached_property", "setter"),
        *("contextmanager", "asynccontextmanager", "wraps", "overload", "abstractmethod", "final", "total_ordering"),
        *("runtime_checkable", "override", "unique"),
    )
)


class ModuleStatement(NamedTuple):
    """A statement of the module itself, bodies of functions left out. `plain`: it binds its names and does no more."""

    names: frozenset[str]
    words: frozenset[str]
    text: str
    plain: bool


class Body(NamedTuple):
    """The inside of a function or method, nested functions included."""

    words: frozenset[str]
    text: str


class Module(NamedTuple):
    statements: tuple[ModuleStatement, ...]
    bodies: Mapping[str, Body]


class Difference(NamedTuple):
    """`bodies`: qualified names whose code changed, came or went; `names` are bound to something else, or newly, or no
    more; `strict`: something changed whose effect nobody can tell."""

    bodies: frozenset[str]
    names: frozenset[str]
    strict: bool


@lru_cache(maxsize=2048)
def read(source: bytes) -> Module | None:
    """Take a module apart, each imported name for itself; None where it is no Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    bodies: dict[str, Body] = {}
    for name, node in callables(tree.body):
        # The getter and the setter of a property have one name.
        known = bodies.get(name, Body(frozenset(), ""))
        bodies[name] = Body(known.words | words(node.body), f"{known.text}{_dump(node.body)}\n")
    postponed = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    for _, node in list(callables(tree.body)):
        _hollow(node, postponed)
    return Module(tuple(_statement(each) for node in tree.body for each in _apart(node)), bodies)


def computes(source: bytes) -> bool:
    """Return whether a file loads a module by a name that no text shows."""
    module = read(source) if b"import_module" in source or b"__import__" in source else None
    pieces: list[ModuleStatement | Body] = [*module.statements, *module.bodies.values()] if module else []
    return any(COMPUTED in each.words for each in pieces)


def callables(
    block: Iterable[ast.stmt], prefix: str = ""
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield the functions of a module and the methods of its classes by qualified name, also within an `if`."""
    for node in block:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from callables(node.body, f"{prefix}{node.name}.")
        else:
            for inner in ("body", "orelse", "finalbody"):
                yield from callables(getattr(node, inner, ()), prefix)
            for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
                yield from callables(part.body, prefix)


def function_at(tree: ast.Module | None, line: int) -> str:
    """Return the qualified name of the function whose body holds the line; empty where that is the module's."""
    found = callables(tree.body) if tree else ()
    return next((name for name, node in found if node.body[0].lineno <= line <= (node.end_lineno or 0)), "")


def difference(old: Module, new: Module) -> Difference:
    """Return what an edit changed, for who does not execute the edited code."""
    # By imports alone a change in core reached all tests. This says what it changes for code that does not execute it.
    before, after = (Counter(each.text for each in module.statements) for module in (old, new))
    changed = [each for each in old.statements if before[each.text] != after[each.text]]
    changed += [each for each in new.statements if before[each.text] != after[each.text]]
    names = frozenset(name for each in changed for name in each.names)
    orders = (
        [each.text for each in module.statements if before[each.text] == after[each.text]] for module in (old, new)
    )
    first, second = orders
    twice = any(_bound_twice(module, names) for module in (old, new))
    # In another order a statement may find a name bound to another thing.
    strict = first != second or twice or not all(each.plain for each in changed)
    every = old.bodies.keys() | new.bodies.keys()
    bodies = {name for name in every if old.bodies.get(name) != new.bodies.get(name) or name.partition(".")[0] in names}
    return Difference(frozenset(bodies), names, strict)


def words(nodes: Iterable[ast.AST] | ast.AST) -> frozenset[str]:
    """Return every identifier and every word of a text; CURIOUS and COMPUTED where the code looks at code."""
    found: set[str] = set()
    for start in [nodes] if isinstance(nodes, ast.AST) else nodes:
        for node in ast.walk(start):
            found.update(_words_of(node))
    return frozenset(found)


def _words_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
        if isinstance(text, str):
            yield from WORD.findall(text)
            yield from [CURIOUS] if SAID.search(text) else ()
        return
    for value in vars(node).values():
        if isinstance(value, str):
            yield from WORD.findall(value)
        elif isinstance(value, list):
            yield from (each for each in value if isinstance(each, str))
    if _looks(node):
        yield CURIOUS
    if isinstance(node, ast.Call) and _last(node.func) in IMPORTING and not all(map(_is_literal, node.args[:1])):
        yield COMPUTED


def _looks(node: ast.AST) -> bool:
    """Whether it looks at code, or at names that are made while the program runs."""
    if isinstance(node, ast.Name):
        return node.id in LOOKING and isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Attribute):
        return node.attr in LOOKED or (node.attr == "modules" and _last(node.value) == "sys")
    named = isinstance(node, ast.Call) and _last(node.func) in BY_NAME
    return named and isinstance(node, ast.Call) and not all(map(_is_literal, node.args[1:2]))


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def _hollow(node: ast.FunctionDef | ast.AsyncFunctionDef, postponed: bool) -> None:
    """Leave of a function what is there without a call: its head, its docstring, and whether it generates."""
    kept: list[ast.stmt] = node.body[:1] if ast.get_docstring(node, clean=False) is not None else []
    yields = any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in _own(node.body))
    node.body = [*kept, ast.Expr(ast.Constant(yields))]
    # Postponed annotations are evaluated by nobody, so they are no edit.
    if postponed:
        node.returns = None
        for argument in ast.walk(node.args):
            if isinstance(argument, ast.arg):
                argument.annotation = None


def _apart(node: ast.stmt) -> list[ast.stmt]:
    if isinstance(node, ast.Import):
        return [ast.Import([each]) for each in node.names]
    if isinstance(node, ast.ImportFrom):
        return [ast.ImportFrom(node.module, [each], node.level) for each in node.names]
    return [node]


def _own(block: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a body without those of functions within."""
    for node in block:
        yield node
        if not isinstance(node, Function | ast.Lambda):
            yield from _own(ast.iter_child_nodes(node))


def _statement(node: ast.stmt) -> ModuleStatement:
    return ModuleStatement(frozenset(_names(node)), words(node), _dump([node]), _is_plain(node))


def _dump(nodes: Iterable[ast.AST]) -> str:
    return "\n".join(ast.dump(node) for node in nodes)


def _names(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((each.asname or each.name).partition(".")[0] for each in node.names)
    elif isinstance(node, Function | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Expr):
        yield "__doc__"
    else:
        yield from (
            each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        )


def _is_plain(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        # Nobody can tell here which names a star brings.
        return all(each.name != "*" for each in node.names)
    if isinstance(node, Function | ast.ClassDef):
        defaults = [node.args] if isinstance(node, Function) else [*node.bases]
        known = all(_last(each) in DECORATORS for each in node.decorator_list)
        inside = [] if isinstance(node, Function) else node.body
        keywords = [] if isinstance(node, Function) else node.keywords
        return known and not keywords and all(map(_is_quiet, defaults)) and all(map(_is_plain, inside))
    if isinstance(node, ast.If):
        return _last(node.test) == "TYPE_CHECKING" and not node.orelse
    if isinstance(node, ast.Assign):
        return all(map(_is_name, node.targets)) and _is_quiet(node.value)
    if isinstance(node, ast.AnnAssign):
        return _is_name(node.target) and (node.value is None or _is_quiet(node.value))
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) or (isinstance(node, ast.Tuple) and all(map(_is_name, node.elts)))


def _is_quiet(node: ast.AST) -> bool:
    """Whether evaluating it can change nothing: no call but of classes and of what is known to be harmless."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
            return False
        if isinstance(inner, ast.Call) and not (_last(inner.func) in CALLED or _last(inner.func)[:1].isupper()):
            return False
    return True


def _last(node: ast.expr) -> str:
    """The last name of what is called or used as a decorator."""
    while isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _bound_twice(module: Module, names: frozenset[str]) -> bool:
    counted = Counter(name for each in module.statements for name in each.names)
    return any(counted[name] > 1 for name in names)
