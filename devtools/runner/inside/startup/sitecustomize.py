"""Makes an interpreter import the snapshot under test, and see which changed statements run.

Standard library only: it runs in the project's interpreter, in pytest's own process (by path) and in every Python that
the tests start (as sitecustomize on PYTHONPATH). SITE_SPEC names a JSON file, or several where a proof runs within a
test of a proof. What is tested shall not see that it is: a variable of ours is taken out of os.environ when it has been
read, and only a child gets it again, as it starts.

    token        what tells this proof's probes from another's

    root, main   the snapshot's folder and the working tree that must not be what is tested
    names, tops  the project's regular top-level modules and packages; with namespaces. roots: the folders they are in
    probes       path -> {"statements": [[line, column, number]], "functions": [[line, column, number]],
                 "branches": [[line, column, end line, end column, number]]}
    seen         file to which numbers of executed statements are appended, one a line
    marks        where there is one: files (with .0, .1, ... added) for what footprint.py sees; codes: its cache

A probe is a call placed before a changed statement, or before an expression within one, on the syntax tree. That costs
nothing elsewhere, works in threads and children, tells statements of one line apart, and leaves tracing to whoever
uses it. A new function also asks whether it is the one that is emptied (SITE_MUTANT_token).
"""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, ModuleType
from typing import Any

SPEC = "SITE_SPEC"
HASHES = "PYTHONHASHSEED"
_reals: dict[str, str] = {}
_beside: dict[str, Any] = {}


class Carried:
    """Variables that children are started with and that os.environ does not show here."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.front: list[str] = []
        self.names: frozenset[str] = frozenset()
        self.moved: Callable[[str], str] = str

    def take(self, name: str, default: str = "") -> str:
        """Read a variable and hide it; one that was not there is not handed on."""
        if name in os.environ:
            self.put(name, os.environ.pop(name))
        return self.values.get(name, default)

    def put(self, name: str, value: str) -> None:
        self.values[name] = value
        os.putenv(name, value)  # C's environment alone, which os.environ does not show

    def has(self, env: Mapping[str, str] | None) -> bool:
        """Whether a child gets them: all that are given no environment of their own, or one made of this one's."""
        return env is None or 2 * len(self.names & env.keys()) > len(self.names)

    def into(self, env: Mapping[str, str] | None) -> dict[str, str]:
        """What a child is started with in the place of `env`."""
        if not self.has(env):
            return dict(env or {})
        found = dict(os.environ if env is None else env)
        specs = [found.get(SPEC, ""), self.values.get(SPEC, "")]  # a test of a proof makes proofs
        path = os.pathsep.join([*self.front, *self.path(found)])
        return {**found, **self.values, "PYTHONPATH": path, SPEC: os.pathsep.join(filter(None, specs))}

    def path(self, env: Mapping[str, str]) -> list[str]:
        """The person's own part of PYTHONPATH, in the snapshot."""
        known = [self.moved(entry) for entry in env.get("PYTHONPATH", "").split(os.pathsep) if entry]
        return known[len(self.front) :] if known[: len(self.front)] == self.front else known

    def begin(self, spec: dict[str, Any]) -> None:
        """From now on every Python that this process starts does as this one; called once."""
        self.front = [os.path.dirname(os.path.abspath(__file__)), *spec["roots"]]
        self.moved = lambda path: moved(path, spec)
        own = os.pathsep.join(self.path(os.environ))
        if own:
            os.environ["PYTHONPATH"] = own
        else:
            os.environ.pop("PYTHONPATH", None)
        self.names = frozenset(os.environ)
        os.putenv("PYTHONPATH", self.into(None)["PYTHONPATH"])
        import _posixsubprocess as posix

        fork = posix.fork_exec
        posix.fork_exec = _fork_exec(self, fork)
        subprocess = sys.modules.get("subprocess")
        if getattr(subprocess, "_fork_exec", None) is fork:
            subprocess._fork_exec = posix.fork_exec  # type: ignore[union-attr]
        for name in ("execve", "posix_spawn", "posix_spawnp"):
            if hasattr(os, name):
                setattr(os, name, _starting(self, getattr(os, name)))


