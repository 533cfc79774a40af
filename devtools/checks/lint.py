"""Lint with ruff."""

from __future__ import annotations

import os
from typing import Any

from devtools.checks import Request, answer, reading
from devtools.errors import ToolError
from devtools.findings import CheckResult, Finding
from devtools.project.project import Project
from devtools.system.process import Completed
from devtools.system.process import run as run_process

# A project may set these in ruff's own configuration: hygiene writes nothing unasked, and wants every finding.
PLAIN = ("--no-fix-only", "--no-unsafe-fixes", "--output-format=json", "--quiet")


def run(project: Project, request: Request) -> CheckResult:
    """Return all of ruff's findings; with `fix` its safe fixes are made first."""
    ruff = project.program("ruff")
    if ruff is None:
        return missing("lint", project)
    unreadable = answer.unreadable("lint", project)
    if unreadable:
        return unreadable
    done = asked(project, request, ruff, "check", *PLAIN, "--fix" if request.fix else "--no-fix", ".")
    if done.code not in (0, 1):
        return answer.fault("lint", "ruff", done)
    found = [finding(project.root, entry) for entry in answer.parsed("ruff", done.out)]
    seen = {each.path for each in found}
    # ruff skips comments: an unknown coding or a null byte in one was green, though no interpreter imports the file.
    found += [each for each in reading.unread(project) if each.path not in seen]
    return answer.at_python(project, answer.judged("lint", "ruff", done, found))


def asked(project: Project, request: Request, *argv: str) -> Completed:
    """Return Ruff's answer; made without its cache where that is what fails, as for a file name that is not UTF-8."""
    done = run_process(argv, project.root, timeout=answer.patience(request))
    if done.code == 2 and "cache" in done.err:
        done = run_process([*argv, "--no-cache"], project.root, timeout=answer.patience(request))
    return done


def finding(root: str, entry: Any) -> Finding:
    """Return one entry of ruff's JSON. ToolError where it has another shape."""
    try:
        row, column = int(entry["location"]["row"]), int(entry["location"]["column"])
        path = os.path.relpath(entry["filename"], root)
        return Finding(path, row, str(entry["message"]), column, entry["code"] or "syntax")
    except (LookupError, TypeError, ValueError) as error:
        raise ToolError("ruff's JSON has a shape that devtools does not know", repr(error)) from error


def missing(name: str, project: Project) -> CheckResult:
    """Ruff is not there: a skip, unless the project configures it."""
    configured = project.tool("ruff") is not None or project.has("ruff.toml") or project.has(".ruff.toml")
    reason = "ruff is not installed"
    if configured:
        return CheckResult(name, False, reason, fault=f"{reason}, but configured: pip install ruff")
    return CheckResult(name, True, reason, skipped=reason)
