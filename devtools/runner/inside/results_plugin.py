"""Runs inside the project's interpreter: pytest, with its results written as data while they happen.

Standard library and pytest only, because it is started by path where devtools need not be installed:
`PYTHON results_plugin.py RESULTS PYTEST-ARGUMENTS...`. RESULTS gets one signed line an event (`record`),
written at once, so that what was known at a crash of the interpreter is still known after it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

Action = TypeVar("Action", bound=Callable[..., Any])

NAMED = 20  # tests without a result that are named
# Options with which pytest runs no test, whatever its exit code says.
IDLE = {
    "collectonly": "--collect-only",
    "setupplan": "--setup-plan",
    "setuponly": "--setup-only",
    "showfixtures": "--fixtures",
    "show_fixtures_per_test": "--fixtures-per-test",
    "markers": "--markers",
    "help": "--help",
    "version": "--version",
    "cacheshow": "--cache-show",
}


def _hook(**options: bool) -> Callable[[Action], Action]:
    """Mark a hook as pytest's hookimpl does, without pytest being there."""
    names = ("hookwrapper", "optionalhook", "tryfirst", "trylast", "wrapper")

    def mark(function: Action) -> Action:
        marks = {name: options.get(name, False) for name in names} | {"specname": None}
        function.pytest_impl = marks  # type: ignore[attr-defined]
        return function

    return mark