def _fork_exec(carried: Carried, original: Callable[..., int]) -> Callable[..., int]:
    def fork_exec(*args: Any) -> int:
        entries = args[5]
        env = entries if entries is None else dict(_text(entry).split("=", 1) for entry in entries)
        if carried.has(env):
            entries = [os.fsencode(f"{name}={value}") for name, value in carried.into(env).items()]
        return original(*args[:5], entries, *args[6:])

    return fork_exec


def _starting(carried: Carried, original: Callable[..., Any]) -> Callable[..., Any]:
    def start(path: Any, argv: Any, env: Any, **options: Any) -> Any:
        return original(path, argv, carried.into({_text(name): _text(env[name]) for name in env}), **options)

    start.__name__ = start.__qualname__ = original.__name__
    return start


def _text(value: Any) -> str:
    return os.fsdecode(value) if isinstance(value, (str, bytes, os.PathLike)) else str(value)


class Coverage:
    """The numbers of executed statements. What another process than pytest's own saw goes through a file."""

    def __init__(self, path: str, token: str, main: bool, carried: Carried | None = None) -> None:
        self.path = path
        self.numbers: set[int] = set()
        self.pid = os.getpid() if main else 0
        self.variable = f"SITE_MUTANT_{token}"
        self.carried = carried or Carried()
        self.mutant = int(self.carried.take(self.variable, "-1"))
        self.footprint: Any = None

    def probe(self, number: int) -> None:
        if number not in self.numbers:
            self.numbers.add(number)
            if os.getpid() != self.pid:
                self.tell(f"{number}\n")

    def is_mutant(self, number: int) -> bool:
        self.probe(number)
        return number == self.mutant

    def tell(self, line: str) -> None:
        """Append one line whole, whoever else does."""
        try:
            stream = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0))
            os.write(stream, line.encode())
            os.close(stream)
        except OSError:
            pass


class Finder:
    """Resolves the project's own top-level names in the snapshot before any editable install can."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self.names = frozenset(spec["tops"])
        self.roots = spec["roots"]

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in self.names:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, self.roots if path is None else path, target)
        return self._namespace(name) if found and found.loader is None and path is None else found

    def _namespace(self, name: str) -> importlib.machinery.ModuleSpec | None:
        """A namespace package with the snapshot's part first: other distributions may have parts of it too."""
        path = [*self.roots, *(moved(entry, self.spec) for entry in sys.path)]  # '' is the current folder
        parts = importlib.machinery.PathFinder.find_spec(name, path)
        found = importlib.machinery.ModuleSpec(name, None, is_package=True)
        found.submodule_search_locations = list(parts.submodule_search_locations or ()) if parts else []
        return found


def instrument(spec: dict[str, Any], seen: Coverage) -> None:
    """From now on the changed files are compiled with their probes, past the bytecode cache, whoever loads them.

    With a footprint all files of the snapshot are.
    """
    probes = {os.path.join(spec["root"], path) for path in spec["probes"]}
    loader = importlib.machinery.SourceFileLoader
    original, footprint = loader.get_code, seen.footprint

    def get_code(self: importlib.machinery.SourceFileLoader, fullname: str) -> CodeType | None:
        path = self.path
        inside = footprint.within(path) if footprint else None
        if inside is not None:
            footprint.note("loaded", inside)
        if path not in probes:
            return original(self, fullname) if inside is None else footprint.code(path, self.get_data(path))
        return compiled(path, self.get_data(path), spec, seen)

    loader.get_code = get_code  # type: ignore[method-assign, assignment]


def compiled(path: str, source: bytes, spec: dict[str, Any], seen: Coverage) -> CodeType:
    """A changed file with its probes, and with the mutant that this process is, if that is of this file."""
    tree = ast.parse(source, path)
    name = os.path.relpath(path, spec["root"])
    for mutant in spec.get("mutants") or ():
        if mutant["number"] == seen.mutant and mutant["path"] == name:
            beside("mutation").apply(tree, mutant)
    place(tree, spec["probes"][name], spec["token"])
    if seen.footprint:
        seen.footprint.place(tree, path)
    code = compile(tree, path, "exec", dont_inherit=True)
    assert isinstance(code, CodeType)
    return code


