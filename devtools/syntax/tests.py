"""Tests on the syntax tree: which there are, what each one depends on, what it asserts.

A test's fingerprint covers the test and everything of the test files that it uses: decorators and parameters, its
class, names of its module, fixtures of its module and of the conftests above it, modules of test support that it
imports. Comments, formatting, docstrings and its place in the file do not count.
"""

from __future__ import annotations

import ast
import hashlib
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

Read = Callable[[str], bytes | None]
Function = ast.FunctionDef | ast.AsyncFunctionDef
ASSERTING = ("assert", "raises", "warns", "deprecated_call", "expect", "verify")


def parse(source: bytes | None) -> ast.Module | None:
    """Return the syntax tree without its docstrings, or None where there is no file or no Python in it."""
    try:
        tree = ast.parse(source) if source is not None else None
    except (SyntaxError, ValueError):
        return None
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            has = ast.get_docstring(node, clean=False) is not None
            node.body[:has] = [_emptied(node.body[0])] if has and len(node.body) == 1 else []
    return tree


@dataclass(frozen=True)
class File:
    """One Python file of the tests, its definitions by name and its test functions by qualified name."""

    path: str
    tree: ast.Module

    @cached_property
    def names(self) -> Mapping[str, list[ast.stmt]]:
        """Name -> the module-level statements that bind it, those within `if` and `try` included."""
        found: dict[str, list[ast.stmt]] = {}
        for statement in _module_level(self.tree.body):
            for name in _bound(statement):
                found.setdefault(name, []).append(statement)
        return found

    @cached_property
    def tests(self) -> Mapping[str, Function]:
        """Qualified name -> function, for every function named test... of the module or of a class."""
        return {name: node for name, node in self.functions.items() if name.rpartition(".")[2].startswith("test")}

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        return dict(functions_of(self.tree))

    @cached_property
    def classes(self) -> Mapping[str, ast.ClassDef]:
        every = [statement for statements in self.names.values() for statement in statements]
        return {statement.name: statement for statement in every if isinstance(statement, ast.ClassDef)}

    @cached_property
    def always(self) -> list[ast.stmt]:
        """What acts on every test below: autouse fixtures, pytest's hooks, the module's marks, effects at import."""
        functions = [node for nodes in self.names.values() for node in nodes if isinstance(node, Function)]
        automatic = [node for node in functions if node.name.startswith("pytest_") or _is_autouse(node)]
        settings = ("pytestmark", "collect_ignore", "collect_ignore_glob", "pytest_plugins", "__test__")
        return [*automatic, *(node for name in settings for node in self.names.get(name, [])), *self.effects]

    @cached_property
    def effects(self) -> list[ast.stmt]:
        """Module-level statements that do more than bind names of the module."""
        return [statement for statement in _module_level(self.tree.body) if self._acts(statement)]

    def _acts(self, statement: ast.stmt) -> bool:
        """What is bound within an object of the module itself concerns only who uses that object."""
        if isinstance(statement, ast.Assign):
            places = [each for each in statement.targets if isinstance(each, ast.Attribute | ast.Subscript)]
            return any(self._is_imported(name) for place in places for name in _roots(place))
        if isinstance(statement, ast.Expr):
            return any(isinstance(each, ast.Call) for each in ast.walk(statement))
        return isinstance(statement, ast.Delete | ast.For | ast.While | ast.Assert | ast.Raise)

    def _is_imported(self, name: str) -> bool:
        return any(isinstance(each, ast.Import | ast.ImportFrom) for each in self.names.get(name, ()))

    @cached_property
    def imports(self) -> list[ast.stmt]:
        return [each for each in _module_level(self.tree.body) if isinstance(each, ast.Import | ast.ImportFrom)]