class Recorder:
    """Pytest hooks that write events and count; with xdist they run in the controller, from the workers' reports.

    `expected` are the tests that collection ended with, `outcomes` the results by test. A test is known by its place in
    `expected`, not by its id, which a hook may change; reports of workers have the id alone.
    """

    def __init__(self, send: Callable[..., None], truth: Any, give: Callable[[str], None] | None = None) -> None:
        self.send, self.give = send, give
        self.reports = _beside("reports")
        self.collected = self.deselected = self.left = self.errors = 0
        self.expected: list[str] = []
        self.numbers: dict[int, int] = {}
        self.outcomes: dict[int | str, str] = {}
        self.spoiled: set[int | str] = set()
        self.current: int | None = None
        self.workers = self.collecting = self.inside = False
        self.truth = truth
        self.cuts = _beside("cuts").Cuts(truth.activation.is_own)
        self.asserts = _beside("asserts").Asserts()

    def write(self, event: str, **values: Any) -> None:
        if event == "left":
            items = values.pop("items")
            self.left = values["number"] = len(items)
            self.cuts.excuse(items)
        self.send(event, **values)

    @_hook(tryfirst=True)
    def pytest_cmdline_main(self, config: Any) -> None:
        """Say which option makes pytest run no test; and let no earlier run choose what this one runs."""
        for name, option in IDLE.items():
            if getattr(config.option, name, None):
                self.write("idle", option=option)
        for name in ("lf", "stepwise"):
            if hasattr(config.option, name):
                setattr(config.option, name, False)

    def pytest_itemcollected(self, item: Any) -> None:
        self.collected += 1
        self.truth.activation.remember(item)
        self.cuts.collected(item)

    def pytest_deselected(self, items: list[Any]) -> None:
        self.deselected += len(items)
        self.cuts.excuse(items)

    @_hook(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, session: Any) -> Iterator[None]:
        self.cuts.watch(session)
        yield

    @_hook(hookwrapper=True, tryfirst=True)
    def pytest_collection_finish(self, session: Any) -> Iterator[None]:
        self.expected = [item.nodeid for item in session.items]
        self.numbers = {id(item): number for number, item in enumerate(session.items)}
        self.truth.watch(session)
        self.write("selected", number=len(self.expected))
        self.look(session)
        yield
        self.look(session)

    @_hook(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        self.expected = max(self.expected, list(ids), key=len)
        # A worker that is left no test reports an empty collection: it is not dead.
        self.collecting = False
        self.write("selected", number=len(self.expected))

    @_hook(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        self.collecting = self.collecting or not self.workers
        self.workers = True
        if self.give is not None and node.gateway.spec.popen:
            self.give(node.workerinput["workerid"])
            self.write("worker", id=node.workerinput["workerid"])

    @_hook(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        self.current = self.numbers.get(id(item))
        self.truth.begin()
        yield
        self.current = None

    @_hook(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Iterator[None]:
        self.truth.note(item, call)
        yield

    @_hook(hookwrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: Any) -> Iterator[None]:
        self.truth.activation.begin(item)
        yield

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.write("start", id=nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.write("finish", id=nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Count results by test: a subtest is none, and its failure is its test's."""
        key = report.nodeid if self.current is None else self.current
        kind = self.reports.kind(report)
        lie = "" if self.current is None or key in self.spoiled else self.truth.contradicts(report)
        if lie:
            self.spoiled.add(key)
            self.fail(report, key, "failed", {"message": lie, "text": lie})
        told = key in self.spoiled and isinstance(report.longrepr, str)  # "contains 1 failed subtest"
        if report.failed and not told:
            self.fail(report, key, kind, {})
        if hasattr(report, "context"):
            self.spoiled |= {key} if report.failed else set()
        elif kind == "errors":
            self.errors += 1
            self.outcomes.setdefault(key, "")
        elif kind:
            self.outcomes[key] = kind

    def fail(self, report: Any, key: int | str, kind: str, words: dict[str, Any]) -> None:
        name = self.expected[key] if isinstance(key, int) else key
        values = {**self.reports.failure(report), "id": name, **words}
        self.write("failed", kind=kind, when=report.when, **values, lie=bool(words))

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.errors += 1
            self.write("failed", kind="errors", when="collect", **self.reports.failure(report))

    def pytest_warning_recorded(self, warning_message: Any, nodeid: str) -> None:
        text = f"{warning_message.category.__name__}: {warning_message.message}"
        self.write("warning", id=nodeid, path=warning_message.filename, line=warning_message.lineno, text=text[:500])

    def pytest_internalerror(self, excrepr: Any) -> None:
        self.write("internal", text=str(excrepr)[-self.reports.TEXT_LIMIT :])

    @_hook(hookwrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: Any) -> Iterator[None]:
        """Say what was taken out; and in a worker that its session is over, before the controller hears of it."""
        yield
        self.look(session)
        if self.cuts.taken:
            self.write("cut", number=len(self.cuts.taken), first=next(iter(self.cuts.taken.values())))
        if self.inside:
            self.write("over", code=int(session.exitstatus))

    def look(self, session: Any) -> None:
        """See what a hook took out, and whether the methods that assert are still those of unittest."""
        self.cuts.look(session)
        if method := self.asserts.replaced():
            self.write("replaced", method=method)

    def end(self, code: int) -> dict[str, Any]:
        """Return Pytest's own exit code, which hooks may have changed to the last, beside what was counted."""
        outcomes = {key: "failed" if key in self.spoiled else kind for key, kind in self.outcomes.items()}
        counts = {name: list(outcomes.values()).count(name) for name in ("passed", "failed", "skipped")}
        lost = self.lost()
        return {
            "code": code,
            "counts": {**counts, "errors": self.errors},
            "collected": self.collected,
            "selected": len(self.expected),
            "deselected": max(self.deselected, self.collected - self.left - len(self.expected)),
            "lost": len(lost),
            "names": lost[:NAMED],
            "silent": self.collecting,
        }

    def lost(self) -> list[str]:
        """Return the tests that collection ended with and that have no result."""
        numbers = {key for key in self.outcomes if isinstance(key, int)}
        names = {key for key in self.outcomes if isinstance(key, str)}
        left = [name for number, name in enumerate(self.expected) if number not in numbers and name not in names]
        return left[: max(0, len(self.expected) - len(self.outcomes))]


def main(arguments: list[str]) -> int:
    """Run pytest as `python -m pytest` would; the results file says so where pytest is not installed."""
    results, *rest = arguments
    sys.path[0] = os.getcwd()
    send, finish, give = _beside("record").opened(results, _beside("channel", "startup"))
    recorder = Recorder(send, _truth(), give)
    try:
        import pytest
    except ModuleNotFoundError as error:
        if error.name != "pytest":  # it is installed, and the project stands in the way of what it imports
            raise
        recorder.write("missing", text=str(error))
        return 3
    if sys.flags.optimize:  # a wrapper's option, for the caller leaves no variable that asks for it
        recorder.write("optimized")
        return 3
    plugins: list[Any] = [recorder]
    plugins += _impact(results, recorder, pytest.__version__)
    workers = _beside("workers")
    if os.path.exists(f"{results}.workers"):
        plugins.append(workers.Workers(recorder.write))
    rest = workers.reach(results, __file__, rest)
    code = int(pytest.main(rest, plugins=plugins))
    # Written here and by no hook: a test once wrote an end of its own, left with os._exit(0), and was green.
    finish("end", **recorder.end(code))
    return code


def enter(results: str) -> Any:
    """Return what writes the record of this worker; None where this process is none."""
    return _beside("record").entered(results, _beside("channel", "startup"))


def witness(config: Any, results: str, send: Any) -> None:
    """Where this process is a worker, hold its reports against what its tests did, and note what they did."""
    if send is not None and hasattr(config, "workerinput"):
        import pytest

        recorder = Recorder(send, _truth())
        recorder.inside = True
        for plugin in (recorder, *_impact(results, recorder, pytest.__version__)):
            config.pluginmanager.register(plugin)


def _impact(results: str, recorder: Recorder, version: str) -> list[Any]:
    """The plugin that notes what each test file does, where the caller wants to know that."""
    part = _part(f"{results}.fresh")
    if part is None or int(version.partition(".")[0]) < 7:
        return []
    return [_beside("impact_plugin").Impact(recorder.write, os.getcwd(), part["left"], part["collect"])]


def _part(path: str) -> dict[str, Any] | None:
    """The test files that need not run, where the caller wants to know what each test file does."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return dict(json.load(stream))
    except FileNotFoundError:
        return None


def _truth() -> Any:
    return _beside("truth").Truth(_beside("activation", "startup").Activation())


def _beside(name: str, *folder: str) -> Any:
    """The module beside this file, by path: neither this package nor its folder is on the project's path."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(name, os.path.join(os.path.dirname(__file__), *folder, f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
