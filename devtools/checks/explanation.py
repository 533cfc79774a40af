"""Why each test file would run now or be left out, and why it ran the last time."""

from __future__ import annotations

from typing import Any

from devtools.budget import Block
from devtools.errors import UsageError
from devtools.project.project import Project
from devtools.selection import memory
from devtools.wording import counted

LEFT = "nothing that it depends on has changed since it passed"
NEW = "it has not run yet"
SPOILT = "the import of a test file changes something elsewhere, so all tests run together once"


def explain(project: Project, test: str = "") -> list[dict[str, Any]]:
    """Say it of all test files, or of the one that holds this test. UsageError where there is none of that name."""
    plan = memory.plan(project)
    spoilt = memory.unseen(plan, plan.store)[1]
    known = plan.memory.tests if plan.memory else {}
    ran = memory.reasons(plan.store)
    wanted = test.partition("::")[0].removeprefix("./")
    paths = sorted(path for path in {*known, *memory.named(plan)} if path and (not wanted or path == wanted))
    if wanted and not paths:
        raise UsageError(f"no test file is named {wanted}", "give its path from the root, or the id of a test in it")
    reason = SPOILT if spoilt else plan.selection.reason
    entries = []
    for path in paths:
        left = path in plan.selection.fresh and not spoilt
        why = LEFT if left else reason or plan.selection.why.get(path, NEW)
        entries.append({"path": path, "runs": not left, "why": why, "last": ran.get(path, "")})
    return entries


def lines(entries: list[dict[str, Any]]) -> list[Block]:
    """Return one line for each file that would run, and the number of the others.

    Both for a file that was asked for.
    """
    due = [entry for entry in entries if entry["runs"]]
    head = f"{counted(len(due), 'test file')} of {len(entries)} would run now"
    shown = entries if len(entries) == 1 else due
    blocks = [Block(head, pinned=True)]
    for entry in shown:
        blocks.append(Block(f"{entry['path']} {'runs' if entry['runs'] else 'is left out'}: {entry['why']}"))
        if len(entries) == 1:
            last = f"ran: {entry['last']}" if entry["last"] else "did not run"
            blocks.append(Block(f"in the last run of tests it {last}"))
    return blocks
