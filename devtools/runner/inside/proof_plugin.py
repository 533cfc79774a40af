"""Runs inside the project's interpreter: pytest on a snapshot, with what a proof needs to know written as data.

Standard library and pytest only; loaded by path. Its arguments are SPEC RESULTS PYTEST-ARGUMENTS... SPEC is the JSON
file of startup/sitecustomize.py with, beside that, `witnessed` and `unneeded` (pairs of path and qualified name: of
tests seen to fail before, and of tests that need not run), `functions` (numbers of the new functions, emptied in turn),
`mutants` of changed code, the seconds of their `budget`, and `seconds` (a limit for the whole run). RESULTS gets one
event a line, numbered and signed with the key that stands on its standard input: see startup/channel.py.

The tests run in a child forked after collection, and so does each emptied function: a mutant costs milliseconds, starts
from an untouched state, and no crash or hang of a test takes the record with it. Where footprints are wanted each test
file has a child of its own: what an earlier file left in a cache would hide what a later one depends on.
"""

from __future__ import annotations

import importlib.util
import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, TypeVar

Action = TypeVar("Action", bound=Callable[..., Any])

FRAMES = 60
TEXT_LIMIT = 2000
CALL = re.compile(
    r"^([\w.<>]+)\(\) (got an unexpected keyword|got multiple values|got some positional|takes |missing \d)"
)


def _marked(function: Action, option: str) -> Action:
    """Mark a hook as pytest's hookimpl does, without pytest being there."""
    names = ("hookwrapper", "optionalhook", "tryfirst", "trylast", "wrapper")
    function.pytest_impl = {name: name == option for name in names} | {"specname": None}  # type: ignore[attr-defined]
    return function


def first(function: Action) -> Action:
    return _marked(function, "tryfirst")


def last(function: Action) -> Action:
    return _marked(function, "trylast")


def wrapping(function: Action) -> Action:
    return _marked(function, "hookwrapper")