class Suite:
    """The tests of one snapshot, read file by file as they are asked for."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._files: dict[str, File | None] = {}
        self._fingerprints: dict[tuple[str, str], str | None] = {}

    def file(self, path: str) -> File | None:
        if path not in self._files:
            tree = parse(self._read(path))
            self._files[path] = None if tree is None else File(path, tree)
        return self._files[path]

    def tests(self, path: str) -> list[str]:
        """Return qualified names of the file's test functions, in their order."""
        file = self.file(path)
        return list(file.tests) if file else []

    def fingerprint(self, path: str, name: str) -> str | None:
        """Return what the test is; None where the file has no such function and no such class."""
        key = (path, name)
        if key not in self._fingerprints:
            self._fingerprints[key] = self._fingerprint(path, name)
        return self._fingerprints[key]

    def _fingerprint(self, path: str, name: str) -> str | None:
        file = self.file(path)
        if file is None:
            return None
        start = self._parts(file, name)
        if not start:
            return None
        parts = _Closure(self).of(file, start).parts
        return hashlib.sha256("\n".join(sorted(parts)).encode("utf-8", "surrogatepass")).hexdigest()

    def asserts(self, path: str, name: str) -> bool:
        """Return whether the test, or a function or fixture of the tests' that it uses, can tell right from wrong."""
        return any(is_assertion(inner) for node in self.nodes(path, name) for inner in ast.walk(node))

    def nodes(self, path: str, name: str) -> list[ast.AST]:
        """Return the test and everything of the test files that it uses."""
        file = self.file(path)
        return _Closure(self).of(file, self._parts(file, name)).nodes if file else []

    def acting(self, file: File) -> list[File]:
        """Return the modules of test support that act at import and that the file loads, over any number of steps."""
        waiting, found = [file], [file]
        while waiting:
            each = waiting.pop()
            paths = [path for statement in each.imports for path in self.support(each, statement)]
            paths += [path for node in each.names.get("pytest_plugins", ()) for path in self._plugins(each, node)]
            fresh = [support for path in paths if (support := self.file(path)) and support not in found]
            found += fresh
            waiting += fresh
        return found[1:]

    def _plugins(self, file: File, node: ast.AST) -> list[str]:
        texts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
        names = [ast.Import([ast.alias(text)]) for text in texts if isinstance(text, str)]
        return [path for each in names for path in self.support(file, each)]

    def _parts(self, file: File, name: str) -> list[ast.AST]:
        """The function with its class around it; an inherited test is its class."""
        owner, _, _ = name.partition(".")
        function = file.functions.get(name)
        holder = file.classes.get(owner) if "." in name or function is None else None
        parts: list[ast.AST] = [function] if function else []
        if holder is not None:
            tests = {id(node) for node in file.tests.values()} if function else set()
            parts += [*holder.bases, *holder.decorator_list, *(node for node in holder.body if id(node) not in tests)]
        return parts

    def support(self, file: File, statement: ast.stmt) -> list[str]:
        """Return the paths of test support modules that an import statement may mean, those that exist."""
        found = []
        for module in _imported(file.path, statement):
            places = [posixpath.dirname(file.path), "", "tests", "test"]
            for place in places:
                stem = posixpath.normpath(posixpath.join(place, module)) if not module.startswith("/") else module[1:]
                found += [path for path in (f"{stem}.py", f"{stem}/__init__.py") if self.file(path)]
        return found

    def conftests(self, path: str) -> Iterator[File]:
        folder = posixpath.dirname(path)
        while True:
            file = self.file(posixpath.join(folder, "conftest.py"))
            if file:
                yield file
            if not folder:
                return
            folder = posixpath.dirname(folder)


class _Closure:
    """Collects the dumps of everything that a test reaches within the tests' files."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        self.parts: set[str] = set()
        self.nodes: list[ast.AST] = []
        self.seen: set[tuple[str, str]] = set()

    def of(self, file: File, start: list[ast.AST]) -> _Closure:
        for node in start:
            self._add(file, node)
        for above in (file, *self.suite.conftests(file.path)):
            for node in above.always:
                self._add(above, node)
            for support in self.suite.acting(above):  # a helper may patch production when it is imported
                for node in support.always:
                    self._add(support, node)
        return self

    def _add(self, file: File, node: ast.AST) -> None:
        self.parts.add(ast.dump(node))
        self.nodes.append(node)
        for name in _used(node):
            self._follow(file, name)

    def _follow(self, file: File, name: str) -> None:
        if (file.path, name) in self.seen:
            return
        self.seen.add((file.path, name))
        for statement in file.names.get(name, ()):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                self._import(file, statement, name)
            else:
                self._add(file, statement)
        for conftest in self.suite.conftests(file.path):
            if conftest.path != file.path and name in conftest.names:
                self._follow(conftest, name)

    def _import(self, file: File, statement: ast.Import | ast.ImportFrom, name: str) -> None:
        """The binding itself, not what else the statement imports; of test support the name's own closure."""
        for alias in statement.names:
            if (alias.asname or alias.name.partition(".")[0]) == name:
                self.parts.add(f"{_module_of(statement)} {alias.name} as {name}")
                for path in self.suite.support(file, statement):
                    support = self.suite.file(path)
                    if support and alias.name in support.names:
                        self._follow(support, alias.name)
                    elif support and path != file.path and (path, "*") not in self.seen:
                        self.seen.add((path, "*"))
                        self.parts.add(ast.dump(support.tree))


