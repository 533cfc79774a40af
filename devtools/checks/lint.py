"""Lint with ruff."""

from __future__ import annotations

import json
import os

from devtools.adapters.process import run as run_process
from devtools.adapters.project import Project
from devtools.checks import Request
from devtools.core.counts import counted
from devtools.core.model import CheckResult, Finding


def run(project: Project, request: Request) -> CheckResult:
    """All of ruff's findings; with `fix` its safe fixes are made first."""
    ruff = project.program("ruff")
    if ruff is None:
        return missing("lint", project)
    argv = [ruff, "check", "--output-format=json", "--quiet", "--exit-zero", *(["--fix"] if request.fix else []), "."]
    done = run_process(argv, project.root, timeout=request.timeout)
    if done.code:
        return fault("lint", "ruff", done.err)
    findings = tuple(
        Finding(
            os.path.relpath(entry["filename"], project.root),
            entry["location"]["row"],
            entry["message"],
            entry["location"]["column"],
            entry["code"] or "syntax",
        )
        for entry in json.loads(done.out)
    )
    return CheckResult("lint", not findings, counted(len(findings), "finding") if findings else "clean", findings)


def missing(name: str, project: Project) -> CheckResult:
    """Ruff is not there: a skip, unless the project configures it."""
    configured = project.tool("ruff") is not None or project.has("ruff.toml") or project.has(".ruff.toml")
    reason = "ruff is not installed"
    if configured:
        return CheckResult(name, False, reason, fault=f"{reason}, but configured: pip install ruff")
    return CheckResult(name, True, reason, skipped=reason)


def fault(name: str, tool: str, err: str) -> CheckResult:
    """The tool itself failed; its last words say why."""
    words = err.strip().splitlines()
    text = f"{tool} failed: {words[-1].strip() if words else 'it said nothing'}"
    return CheckResult(name, False, text, fault=text, log=err)