class RunRecorder:
    """Pytest hooks that write what they see."""

    def __init__(self, results: str, key: bytes, seen: Any, spec: dict[str, Any], hook: ModuleType) -> None:
        self.handle, self.seen, self.spec, self.hook = os.open(results, os.O_WRONLY | os.O_APPEND), seen, spec, hook
        os.unlink(results)  # who has its name shall not write to it; the caller has it open
        self.channel = hook.beside("channel")
        self.send = self.channel.sender(self.handle, key)
        self.log: list[dict[str, Any]] = []
        self.sent: tuple[list[dict[str, Any]], str] = ([], "")
        self.judge: Callable[[], str] = str
        self.remember: Callable[[Any], object] = bool
        self.begin: Callable[[Any], object] = bool
        self.wanted = None if spec["files"] is None else frozenset(spec["files"])
        self.unneeded = frozenset((path, name) for path, name in spec["unneeded"])
        self.deadline = _now() + spec["seconds"]
        self.told = 0
        self.raised: dict[str, Any] = {}
        # Only "raised" in it tells of a failure, in a mutant's child as in the run: who forges one spoils the other.
        self.test: dict[str, Any] = {}

    def write(self, event: str, **values: Any) -> None:
        self.log.append({"event": event, **values})
        self.send(event, **values)

    @first
    def pytest_ignore_collect(self, collection_path: Any) -> bool | None:
        """Of the files that the project's settings collect, only those asked for."""
        if self.wanted is None or collection_path.name == "conftest.py" or collection_path.is_dir():
            return None
        return True if os.path.relpath(collection_path, self.spec["root"]) not in self.wanted else None

    @first
    def pytest_configure(self, config: Any) -> None:
        """Show the tests no options of ours."""
        given = config.invocation_params
        config.invocation_params = type(given)(args=(), plugins=None, dir=given.dir)
        activation = self.hook.beside("activation").Activation()
        self.remember, self.begin = activation.remember, activation.begin
        self.judge = self.hook.beside("innermost").watch(config, activation.why)

    def pytest_itemcollected(self, item: Any) -> None:
        self.remember(item)

    @wrapping
    def pytest_runtest_call(self, item: Any) -> Iterator[None]:
        self.begin(item)
        yield

    def pytest_exception_interact(self, node: Any, call: Any, report: Any) -> None:
        self.raised[report.nodeid] = described(call.excinfo.value, self.spec["root"])

    @wrapping
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Iterator[None]:
        yield  # unittest's failures are put into the call meanwhile
        if call.excinfo is not None:
            self.raised[item.nodeid] = described(call.excinfo.value, self.spec["root"])

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            text = str(getattr(report, "longrepr", ""))[-TEXT_LIMIT:]
            raised = self.raised.get(report.nodeid)
            self.write("uncollected", id=report.nodeid, path=report.nodeid.split("::")[0], raised=raised, text=text)

    def pytest_deselected(self, items: list[Any]) -> None:
        for item in items:
            self.write("deselected", **_place(item))

    @last
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave out what need not run, and tell of which files that was."""
        places = [(_place(item)["path"], _place(item)["name"]) for item in items]
        for path in sorted({place[0] for place in places if place in self.unneeded}):
            self.write("partial", path=path)
        items[:] = [item for item, place in zip(items, places, strict=True) if place not in self.unneeded]

    def pytest_collection_finish(self, session: Any) -> None:
        for item in session.items:
            self.write("item", **_place(item))
        self.write("imported", probes=sorted(self.seen.numbers))
        if self.seen.footprint:
            self.seen.footprint.leave()
            self.write("footprint", path="", number=0, marks=sorted(self.seen.footprint.marks))

    def pytest_runtest_logreport(self, report: Any) -> None:
        outcome = report.outcome
        if hasattr(report, "wasxfail"):
            outcome = "xfailed" if report.skipped else "xpassed"
        if report.when == "call" or outcome != "passed":
            worse = self.test.get("outcome") not in ("failed", None) and outcome == "passed"
            if not worse:
                self.test.update(outcome=outcome, when=report.when)
        if report.failed and "raised" not in self.test:
            text = (getattr(report, "longreprtext", "") or str(report.longrepr))[-TEXT_LIMIT:]
            self.test.update(raised=self.raised.get(report.nodeid), text=text)

    def pytest_internalerror(self, excrepr: Any) -> None:
        self.write("internal", text=str(excrepr)[-TEXT_LIMIT:])

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self.write("end", code=int(exitstatus), foreign=self.hook.foreign(self.spec))

    @first
    def pytest_runtestloop(self, session: Any) -> bool:
        """In place of pytest's loop: the tests in one child, then each mutant in one of its own."""
        if session.config.option.collectonly:
            return True
        self.deadline = _now() + self.spec["seconds"]  # the start of pytest is nobody's time
        for number, items in enumerate(self.groups(session.items), start=1):
            if not self.run_apart(items, number):
                return True
            self.executed()  # what the child has told of is not the next one's
        for number, identities in sorted(self.executions(session.items).items()):
            items = [item for item in session.items if item.nodeid in identities]
            self.mutate(number, items, sum(identities.values()))
        self.hook.beside("trial").run(self, session.items)
        return True

    def run_apart(self, items: list[Any], number: int) -> bool:
        """Run the items in a child, and after a crash those that were not begun in another; whether time was left."""
        while items:
            code = self.fork(lambda: self.run(items, number), self.deadline - _now())  # noqa: B023
            if not self.believe(items):
                return False
            begun = {event["id"] for event in self.events("start")}
            left = [item for item in items if item.nodeid not in begun]  # os._exit(0) in a test is a crash too
            if code != 0:
                self.write("crash", timed_out=code is None, code=code or 0)  # it ends one test and not the run
            if code is None or len(left) == len(items):
                return False
            items = left
        return True

    def believe(self, items: list[Any]) -> bool:
        """Take over what the child sent that ran the items, where it is what such a child can send."""
        events, fault = self.sent
        fault = fault or self.channel.strange(events, map(_place, items))
        for event in [{"event": "forged", "text": fault}] if fault else events:
            self.write(**event)
        return not fault

    def groups(self, items: list[Any]) -> list[list[Any]]:
        """Return the items of each file, in their order; all in one where no footprints are wanted."""
        found: dict[str, list[Any]] = {}
        for item in items:
            found.setdefault(_place(item)["path"] if self.seen.footprint else "", []).append(item)
        return list(found.values())

    def run(self, items: list[Any], number: int) -> int:
        footprint = self.seen.footprint
        if footprint:
            footprint.of(number)
        for item, following in zip(items, [*items[1:], None], strict=True):
            start = _now()
            self.test = {}
            self.seen.numbers.clear()
            self.write("start", id=item.nodeid)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            seconds = _now() - start
            if "raised" in self.test and self.test.get("outcome") == "passed":  # a hook called it passed
                self.test.update(outcome="failed")
            self.write("test", **_place(item), seconds=seconds, probes=sorted(self.executed()), **self.test)
        self.write("ran", foreign=self.hook.foreign(self.spec))
        if footprint:
            footprint.leave()
            self.write("footprint", path=_place(items[0])["path"], number=number, marks=sorted(footprint.marks))
        return 0

    def executed(self) -> set[int]:
        """Return the probes of this test: our own process's and what its children wrote meanwhile."""
        found = set(self.seen.numbers)
        try:
            with open(self.seen.path, encoding="utf-8", errors="surrogateescape") as stream:
                stream.seek(self.told)
                for line in iter(stream.readline, ""):
                    if line[:-1].isdigit():
                        found.add(int(line))
                    elif line.startswith("foreign "):
                        self.write("foreign", path=line[8:].strip())
                self.told = stream.tell()
        except OSError:
            pass
        return found

    def executions(self, items: list[Any]) -> dict[int, dict[str, float]]:
        """New function -> the witnessed tests that passed and executed it, with their seconds."""
        wanted = set(self.spec["functions"])
        witnessed = {tuple(pair) for pair in self.spec["witnessed"]}
        found: dict[int, dict[str, float]] = {}
        for test in self.events("test"):
            if test.get("outcome") == "passed" and (test["path"], test["name"]) in witnessed:
                for number in wanted & set(test["probes"]):
                    found.setdefault(number, {})[test["id"]] = test["seconds"]
        return found

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Return what was recorded so far."""
        return [event for event in self.log if event["event"] == kind]

    def mutate(self, number: int, items: list[Any], seconds: float) -> None:
        """Whether a test notices that the function is empty; one that hangs has noticed."""
        limit = min(5 + 10 * seconds, self.deadline - _now())
        if limit <= 0:
            self.write("mutant", number=number, noticed=None)
            return
        self.write("mutant", number=number, noticed=self.fork(lambda: self.survive(number, items), limit) != 0)

    def survive(self, number: int, items: list[Any]) -> int:
        self.seen.mutant = number
        if self.seen.footprint:
            self.seen.footprint.of(-number)
        self.seen.carried.put(self.seen.variable, str(number))
        self.send = _nowhere
        for item in items:
            self.test = {}
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if "raised" in self.test:
                return 1
        return 0

    def fork(self, action: Any, seconds: float) -> int | None:
        """Do it in a child, and keep what it sent; its exit code.

        The code is negative where a signal ended it, None where it took longer and was ended.
        """
        sys.stdout.flush()
        sys.stderr.flush()
        reading, writing = os.pipe()
        key = os.urandom(16)
        pid = os.fork()  # after collection: so a mutant costs milliseconds
        if pid == 0:
            os.setpgid(0, 0)
            os.close(reading)
            os.close(self.handle)
            self.send, key = _judging(self.channel.sender(writing, key), self.judge), b""
            self.judge = str
            self.seen.pid = os.getpid()
            ended = 99
            try:
                ended = action()
            finally:
                _exit(ended)
        os.close(writing)
        code, data = _wait(pid, _now() + seconds, reading)
        os.close(reading)
        self.sent = self.channel.received(data.splitlines(keepends=True), key)
        return code


def _judging(send: Callable[..., None], judge: Callable[[], str]) -> Callable[..., None]:
    """Send what was reported, but for a pass that cannot be one."""

    def judging(event: str, **values: Any) -> None:
        why = judge() if event == "test" else ""
        if why and values.get("outcome") == "passed":
            values.update(outcome="failed", raised=None, text=why)
        send(event, **values)

    return judging


def _nowhere(event: str, **values: Any) -> None:
    """Send nothing: what a mutant does is told by its exit code."""


# Taken hold of before any code of the project can put something else in their place.
_now, _sleep, _select, _read, _exit, _waitpid = time.monotonic, time.sleep, select.select, os.read, os._exit, os.waitpid


def _wait(pid: int, deadline: float, handle: int) -> tuple[int | None, bytes]:
    """The child's exit code and what it wrote; whoever it left behind is not waited for."""
    pause, ended = 0.0005, False
    pieces: list[bytes] = []
    while True:
        done, status = _waitpid(pid, os.WNOHANG)
        ready = not ended and _select([handle], [], [], 0 if done else pause)[0]
        while ready:
            piece = _read(handle, 1 << 16)
            pieces.append(piece)
            ended = not piece
            ready = not ended and _select([handle], [], [], 0)[0]
        if done:
            return os.waitstatus_to_exitcode(status), b"".join(pieces)
        if _now() > deadline:
            for end in (os.killpg, os.kill):
                try:
                    end(pid, signal.SIGKILL)
                except OSError:
                    continue
            _waitpid(pid, 0)
            return None, b"".join(pieces)
        if ended:
            _sleep(pause)
        pause = min(pause * 1.5, 0.02)


