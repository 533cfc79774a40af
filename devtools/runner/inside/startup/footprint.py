"""Sees what an interpreter does with the files of a snapshot: modules loaded, functions entered, files read, folders
listed, programs started that nobody can see into.

Standard library only; loaded by path beside sitecustomize.py. A mark is a line of JSON: kind, path from the root, name.
The name is that of a function entered; else the file of the root whose code asked, where it is one.
Pytest's own process keeps its marks; every other one, forked or started, writes each at once to a file, so that no kill
loses it. An audit hook (PEP 578) sees files and programs; functions are told by a call placed on their syntax tree.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import marshal
import os
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FrameType
from typing import Any, cast

PASSING = ("/pathlib", "/glob.py", "/os.py", "/shutil.py", "/subprocess.py", "<frozen os>", "<frozen codecs>")
# Who looks at all that there is, and whom it does not make do something else.
LOOKERS = ("<frozen importlib", "/importlib/metadata/", "/hypothesis/")
ISOLATED = frozenset("IES")  # options with which Python looks at no environment or at no sitecustomize
KEPT = 3000


class Marks:
    """The marks of one process. `main` in pytest's own."""

    def __init__(self, spec: dict[str, Any], carried: Any, main: bool) -> None:
        self.root = os.path.join(spec["root"], "")
        self.codes, self.carried = spec.get("codes", ""), carried
        self.variable = f"SITE_FILE_{spec['token']}"
        self.target = f"{spec['marks']}.{carried.take(self.variable, '0')}"
        self.pid = os.getpid() if main else 0
        self.marks: set[str] = set()
        self.before: frozenset[str] = frozenset()
        self.probe = f"__entered_{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]}__"
        # What pytest reads for itself, in its own process, no test has asked for.
        self.ignored = (*LOOKERS, *(("/_pytest/", "/iniconfig/") if main else ()))
        self.events: dict[str, Callable[[tuple[Any, ...]], None]] = {
            "open": self._open,
            "os.listdir": self._list,
            "os.scandir": self._list,
            "subprocess.Popen": lambda args: self._start(*args),
            "os.posix_spawn": lambda args: self._start(args[0], args[1], None, args[2]),
            "os.exec": lambda args: self._start(args[0], args[1], None, args[2]),
            "os.spawn": lambda args: self._start(args[1], args[2], None, args[3]),
            "os.system": lambda args: self._start("sh", [args[0]], None, None),
        }

    def of(self, number: int) -> None:
        """From now on this process, and each that it starts, works for one test file."""
        self.pid, self.marks, self.before = os.getpid(), set(), frozenset(self.marks)
        self.carried.put(self.variable, str(number))
        self.target = f"{self.target.rpartition('.')[0]}.{number}"

    def mark(self, line: str) -> None:
        if line not in self.marks:
            self.marks.add(line)
            if os.getpid() != self.pid:
                self._tell(line)

    def note(self, kind: str, path: str, who: str = "") -> None:
        self.mark(json.dumps([kind, path, self.within(who) or ""]))

    def _tell(self, line: str) -> None:
        try:
            stream = os.open(self.target, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0))
            os.write(stream, f"{line}\n".encode())
            os.close(stream)
        except OSError:
            pass

    def within(self, path: Any) -> str | None:
        """Return the path from the root; None for a file elsewhere."""
        if path and isinstance(path, (str, bytes, os.PathLike)):
            name = os.path.abspath(os.fsdecode(path))
            if f"{name}{os.sep}".startswith(self.root):
                return name[len(self.root) :]
        return None

    def code(self, path: str, source: bytes) -> CodeType:
        """Return the module compiled with its probes, from the cache where it was so already."""
        key = hashlib.sha256(b"\0".join((os.fsencode(path), source, importlib.util.MAGIC_NUMBER))).hexdigest()
        kept = os.path.join(self.codes or os.devnull, key)
        try:
            with open(kept, "rb") as stream:
                return cast(CodeType, marshal.loads(stream.read()))
        except (OSError, ValueError, EOFError, TypeError):
            pass
        tree = ast.parse(source, path)
        self.place(tree, path)
        code: CodeType = compile(tree, path, "exec", dont_inherit=True)
        if self.codes:
            _keep(self.codes, kept, marshal.dumps(code))
        return code

    def place(self, tree: ast.Module, path: str) -> None:
        """Put the call that tells of its entry into every function that a module or a class of it has."""
        name = path[len(self.root) :]
        for qualified, node in callables(tree.body):
            value = ast.Constant(json.dumps(["entered", name, qualified]))
            call = ast.Expr(ast.Call(ast.Name(self.probe, ast.Load()), [value], []))
            first = node.body[0]
            for inner in ast.walk(call):
                ast.copy_location(inner, first)
            # After the docstring, which has to stand first.
            node.body.insert(int(ast.get_docstring(node, clean=False) is not None), call)

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        """An exception out of here would reach the tests: what it cannot take in is unseen."""
        handler = self.events.get(event)
        if handler is not None:
            try:
                handler(args)
            except Exception:
                self.note("opaque", "")

    def _open(self, args: tuple[Any, ...]) -> None:
        path, mode, flags = args
        name, who = self.within(path), _who()
        wanted = name is not None and not _writes(mode, flags) and not name.endswith(".pyc")
        if name is not None and wanted and not any(part in who for part in self.ignored):
            self.note("read", name, who)

    def _list(self, args: tuple[Any, ...]) -> None:
        name, who = self.within(args[0] if args and args[0] is not None else "."), _who()
        if name is not None and not any(part in who for part in self.ignored):
            self.note("listed", name, who)

    def _start(self, program: Any, args: Any, cwd: Any, env: Any) -> None:
        """A program is seen through where it is a Python that does as this one does, or sees nothing of the root."""
        words = [_text(each) for each in args] if isinstance(args, (list, tuple)) else [_text(args)]
        name = os.path.basename(_text(program) or words[0])
        python = name.startswith("python")
        known = self.carried.has(env if env is None else {_text(key): _text(value) for key, value in dict(env).items()})
        # A shell may look at the snapshot unseen, where it stands in it or is told of its folder.
        near = not python and (self.within(cwd or ".") is not None or any(self.root[:-1] in word for word in words))
        if not known or near or name == "env" or (python and _isolated(words[1:])):
            self.note("opaque", "", _who())

    def arrive(self) -> None:
        """What a started Python was given on its command line."""
        for word in sys.orig_argv[1:]:
            name = self.within(word)
            if name is not None and os.path.isfile(word):
                self.note("whole", name)

    def leave(self) -> None:
        """Modules of the snapshot that another way than the import of sources has loaded."""
        for module in list(sys.modules.values()):
            name = self.within(getattr(module, "__file__", None))
            known = name is None or {json.dumps([kind, name, ""]) for kind in ("loaded", "whole")} & self.before
            if name is not None and not known and json.dumps(["loaded", name, ""]) not in self.marks:
                self.note("whole", name)


