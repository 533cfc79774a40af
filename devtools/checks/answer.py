"""A tool's answer, judged: its exit code and its findings must agree, and what says neither is the tool's fault."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from devtools.checks import Request
from devtools.checks.report import NO_PYTHON
from devtools.errors import ToolError
from devtools.findings import CheckResult, Finding
from devtools.project.irregular import irregular
from devtools.project.project import Project
from devtools.system.process import Completed, run
from devtools.wording import counted

LONGEST = 900.0  # seconds, where the caller sets no limit
IRREGULAR = "is no regular file, so that whoever reads it may wait for ever: remove it"


def judged(name: str, tool: str, done: Completed, findings: Iterable[Finding], noun: str = "finding") -> CheckResult:
    """Red where something was found, clean where the code is 0 as well; any other answer is a fault, never green."""
    found = tuple(findings)
    if found and not done.timed_out:
        return CheckResult(name, False, counted(len(found), noun), found)
    # Code and findings must agree: a project's fix-only made every finding of ruff vanish, and the check was green.
    return CheckResult(name, True, "clean") if done.code == 0 and not done.timed_out else fault(name, tool, done)


def patience(request: Request) -> float:
    """Return the seconds that a tool may take: one that waits for ever has failed as one that crashed has."""
    return LONGEST if request.timeout is None else request.timeout


def unreadable(name: str, project: Project) -> CheckResult | None:
    """Red where a pipe or the like lies under the name of a text: no tool is started, since it would open it."""
    # With a pipe in the place of LEARNINGS.md, ruff waited for a writer, and devtools for ruff.
    found = tuple(Finding(path, 0, IRREGULAR, code=name) for path in irregular(project.root))
    return CheckResult(name, False, counted(len(found), "finding"), found) if found else None


def at_python(project: Project, result: CheckResult) -> CheckResult:
    """Return the result; a skip where it holds and there was no Python file to look at."""
    if not result.ok or result.notes:
        return result
    # A repository without Python was called green by a lint that had looked at nothing.
    argv = ["git", "ls-files", "-coz", "--exclude-standard", "--", "*.py", "*.pyi", "*.ipynb"]
    return result if run(argv, project.root).out else CheckResult(result.name, True, NO_PYTHON, skipped=NO_PYTHON)


def fault(name: str, tool: str, done: Completed) -> CheckResult:
    """Return the result of a tool that itself failed; its last words say why."""
    log = done.err.strip() or done.out.strip()
    last = _plain(log.splitlines()[-1].strip()) if log else f"it ended with code {done.code}, without a word"
    text = f"{tool} did not end in time" if done.timed_out else f"{tool} failed: {last}"
    return CheckResult(name, False, text, fault=text, log=log)


def _plain(line: str) -> str:
    """The words of a line that the tool said as data."""
    try:
        entry = json.loads(line)
        return f"{entry['file']}: {entry['message']}"
    except (ValueError, TypeError, LookupError):
        return line


def parsed(tool: str, text: str) -> Any:
    """Return the JSON that the tool printed. ToolError where it is something else."""
    try:
        return json.loads(text)
    except ValueError as error:
        words = text.strip().splitlines() or ["nothing"]
        raise ToolError(f"{tool} failed: {words[-1].strip()}", "it was asked for JSON") from error
