"""Format with ruff."""

from __future__ import annotations

import os
import re

from devtools.checks import Request, answer, lint
from devtools.errors import ToolError
from devtools.findings import CheckResult, Finding
from devtools.project.project import Project
from devtools.system.process import Completed
from devtools.wording import counted

# The head of a unified diff, which an older ruff gives where it knows no JSON; and what it says of a broken file.
_HEADER = re.compile(r"^--- (.+)\n\+\+\+ \1$", re.MULTILINE)
_BROKEN = re.compile(r"^error: Failed to parse (.+):(\d+):(\d+): (.+)$", re.MULTILINE)
UNFORMATTED = "is not formatted"


def run(project: Project, request: Request) -> CheckResult:
    """Return files that ruff would format otherwise, and those that it cannot read.

    With `fix` it formats them first.
    """
    ruff = project.program("ruff")
    if ruff is None:
        return lint.missing("format", project)
    unreadable = answer.unreadable("format", project)
    if unreadable:
        return unreadable
    result = _look(ruff, project, request)
    before = _unformatted(result)
    if not request.fix or not before:
        return answer.at_python(project, result)
    lint.asked(project, request, ruff, "format", ".")
    result = _look(ruff, project, request)
    done = before - _unformatted(result)
    words = f"{counted(done, 'file')} reformatted"
    return CheckResult(
        "format",
        result.ok,
        words if result.ok else result.summary,
        result.findings,
        fault=result.fault,
        notes=(f"format: {words}",) if done else (),
        log=result.log,
    )


def _unformatted(result: CheckResult) -> int:
    return sum(finding.message == UNFORMATTED for finding in result.findings)


def _look(ruff: str, project: Project, request: Request) -> CheckResult:
    done = lint.asked(project, request, ruff, "format", "--check", "--output-format=json", ".")
    if done.timed_out:
        return answer.fault("format", "ruff", done)
    try:
        entries = answer.parsed("ruff", done.out)
    # A diff, whose heads are the same in all versions: ruff 0.17 no longer says "Would reformat: FILE", so that a
    # parser of that line saw zero files in a dirty tree.
    except ToolError:  # this ruff cannot say it as data
        done = lint.asked(project, request, ruff, "format", "--diff", ".")
        return answer.judged("format", "ruff", done, _of_diff(done), "file")
    return answer.judged("format", "ruff", done, [_finding(project.root, entry) for entry in entries], "file")


def _finding(root: str, entry: dict[str, object]) -> Finding:
    place = lint.finding(root, entry)
    return _plain(place.path) if place.code == "unformatted" else _broken(place.path, place.line, place.message)


def _of_diff(done: Completed) -> list[Finding]:
    plain = [_plain(os.path.normpath(match[1])) for match in _HEADER.finditer(done.out)]
    broken = [_broken(os.path.normpath(match[1]), int(match[2]), match[4]) for match in _BROKEN.finditer(done.err)]
    return [*plain, *broken]


def _plain(path: str) -> Finding:
    return Finding(path, 0, UNFORMATTED, code="format")


def _broken(path: str, line: int, words: str) -> Finding:
    return Finding(path, line, f"cannot be judged: {words}", code="format")
