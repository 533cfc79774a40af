"""A check that the project configures as a command line, in whatever language."""

from __future__ import annotations

import re

from devtools.checks import Request
from devtools.findings import CheckResult, Finding
from devtools.project.project import Project
from devtools.system.process import run as run_process
from devtools.wording import counted

_PLACE = re.compile(r"^(?P<path>[^\s:][^:]*):(?P<line>\d+):(?:(?P<column>\d+):?)?\s*(?P<text>\S.*)$")
TAIL_LINES = 10


def run(project: Project, name: str, line: str, request: Request) -> CheckResult:
    """Exit 0 holds. Lines that read PATH:LINE: TEXT are findings; without one, the output's tail is one."""
    done = run_process([line], project.root, timeout=request.timeout, shell=True)
    log = done.out + done.err
    if done.timed_out:
        return CheckResult(name, False, "timed out", (Finding("", 0, f"{name} timed out", code=name),), log=log)
    # 126 too: a command that may not be executed is a fault, as one that does not exist.
    if done.code in (126, 127):
        text = f"{name}: {'cannot be run' if done.code == 126 else 'command not found'}: {line}"
        return CheckResult(name, False, text, fault=text, log=log)
    if not done.code:
        return CheckResult(name, True, "holds", log=log)
    rows = filter(None, (_PLACE.match(text) for text in log.splitlines()))
    findings = tuple(
        Finding(row["path"], int(row["line"]), row["text"], int(row["column"] or 0), code=name) for row in rows
    )
    if not findings:
        tail = [text for text in log.splitlines() if text.strip()][-TAIL_LINES:]
        findings = (Finding("", 0, f"{name} ended with code {done.code}", code=name, detail=tuple(tail)),)
    return CheckResult(name, False, counted(len(findings), "finding"), findings, log=log)