def _place(item: Any) -> dict[str, str]:
    """A test's id, its file from the root and its qualified name without parameters."""
    names = [parent.name for parent in item.listchain() if type(parent).__name__ in ("Class", "UnitTestCase")]
    name = getattr(item, "originalname", None) or item.name
    return {"id": item.nodeid, "path": item.nodeid.split("::")[0], "name": ".".join([*names, name])}


def described(error: BaseException, root: str, depth: int = 0) -> dict[str, Any]:
    """An exception as data: type, words, the places of its traceback, whose name was missing, what it was made of."""
    cause = error.__cause__
    if type(error).__name__ == "CollectError" and cause is not None:
        return described(cause, root, depth)
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append([trace.tb_frame.f_code.co_filename, trace.tb_lineno, trace.tb_frame.f_code.co_name])
        trace = trace.tb_next
    within = getattr(error, "exceptions", ()) if depth < 3 else ()
    return {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "bases": [base.__name__ for base in type(error).__mro__],
        "text": _text(error),
        "frames": frames[-FRAMES:],
        "file": getattr(error, "filename", None) if isinstance(error, SyntaxError) else None,
        "within": [described(inner, root, depth + 1) for inner in within if isinstance(inner, BaseException)],
        **_missing(error, root),
    }


def _text(error: BaseException) -> str:
    try:
        return str(error)[:TEXT_LIMIT]
    except Exception:
        return ""


