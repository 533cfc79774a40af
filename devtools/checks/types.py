"""Types with mypy or pyright, where the project configures one of them."""

from __future__ import annotations

import json
import os
import posixpath
import re
from collections.abc import Iterable

from devtools.adapters.process import run as run_process
from devtools.adapters.project import Project
from devtools.checks import Request, lint
from devtools.core.counts import counted
from devtools.core.layout import layout
from devtools.core.model import CheckResult, Finding
from devtools.core.testfiles import is_production

_LINE = re.compile(
    r"^(?P<path>.+?):(?P<line>\d+):(?:(?P<column>\d+):)? error: (?P<text>.*?)(?:  \[(?P<code>[\w-]+)\])?$"
)


def run(project: Project, request: Request) -> CheckResult:
    if project.tool("mypy") is not None or project.has("mypy.ini") or project.has(".mypy.ini"):
        return _mypy(project, request)
    if project.tool("pyright") is not None or project.has("pyrightconfig.json"):
        return _pyright(project, request)
    return CheckResult("types", True, "not configured", skipped="neither mypy nor pyright is configured")


def _mypy(project: Project, request: Request) -> CheckResult:
    mypy = project.program("mypy")
    if mypy is None:
        return CheckResult("types", False, "mypy is not installed", fault="mypy is configured: pip install mypy")
    files = project.tool("mypy", "files") or project.tool("mypy", "packages") or project.tool("mypy", "modules")
    target = [] if files or project.tool("mypy") is None else _production(project)
    argv = [mypy, "--no-error-summary", "--no-pretty", "--show-column-numbers", "--python-executable", project.python]
    done = run_process([*argv, *target], project.root, timeout=request.timeout)
    if done.code not in (0, 1):
        return lint.fault("types", "mypy", done.err or done.out)
    rows = filter(None, (_LINE.match(line) for line in done.out.splitlines()))
    findings = tuple(
        Finding(row["path"], int(row["line"]), row["text"], int(row["column"] or 0), row["code"] or "") for row in rows
    )
    if done.code and not findings:
        return lint.fault("types", "mypy", done.err or done.out)
    return _result(findings)


def _production(project: Project) -> list[str]:
    """The topmost folders and modules of production: tests and documents are seldom typed where nothing asks for it."""
    listed = run_process(["git", "ls-files", "-coz", "--exclude-standard", "--", "*.py"], project.root).out.split("\0")
    paths = [path for path in listed if is_production(path, project.config)]
    roots = layout(paths).roots
    found = {_top(path, roots) for path in paths}
    return sorted(name for name in found if project.has(name)) or ["."]


def _top(path: str, roots: Iterable[str]) -> str:
    """The first folder or module below the root that imports of the file start from."""
    root = next(root for root in roots if not root or path.startswith(f"{root}/"))
    return posixpath.join(root, path[len(root) :].strip("/").partition("/")[0])


def _pyright(project: Project, request: Request) -> CheckResult:
    pyright = project.program("pyright")
    if pyright is None:
        return CheckResult(
            "types", False, "pyright is not installed", fault="pyright is configured: pip install pyright"
        )
    done = run_process([pyright, "--outputjson"], project.root, timeout=request.timeout)
    try:
        entries = json.loads(done.out)["generalDiagnostics"]
    except (ValueError, KeyError):
        return lint.fault("types", "pyright", done.err or done.out)
    return _result(
        tuple(
            Finding(
                os.path.relpath(entry["file"], project.root),
                entry["range"]["start"]["line"] + 1,
                entry["message"],
                entry["range"]["start"]["character"] + 1,
                entry.get("rule", ""),
            )
            for entry in entries
            if entry["severity"] == "error"
        )
    )


def _result(findings: tuple[Finding, ...]) -> CheckResult:
    return CheckResult("types", not findings, counted(len(findings), "error") if findings else "clean", findings)
