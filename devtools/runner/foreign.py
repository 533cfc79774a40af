"""Tests that are not pytest's: run by the project's own command, and known by the files that it writes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from devtools.errors import ToolError
from devtools.runner import junit, lcov
from devtools.system import sealed
from devtools.system.process import run

SECONDS = 900.0


@dataclass(frozen=True)
class Command:
    """How a project says that its tests run: a command line, and the files that it writes, named from the root."""

    line: str
    report: str
    coverage: str = ""


@dataclass(frozen=True)
class ForeignRun:
    """What one run showed. `fault` is empty where the report is there and agrees with the exit code."""

    code: int
    cases: Sequence[junit.ReportedTest] = ()
    lines: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    said: str = ""
    fault: str = ""

    @property
    def failed(self) -> list[junit.ReportedTest]:
        return [case for case in self.cases if case.outcome == junit.FAILED]


def run_tests(command: Command, root: str, timeout: float | None = None) -> ForeignRun:
    """Run the tests in `root`. A report of an earlier run is taken away first, so that no old green is believed."""
    places = [os.path.join(root, name) for name in (command.report, command.coverage) if name]
    for place in places:
        # The file is removed below, so a setting may name none that lies elsewhere.
        if not os.path.realpath(place).startswith(os.path.realpath(root) + os.sep):
            raise ToolError(f"{place} lies outside of the project", "name the report by its path from the root")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(place)
    done = run([command.line], root, timeout=timeout or SECONDS, shell=True)
    said = "\n".join(filter(None, [done.out, done.err]))
    if done.timed_out:
        return ForeignRun(done.code, said=said, fault=f"{command.line!r} did not end in time")
    try:
        cases = [_named_from(root, case) for case in junit.read(sealed.contents(places[0], junit.LARGEST))]
        text = sealed.contents(places[1], lcov.LARGEST) if command.coverage else b""
    except FileNotFoundError as error:
        name = os.path.relpath(str(error.filename), root)
        last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "it said nothing")
        return ForeignRun(
            done.code, said=said, fault=f"{command.line!r} ended with code {done.code} without {name}: {last}"
        )
    except (OSError, ToolError) as error:
        words = error.line() if isinstance(error, ToolError) else str(error)
        return ForeignRun(done.code, said=said, fault=words)
    outcome = ForeignRun(done.code, cases, lcov.read(text, root), said)
    # A green report beside a red exit code leaves something out: the two have to agree.
    if done.code and not outcome.failed:
        words = f"{command.line!r} ended with code {done.code}, though its report names no failure"
        return ForeignRun(done.code, cases, outcome.lines, said, words)
    return outcome


def _named_from(root: str, case: junit.ReportedTest) -> junit.ReportedTest:
    """The case as it is called wherever the project lies: a runner may name files by their whole path."""
    places = [f"{place}{os.sep}" for place in (os.path.realpath(root), os.path.abspath(root))]
    names = {}
    for name in ("name", "suite", "file"):
        text = str(getattr(case, name))
        for place in places:
            text = text.replace(place, "")
        names[name] = text
    return replace(case, **names)