def callables(block: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """As `devtools.syntax.module.callables`: functions and methods by qualified name, but for functions within them."""
    for node in block:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{prefix}{node.name}", node
            continue
        below = f"{prefix}{node.name}." if isinstance(node, ast.ClassDef) else prefix
        inner = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
        inner += [part.body for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ()))]
        for statements in inner:
            yield from callables(statements, below)


def _keep(folder: str, path: str, data: bytes) -> None:
    """Write whole or not at all; a folder that has grown large starts anew."""
    try:
        os.makedirs(folder, exist_ok=True)
        names = os.listdir(folder)
        for name in names if len(names) > KEPT else ():
            os.unlink(os.path.join(folder, name))
        with open(f"{path}.{os.getpid()}", "wb") as stream:
            stream.write(data)
        os.replace(f"{path}.{os.getpid()}", path)
    except OSError:
        pass


def _who() -> str:
    """The file of the code that asked, those aside that ask for others."""
    # Ask for no depth: Python opens its script with no frame below, and an error ended it with "can't open file".
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    while frame is not None and any(part in frame.f_code.co_filename for part in PASSING):
        frame = frame.f_back
    return frame.f_code.co_filename if frame else ""


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(sign in mode for sign in "wax")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_CREAT | os.O_TRUNC))


def _isolated(words: list[str]) -> bool:
    for word in words:
        if not word.startswith("-") or word in ("-c", "-m", "-"):
            return False
        if ISOLATED & set(word):
            return True
    return False


def _text(value: Any) -> str:
    return os.fsdecode(value) if isinstance(value, (str, bytes, os.PathLike)) else str(value or "")
