"""Runs inside the project's interpreter: pytest, with its results written as data while they happen.

Standard library and pytest only, because it is started by path where devtools need not be installed:
`PYTHON pytest_plugin.py RESULTS PYTEST-ARGUMENTS...`. RESULTS gets one JSON object a line, flushed at once, so that
what was known at a crash of the interpreter is still known after it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

TEXT_LIMIT = 200_000


class Recorder:
    """Pytest hooks that write events; with xdist they run in the controller, from the workers' reports."""

    def __init__(self, path: str) -> None:
        self.stream = open(path, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
        self.pid = os.getpid()
        self.counts: dict[str, int] = {}
        self.selected = 0
        self.deselected = 0

    def write(self, event: str, **values: Any) -> None:
        if os.getpid() == self.pid:  # a forked child that runs on would write everything twice
            self.stream.write(json.dumps({"event": event, **values}) + "\n")
            self.stream.flush()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.write("start", id=nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.write("finish", id=nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        kind = _kind(report)
        if kind:
            self.counts[kind] = self.counts.get(kind, 0) + 1
        if report.failed:
            self.write("failed", kind=kind, when=report.when, **_failure(report))

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.counts["errors"] = self.counts.get("errors", 0) + 1
            self.write("failed", kind="errors", when="collect", **_failure(report))

    def pytest_deselected(self, items: list[Any]) -> None:
        self.deselected += len(items)

    def pytest_collection_finish(self, session: Any) -> None:
        self.selected = len(session.items)

    def pytest_warning_recorded(self, warning_message: Any, nodeid: str) -> None:
        text = f"{warning_message.category.__name__}: {warning_message.message}"
        self.write("warning", id=nodeid, path=warning_message.filename, line=warning_message.lineno, text=text[:500])

    def pytest_internalerror(self, excrepr: Any) -> None:
        self.write("internal", text=str(excrepr)[-TEXT_LIMIT:])

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        total = max(self.selected, sum(self.counts.values()) - self.counts.get("errors", 0))
        self.write("end", code=int(exitstatus), counts=self.counts, selected=total, deselected=self.deselected)


def _kind(report: Any) -> str:
    """Which count this phase of a test adds to; a passed set-up or tear-down adds to none."""
    if report.failed:
        return "failed" if report.when == "call" else "errors"
    if report.skipped:
        return "skipped"
    return "passed" if report.when == "call" else ""


def _failure(report: Any) -> dict[str, Any]:
    """Where and why, from the report's structure; `frames` are the places of the traceback, outermost first."""
    shape = report.longrepr
    crash = getattr(shape, "reprcrash", None)
    entries = getattr(getattr(shape, "reprtraceback", None), "reprentries", [])
    places = [entry.reprfileloc for entry in entries if getattr(entry, "reprfileloc", None)]
    location = getattr(report, "location", None) or (report.nodeid.split("::")[0], None, "")
    text = getattr(report, "longreprtext", "") or str(shape)
    captured = [(name, body[-TEXT_LIMIT:]) for name, body in report.sections if body.strip()]
    return {
        "id": report.nodeid,
        "path": location[0],
        "line": (location[1] + 1) if location[1] is not None else 0,
        "message": crash.message[:TEXT_LIMIT] if crash else text[-TEXT_LIMIT:],
        "frames": [[place.path, place.lineno] for place in places],
        "crash": [crash.path, crash.lineno] if crash else None,
        "captured": captured,
        "text": text[-TEXT_LIMIT:],
    }


def main(arguments: list[str]) -> int:
    """Run pytest as `python -m pytest` would; the results file says so where pytest is not installed."""
    results, *rest = arguments
    sys.path[0] = os.getcwd()
    recorder = Recorder(results)
    try:
        import pytest
    except ImportError as error:
        recorder.write("missing", text=str(error))
        return 3
    plugins: list[Any] = [recorder]
    fresh = _fresh(f"{results}.fresh")
    if fresh is not None and int(pytest.__version__.partition(".")[0]) >= 7:
        plugins.append(_impact()(recorder.write, os.getcwd(), fresh))
    return int(pytest.main(rest, plugins=plugins))


def _fresh(path: str) -> list[str] | None:
    """The test files that need not run, where the caller wants to know what each test file does."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return list(json.load(stream))
    except FileNotFoundError:
        return None


def _impact() -> Any:
    """The class beside this file, by path: neither this package nor its folder is on the project's path."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("pytest_impact", os.path.join(os.path.dirname(__file__), "pytest_impact.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Impact


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
