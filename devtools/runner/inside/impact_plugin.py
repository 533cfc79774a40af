"""Inside pytest: what each test file read, loaded, listed and started, so that only affected ones need run again.

An audit hook (PEP 578) sees it at the cost of a call per event: no tracer, so a coverage tool of the project keeps its
place. Standard library and pytest only; see `results_plugin`, which loads this by path.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

SHARED = ""
HERE = os.path.join(os.path.dirname(os.path.realpath(__file__)), "")
PROSE = (".md", ".rst")  # where it is sure who reads one, its edit concerns nobody else
# Programs that run none of the project's code when they work outside of its tree.
HARMLESS = frozenset(("git",))
READING_NOTHING = frozenset(("uname",))  # the standard library's `platform` asks it
HIDING = ("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty")
LOOKERS = (os.path.join("assertion", "rewrite.py"), os.path.join("hypothesis", "internal", "constants_ast.py"))
MADE = "pytest-of-"  # the folders that pytest gives its tests
PASSING = ("/proc/", "/dev/", "/sys/")


class Impact:
    """Pytest hooks that know whose test file is at work, and the audit hook that notes what it does."""

    def __init__(self, write: Callable[..., None], root: str, fresh: list[str], collect: bool = False) -> None:
        self.write = write
        self.root = os.path.join(os.path.realpath(root), "")
        self.fresh = frozenset(fresh)
        self.collect = collect
        # Modules that tests import from there are gone at the next run. For that, every test ran again each time.
        self.passing = (*PASSING, os.path.join(os.path.realpath(tempfile.gettempdir()), ""))
        self.installed = (os.path.join(sys.prefix, ""), os.path.join(sys.base_prefix, ""))
        self.current = SHARED
        self.names: dict[str, str] = {}
        self.tests: dict[str, dict[str, int]] = {}
        self.seconds: dict[str, float] = {}
        self.reads: dict[str, set[str]] = {}
        self.loaded: dict[str, str] = {}
        self.opaque: set[str] = set()
        self.listing: set[str] = set()
        self.outside: set[str] = set()
        self.events = {
            "open": self._open,
            "os.listdir": self._list,
            "os.scandir": self._list,
            "subprocess.Popen": self._start,
            **dict.fromkeys(HIDING, self._hide),
        }
        self.began = time.time_ns()
        self.asked: dict[str, set[str]] = {}
        sys.addaudithook(self._audit)
        _asking().watch(self.ask, self.read_variable)

    def ask(self, path: str) -> None:
        """A path was asked about: prose may be there or not, and what lies elsewhere nobody else looks after."""
        if path.startswith(self.root):
            if path.endswith((*PROSE, ".py")) and (path.endswith(PROSE) or not _is_there(path)):
                self.reads.setdefault(path[len(self.root) :], set()).add(self.current)
        else:
            self._elsewhere(path)

    def read_variable(self, name: str) -> None:
        self.asked.setdefault(name, set()).add(self.current)

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        handler = self.events.get(event)
        if handler is not None:
            handler(args)

    def _open(self, args: tuple[Any, ...]) -> None:
        path, mode, flags = args
        if not isinstance(path, (str, bytes, os.PathLike)) or _writes(mode, flags):
            return
        name = os.path.abspath(os.fsdecode(path))
        if name.endswith(".pyc"):
            self._load(_source(name))
        elif name.endswith(".py") and _imports():
            self._load(name)
        elif name.startswith(self.root):
            readers = self.reads.setdefault(name[len(self.root) :], set())
            readers |= {SHARED} if name.endswith(PROSE) and not self._is_direct() else {self.current}
        else:
            self._elsewhere(name)

    def _is_direct(self) -> bool:
        """Whether no other file of the project had a part in it: that one may keep what it read for all tests."""
        own = os.path.join(self.root, self.current)
        frame: FrameType | None = sys._getframe(3)
        while frame is not None:
            name = os.path.realpath(frame.f_code.co_filename)
            inside = name.startswith(self.root) and not name.startswith((HERE, *self.installed))
            if inside and name != own and "site-packages" not in name:
                return False
            frame = frame.f_back
        return True

    def _load(self, name: str) -> None:
        if name.startswith(self.root):
            # Files that find it loaded are not seen here. `selection.affected` finds those by their code.
            self.loaded.setdefault(name[len(self.root) :], self.current)
        else:
            self._elsewhere(name)

    def _elsewhere(self, name: str) -> None:
        """What is installed counts, also where the environment lies in a temporary folder, and what was there before.

        What a temporary folder has from this run is of the tests' own making.
        """
        if not name.startswith(self.passing) or name.startswith(self.installed) or self._is_older(name):
            self.outside.add(name)

    def _is_older(self, name: str) -> bool:
        if name.startswith((*PASSING, os.path.join(self.passing[-1], MADE))):
            return False
        try:
            stat = os.lstat(name)
        except OSError:
            return False
        return max(stat.st_ctime_ns, stat.st_mtime_ns) < self.began

    def _list(self, args: tuple[Any, ...]) -> None:
        path = args[0] if args and args[0] is not None else "."
        if self.current != SHARED and not isinstance(path, int) and not _imports():
            folder = os.path.join(os.path.abspath(os.fsdecode(path)), "")
            if folder.startswith(self.root):
                self.listing.add(self.current)

    def _start(self, args: tuple[Any, ...]) -> None:
        program, _, cwd, _ = args
        folder = os.path.join(os.path.abspath(os.fsdecode(cwd) if cwd else "."), "")
        name = os.path.basename(os.fsdecode(program)) if isinstance(program, (str, bytes, os.PathLike)) else ""
        harmless = name in READING_NOTHING or (name in HARMLESS and not folder.startswith(self.root))
        # Workers start outside of any test file: counted, they would make every test run again at any change.
        if not harmless and not _of_workers():
            self.opaque.add(self.current)

    def _hide(self, args: tuple[Any, ...]) -> None:
        self.opaque.add(self.current)

    def _of(self, node: Any) -> str:
        """The test file of a pytest node, from the root; SHARED for folders and for files elsewhere."""
        path = str(getattr(node, "path", ""))
        if path not in self.names:
            name = os.path.realpath(path)
            inside = name.startswith(self.root) and os.path.isfile(name)
            self.names[path] = name[len(self.root) :] if inside else SHARED
        return self.names[path]

    def _while(self, current: str) -> Iterator[None]:
        before, self.current = self.current, current
        yield
        self.current = before

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: Any) -> None:
        """Leave out nothing where a part could not tell of the whole: a share of lines is asked of all tests.

        Workers collect for themselves, and each comes to the same answer.
        """
        coverage = session.config.pluginmanager.getplugin("_cov")
        floor = getattr(getattr(coverage, "options", None), "cov_fail_under", None)
        if self.fresh and floor:
            self.fresh = frozenset()
            self.write("undivided")

    @pytest.hookimpl(hookwrapper=True)
    def pytest_ignore_collect(self, collection_path: Any) -> Iterator[None]:
        """Leave out what need not run, around all other hooks: of those, the first with any answer wins."""
        outcome: Any = yield
        name = os.path.realpath(str(collection_path))
        # The conftest of boltons answers False where it means nothing, so 29 of 30 edits ran all tests.
        if not self.collect and name.startswith(self.root) and name[len(self.root) :] in self.fresh:
            outcome.force_result(True)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> Iterator[None]:
        """Where all is collected, take out the tests that need not run after all others had a look at them."""
        yield
        kept = [item for item in items if self._of(item) not in self.fresh]
        if len(kept) < len(items):
            left = [item for item in items if self._of(item) in self.fresh]
            self.write("left", items=left)
            items[:] = kept

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: Any) -> Iterator[None]:
        yield from self._while(self._of(collector))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        path, start = self._of(item), time.monotonic()
        yield from self._while(path)
        self.tests[path]["ran"] += 1
        self.seconds[path] = self.seconds.get(path, 0.0) + time.monotonic() - start

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        # What such a fixture has read it may keep for each test that comes after.
        yield from self._while(SHARED if fixturedef.scope in ("session", "package") else self.current)

    def pytest_collection_finish(self, session: Any) -> None:
        for item in session.items:
            self.tests.setdefault(self._of(item), {"passed": 0, "skipped": 0, "ran": 0, "total": 0})["total"] += 1

    def pytest_runtest_logreport(self, report: Any) -> None:
        kind = "skipped" if report.skipped else "passed" if report.when == "call" and report.passed else ""
        if kind and self.current in self.tests and not hasattr(report, "context"):  # a subtest is no test
            self.tests[self.current][kind] += 1

    def pytest_sessionfinish(self, session: Any) -> None:
        for path in _modules():
            if not path.startswith(self.root):
                self._elsewhere(_source(path))
        away = session.config.pluginmanager.hasplugin("dsession")  # the tests ran in workers
        self.write(
            "around" if away else "impact",
            tests=self.tests,
            seconds={path: round(seconds, 3) for path, seconds in self.seconds.items()},
            reads={path: sorted(tests) for path, tests in self.reads.items()},
            loaded=self.loaded,
            opaque=sorted(self.opaque),
            listing=sorted(self.listing),
            outside=sorted(self.outside),
            asked={name: sorted(tests) for name, tests in self.asked.items()},
        )


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(sign in mode for sign in "wax")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_CREAT | os.O_TRUNC))


def _asking() -> Any:
    """The module beside this one, by path."""
    spec = importlib.util.spec_from_file_location("asking", os.path.join(HERE, "asking.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _is_there(path: str) -> bool:
    try:
        os.lstat(path)
    except OSError:
        return False
    return True


def _imports() -> bool:
    """Whether the import system, or pytest's rewriting of test modules, is what opens the file.

    Hypothesis looks at each module for constants to try: that makes no test depend on the text of all.
    """
    frame: FrameType | None = sys._getframe(3)
    while frame is not None and "pathlib" in frame.f_code.co_filename:
        frame = frame.f_back
    name = frame.f_code.co_filename if frame else ""
    return name.startswith("<frozen importlib") or name.endswith(LOOKERS)


def _of_workers() -> bool:
    """Whether it is a worker of pytest-xdist that is being started."""
    frame: FrameType | None = sys._getframe(3)
    while frame is not None and frame.f_code.co_filename == subprocess.__file__:
        frame = frame.f_back
    return frame is not None and os.path.basename(os.path.dirname(frame.f_code.co_filename)) == "execnet"


def _source(path: str) -> str:
    """The module's source of a compiled file in its __pycache__."""
    folder, name = os.path.split(path)
    if not name.endswith(".pyc") or os.path.basename(folder) != "__pycache__":
        return path
    return os.path.join(os.path.dirname(folder), name.partition(".")[0] + ".py")


def _modules() -> list[str]:
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return [os.path.abspath(path) for path in files if isinstance(path, str)]
