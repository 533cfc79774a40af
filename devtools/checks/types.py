"""Types with mypy or pyright, where the project configures one of them."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable
from typing import Any

from devtools.checks import Request, answer
from devtools.errors import ToolError
from devtools.findings import CheckResult, Finding
from devtools.project.dependencies import MARK, environments, inside
from devtools.project.path_kinds import is_production
from devtools.project.project import Project
from devtools.syntax.layout import layout
from devtools.system.process import run as run_process

_LINE = re.compile(
    r"^(?P<path>.+?):(?P<line>\d+):(?:(?P<column>\d+):)?(?:\d+:\d+:)? error: "
    r"(?P<text>.*?)(?:  \[(?P<code>[\w-]+)\])?$"
)
# What a project's settings and environment can change in mypy's text, for a mypy that knows no JSON (before 1.11).
PLAIN = ("--no-pretty", "--no-color-output", "--show-error-codes", "--show-column-numbers", "--hide-error-context")


def configured(project: Project) -> str:
    """Return the tool that the project configures; empty where it configures none."""
    if project.tool("mypy") is not None or project.has("mypy.ini") or project.has(".mypy.ini"):
        return "mypy"
    return "pyright" if project.tool("pyright") is not None or project.has("pyrightconfig.json") else ""


def run(project: Project, request: Request) -> CheckResult:
    tool = configured(project)
    if not tool:
        return CheckResult("types", True, "not configured", skipped="neither mypy nor pyright is configured")
    unreadable = answer.unreadable("types", project)
    if unreadable:
        return unreadable
    return _mypy(project, request) if tool == "mypy" else _pyright(project, request)


def _mypy(project: Project, request: Request) -> CheckResult:
    mypy = project.program("mypy")
    if mypy is None:
        return CheckResult("types", False, "mypy is not installed", fault="mypy is configured: pip install mypy")
    files = project.tool("mypy", "files") or project.tool("mypy", "packages") or project.tool("mypy", "modules")
    # Without files of its own, mypy's findings in tests and documents made structlog and packaging red.
    target = [] if files or project.tool("mypy") is None else _production(project)
    argv = [mypy, "--no-error-summary", "--python-executable", project.python, *target]
    done = run_process([*argv, "--output=json"], project.root, timeout=answer.patience(request))
    if done.code == 2 and "--output" in done.err:
        done = run_process([*argv, *PLAIN], project.root, timeout=answer.patience(request))
        return answer.judged("types", "mypy", done, _of_text(project.root, done.out), "error")
    entries = [answer.parsed("mypy", line) for line in done.out.splitlines() if line.startswith("{")]
    found = [of_entry(project.root, entry) for entry in entries if entry.get("severity") == "error"]
    return answer.judged("types", "mypy", done, found, "error")


def of_entry(root: str, entry: dict[str, Any]) -> Finding:
    column = max(int(entry.get("column") or 0), 0) + 1
    path, code = os.path.relpath(os.path.join(root, entry["file"]), root), entry.get("code") or ""
    first, *rest = str(entry["message"]).splitlines() or [""]
    return Finding(path, max(int(entry["line"]), 0), first, column, code, detail=tuple(rest))


def _of_text(root: str, text: str) -> list[Finding]:
    rows = filter(None, (_LINE.match(line) for line in text.splitlines()))
    return [
        Finding(
            os.path.relpath(os.path.join(root, row["path"]), root),
            int(row["line"]),
            row["text"],
            int(row["column"] or 0),
            row["code"] or "",
        )
        for row in rows
    ]


def _production(project: Project) -> list[str]:
    """The topmost folders and modules of production: tests and documents are seldom typed where nothing asks for it."""
    listing = ["git", "ls-files", "-coz", "--exclude-standard", "--", "*.py", f"*{MARK}"]
    listed = run_process(listing, project.root).out.split("\0")
    apart = environments(listed)
    paths = [path for path in listed if is_production(path, project.config) and not inside(path, apart)]
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
    done = run_process([pyright, "--outputjson"], project.root, timeout=answer.patience(request))
    try:
        answers = answer.parsed("pyright", done.out) if done.code in (0, 1) else None
    except ToolError:
        answers = None
    if answers is None:
        return answer.fault("types", "pyright", done)
    try:
        entries = [entry for entry in answers["generalDiagnostics"] if entry["severity"] == "error"]
        found = [of_pyright(project.root, entry) for entry in entries]
    except (LookupError, TypeError) as error:
        raise ToolError("pyright's JSON has a shape that devtools does not know", repr(error)) from error
    return answer.judged("types", "pyright", done, found, "error")


def of_pyright(root: str, entry: dict[str, Any]) -> Finding:
    start = entry.get("range", {}).get("start", {})
    first, *rest = str(entry["message"]).splitlines() or [""]
    return Finding(
        os.path.relpath(os.path.join(root, entry["file"]), root),
        start.get("line", -1) + 1,
        first,
        start.get("character", -1) + 1,
        entry.get("rule") or "",
        detail=tuple(rest),
    )
