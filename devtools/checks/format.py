"""Format with ruff."""

from __future__ import annotations

import re

from devtools.adapters.process import run as run_process
from devtools.adapters.project import Project
from devtools.checks import Request, lint
from devtools.core.counts import counted
from devtools.core.model import CheckResult, Finding

# The head of a unified diff: the one form of this answer that ruff has not changed between its versions.
_HEADER = re.compile(r"^--- (.+)\n\+\+\+ \1$", re.MULTILINE)


def run(project: Project, request: Request) -> CheckResult:
    """Files that ruff would format otherwise; with `fix` it formats them. Syntax errors are the lint's to report."""
    ruff = project.program("ruff")
    if ruff is None:
        return lint.missing("format", project)
    argv = [ruff, "format", *([] if request.fix else ["--diff"]), "."]
    done = run_process(argv, project.root, timeout=request.timeout)
    if request.fix:
        words = re.search(r"(\d+) files? reformatted", done.out)
        summary = words[0] if words else "clean"
        return CheckResult("format", True, summary, notes=(f"format: {summary}",) if words else ())
    names = [match[1] for match in _HEADER.finditer(done.out)]
    if done.code not in (0, 1) and "ruff failed" in done.err:
        return lint.fault("format", "ruff", done.err)
    findings = tuple(Finding(name, 0, "is not formatted", code="format") for name in names)
    return CheckResult("format", not findings, counted(len(findings), "file") if findings else "clean", findings)