def place(tree: ast.Module, probes: dict[str, list[list[int]]], token: str) -> None:
    """Put the probes before their statements, and the question of mutants into their functions."""
    statements = {(line, column): number for line, column, number in probes["statements"]}
    functions = {(line, column): number for line, column, number in probes["functions"]}
    inner = {(*place,): number for *place, number in probes.get("branches", ())}
    for node in list(ast.walk(tree)) if inner else ():
        _ask(node, inner, token)
    for number in inner.values():  # another Python may see other places; what cannot be asked is not missed
        tree.body.append(_located(ast.Expr(_call(f"__probe_{token}__", number)), tree.body[-1]))
    for node in list(ast.walk(tree)):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, _probed(block, statements, token))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (node.lineno, node.col_offset) in functions:
            number = functions[node.lineno, node.col_offset]
            first = node.body[0]
            node.body.insert(int(_is_text(first)), _question(number, token, first))


def _ask(node: ast.AST, branches: dict[tuple[int, ...], int], token: str) -> None:
    """Put the probes before those expressions in a node that are asked for, and strike these off the list."""
    for name, value in ast.iter_fields(node):
        for index, each in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(each, ast.expr):
                continue
            place = (each.lineno, each.col_offset, each.end_lineno or 0, each.end_col_offset or 0)
            number = branches.pop(place, None)
            if number is None:
                continue
            pair = ast.Tuple([_call(f"__probe_{token}__", number), each], ast.Load())
            asked = _placed(ast.Subscript(pair, ast.Constant(1), ast.Load()), each)
            if isinstance(value, list):
                value[index] = asked
            else:
                setattr(node, name, asked)


def _placed(node: ast.expr, where: ast.expr) -> ast.expr:
    """Give the nodes around an expression its place; what is in it has its own."""
    ast.copy_location(node, where)
    return ast.fix_missing_locations(node)


def _probed(block: list[Any], statements: dict[tuple[int, int], int], token: str) -> list[Any]:
    placed: list[Any] = []
    for statement in block:
        number = statements.get((statement.lineno, statement.col_offset)) if isinstance(statement, ast.stmt) else None
        if number is not None:
            placed.append(_located(ast.Expr(_call(f"__probe_{token}__", number)), statement))
        placed.append(statement)
    return placed


def _question(number: int, token: str, where: ast.stmt) -> ast.stmt:
    """Return what ends a function at once where it is a mutant; a value would be an error in an async generator."""
    return _located(ast.If(_call(f"__mutant_{token}__", number), [ast.Return(None)], []), where)


def _call(name: str, number: int) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [ast.Constant(number)], [])


def _located(node: ast.stmt, where: ast.stmt) -> ast.stmt:
    for inner in ast.walk(node):
        ast.copy_location(inner, where)
    return node


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def moved(path: str, spec: dict[str, Any]) -> str:
    """The snapshot's place of a path in the working tree; another path, and installed packages, as they are."""
    full = os.path.abspath(path)
    inside = full == spec["main"] or full.startswith(spec["main"] + os.sep)
    installed = {"site-packages", "dist-packages"} & set(full.split(os.sep))
    snapshot = full.startswith(spec["root"] + os.sep)
    return path if not inside or installed or snapshot else spec["root"] + full[len(spec["main"]) :]


