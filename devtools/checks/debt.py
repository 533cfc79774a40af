"""Debt markers: TODO, FIXME, XXX and HACK in comments."""

from __future__ import annotations

import re

from devtools.checks import Request, answer
from devtools.findings import CheckResult
from devtools.git.safe_process import git
from devtools.project.dependencies import environments
from devtools.project.project import Project
from devtools.wording import counted

_MARKER = re.compile(r"(?:#|//|/\*|--|<!--|;)\s*(TODO|FIXME|XXX|HACK)\b")

ENVIRONMENTS = ("*pyvenv.cfg", "*node_modules/*")


def run(project: Project, request: Request) -> CheckResult:
    """Count the markers of the whole tree. They are told, never refused: a marker is a note, not a fault."""
    listed = git(project.root, "ls-files", "-oz", "--exclude-standard", "--", *ENVIRONMENTS).out
    outside = [f":(top,exclude,literal){folder}" for folder in environments(listed.split("\0"))]
    # color.ui=always once hid every marker, and submodule.recurse made git grep fail unseen.
    asked = ["grep", "-IhE", "--no-color", "--no-recurse-submodules", "--untracked", "(TODO|FIXME|XXX|HACK)"]
    done = git(project.root, *asked, "--", ":(top)", *outside, timeout=request.timeout)
    if done.code not in (0, 1):
        return answer.fault("debt", "git grep", done)
    number = sum(1 for line in done.out.splitlines() if _MARKER.search(line))
    return CheckResult("debt", True, counted(number, "debt marker") if number else "none", counts={"markers": number})