def is_assertion(node: ast.AST) -> bool:
    """Return an assert on something that varies, or a call that by its name checks its argument."""
    if isinstance(node, ast.Assert):
        return not is_constant(node.test) and not _is_always_true(node.test)
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    given = [*node.args, *(word.value for word in node.keywords)]
    asserting = any(word in called.lower() for word in ASSERTING)
    return asserting and not (given and all(is_constant(value) for value in given))


def is_constant(node: ast.expr) -> bool:
    """Return whether the expression is made of literals alone, so that it can only ever have one value."""
    varying = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Await, ast.NamedExpr)
    return not any(isinstance(inner, varying) for inner in ast.walk(node))


def _is_always_true(test: ast.expr) -> bool:
    """Whether the condition holds by its form: a tuple, something or true, a thing equal to itself."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(isinstance(each, ast.Constant) and each.value for each in test.values)
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq | ast.Is | ast.LtE | ast.GtE):
        return len(test.ops) == 1 and ast.dump(test.left) == ast.dump(test.comparators[0])
    return isinstance(test, ast.Tuple) and bool(test.elts)  # assert (x, "words") passes with any code


def functions_of(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    """Yield qualified name and function, for functions at module level, in classes and in functions, in their order."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
            yield from functions_of(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.ClassDef):
            yield from functions_of(node, f"{prefix}{node.name}.")
        else:
            yield from functions_of(node, prefix)


def _emptied(docstring: ast.stmt) -> ast.stmt:
    return ast.copy_location(ast.Pass(), docstring)


def _module_level(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in statements:
        if isinstance(statement, ast.If | ast.Try | ast.With):
            for field in ("body", "orelse", "finalbody"):
                yield from _module_level(getattr(statement, field, []))
            for handler in getattr(statement, "handlers", []):
                yield from _module_level(handler.body)
        else:
            yield statement


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a module-level statement binds or changes."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in statement.names)
    else:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
                yield from (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))


def _roots(place: ast.AST) -> list[str]:
    return [each.id for each in ast.walk(place) if isinstance(each, ast.Name)]


def _used(node: ast.AST) -> Iterator[str]:
    """Names that the node reads, asks for as fixtures, or gives as the text of a mark."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Del):
            yield inner.id
        elif isinstance(inner, ast.arg):
            yield inner.arg
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.value.isidentifier():
            yield inner.value


def _is_autouse(node: Function) -> bool:
    calls = [call for call in node.decorator_list if isinstance(call, ast.Call)]
    return any(
        word.arg == "autouse" and not (isinstance(word.value, ast.Constant) and not word.value.value)
        for call in calls
        for word in call.keywords
    )


def _module_of(statement: ast.Import | ast.ImportFrom) -> str:
    return "." * statement.level + (statement.module or "") if isinstance(statement, ast.ImportFrom) else ""


def _imported(path: str, statement: ast.stmt) -> Iterator[str]:
    """Modules that the statement may import, as paths without suffix; from the root with a leading slash."""
    if isinstance(statement, ast.Import):
        yield from (alias.name.replace(".", "/") for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom):
        base = (statement.module or "").replace(".", "/")
        if statement.level:
            folder = path
            for _ in range(statement.level):
                folder = posixpath.dirname(folder)
            base = "/" + posixpath.join(folder, base) if base else "/" + folder
        yield base.rstrip("/")
        yield from (f"{base.rstrip('/')}/{alias.name}" for alias in statement.names)