def foreign(spec: dict[str, Any]) -> list[str]:
    """Files of loaded modules of the project that are not the snapshot's; the environment's own scripts are not."""
    root, main = (os.path.realpath(spec[name]) + os.sep for name in ("root", "main"))
    ours = {os.path.realpath(path) for path in (__file__, spec["plugin"])}
    scripts = os.path.join(os.path.realpath(sys.prefix), "bin") + os.sep  # bin/ptw in a tree's .venv is no code of it
    found = set()
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        real = _real(path) if isinstance(path, str) and path else root
        if real.startswith(root) or real in ours:
            continue
        installed = {"site-packages", "dist-packages"} & set(real.split(os.sep))
        outside = not real.startswith(main) or installed or real.startswith(scripts)
        if name.partition(".")[0] in spec["names"] or not outside:
            found.add(real)
    return sorted(found)


def _real(path: str) -> str:
    """A module's file without links, asked once: what is loaded is looked at by each process anew."""
    if path not in _reals:
        _reals[path] = os.path.realpath(path)
    return _reals[path]


def warm() -> None:
    """Load and look at what each run needs, in the process that all of them are forked from."""
    for name in ("channel", "footprint", "innermost"):  # what others import shall be loaded no earlier
        beside(name)
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str):
            _real(path)


def install(path: str, main: bool = False, carried: Carried | None = None) -> tuple[Coverage, dict[str, Any]]:
    """Set up this interpreter by the JSON file; `main` in pytest's own process."""
    import builtins

    with open(path, encoding="utf-8") as stream:
        spec: dict[str, Any] = json.load(stream)
    seen = Coverage(spec["seen"], spec["token"], main, carried)
    seen.footprint = footprint = beside("footprint").Marks(spec, seen.carried, main) if spec.get("marks") else None
    setattr(builtins, f"__probe_{spec['token']}__", seen.probe)
    setattr(builtins, f"__mutant_{spec['token']}__", seen.is_mutant)
    instrument(spec, seen)
    kept = [moved(entry, spec) if entry else entry for entry in sys.path]
    sys.path[:] = [*kept[:1], *spec["roots"], *kept[1:]]
    for module in list(sys.modules.values()):  # the import finders of setuptools' editable installs
        mapping = getattr(module, "MAPPING", None)
        if getattr(module, "__name__", "").startswith("__editable__") and isinstance(mapping, dict):
            mapping.update({name: moved(place, spec) for name, place in mapping.items()})
    sys.meta_path.insert(0, Finder(spec))  # an editable install may have a finder there
    if footprint:
        setattr(builtins, footprint.probe, footprint.mark)
        sys.addaudithook(footprint.audit)
    return seen, spec


def beside(name: str) -> Any:
    """Load a file that lies beside this one, without a trace among the modules."""
    if name in _beside:
        return _beside[name]
    place = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
    found = importlib.util.spec_from_file_location(name, place)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    _beside[name] = module
    return module


def watch(path: str, carried: Carried | None = None) -> dict[str, Any]:
    """Install in a child of the tests, and tell at its end what it should not have loaded."""
    import atexit

    seen, spec = install(path, carried=carried)
    if seen.footprint:
        seen.footprint.arrive()
        atexit.register(seen.footprint.leave)
    atexit.register(lambda: seen.tell("".join(f"foreign {path}\n" for path in foreign(spec))))
    return spec


def hand_on(path: str, spec: dict[str, Any], carried: Carried) -> None:
    """Let every Python that this process starts do the same."""
    carried.put(SPEC, path)
    carried.take(HASHES)
    carried.begin(spec)


def arrive() -> None:
    """Set up a child of the tests as its parent was, then leave nothing that shows it."""
    carried = Carried()
    specs = [watch(name, carried) for name in carried.take(SPEC).split(os.pathsep) if name and os.path.exists(name)]
    if not specs:
        return
    carried.take(HASHES)
    carried.begin(specs[0])


def make_room() -> None:
    """Let the interpreter go on as if this file were not there: with the next one of its name, or with none."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if entry != here]
    found = importlib.machinery.PathFinder.find_spec(__name__)
    if found is None or found.loader is None:
        raise ImportError(f"No module named {__name__!r}", name=__name__)
    sys.modules[__name__] = importlib.util.module_from_spec(found)
    found.loader.exec_module(sys.modules[__name__])


if __name__ == "sitecustomize":
    arrive()
    make_room()