def _missing(error: BaseException, root: str) -> dict[str, Any]:
    """`module` that an import did not find or did not find a name in; `owner`, the file of whose name was missing."""
    if isinstance(error, ImportError):
        return {"module": error.name or ""}
    if isinstance(error, AttributeError):
        owner = getattr(error, "obj", None)
        module = owner if isinstance(owner, ModuleType) else _module(owner)
        return {"owner": getattr(module, "__file__", None)} if owner is not None else {}
    match = CALL.match(_text(error)) if isinstance(error, TypeError) else None
    return {"owner": _defining(match[1], root)} if match else {}


def _module(value: Any) -> ModuleType | None:
    holder = value if isinstance(value, type) else type(value)
    return sys.modules.get(getattr(holder, "__module__", ""))


def _defining(name: str, root: str) -> str | None:
    """The file of the loaded project module that defines the callable of this qualified name."""
    outer = name.partition(".")[0]
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and path.startswith(root + os.sep):
            value = vars(module).get(outer)
            if value is not None and getattr(value, "__module__", None) == module.__name__:
                return path
    return None


def _load_hook() -> ModuleType:
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "startup", "sitecustomize.py")
    spec = importlib.util.spec_from_file_location("site_setup", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _quiet() -> list[str]:
    """Options that take chance, parallel workers and coverage out of the run, where such a plugin is installed."""
    found = ["-p", "no:randomly"]
    if os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        return found
    for module, options in (
        ("xdist", ["-n0"]),
        ("pytest_cov", ["--no-cov"]),
        ("hypothesis", ["--hypothesis-seed=0"]),
    ):
        if importlib.util.find_spec(module):
            found += options
    return found


def _dress(pytest: str) -> None:
    """Show the tests what `python -m pytest` would show them."""
    started = sys.modules["__main__"]
    for name in [name for name in vars(started) if not name.startswith("__")]:
        delattr(started, name)
    sys.argv[:] = [os.path.join(os.path.dirname(pytest), "__main__.py")]
    sys.orig_argv[:] = [sys.orig_argv[0], "-m", "pytest"]


def _key() -> bytes:
    """The caller's key, from a standard input that is empty for the tests."""
    key = sys.stdin.buffer.read()
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    return bytes.fromhex(key.decode())


def main(arguments: list[str]) -> int:
    """Run pytest on the snapshot in the current folder; RESULTS says so where pytest cannot be imported.

    Without arguments wait for those of several runs, each in a process of its own.
    """
    hook = _load_hook()
    path, results, *rest = arguments or hook.beside("forerunner").wait(hook.warm)
    key = _key()
    sys.path[0] = os.getcwd()
    seen, spec = hook.install(path, main=True)
    hook.hand_on(path, spec, seen.carried)
    recorder = RunRecorder(results, key, seen, spec, hook)
    try:
        import pytest
    except ImportError as error:
        recorder.write("missing", text=f"{type(error).__name__}: {error}", module=error.name or "")
        return 3
    recorder.write("begin", python=list(sys.version_info[:3]), pytest=pytest.__version__)
    _dress(pytest.__file__)
    return int(pytest.main([*rest, *_quiet()], plugins=[recorder]))
