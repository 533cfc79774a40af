"""Findings that the parent had already: a commit answers for what it makes worse, not for what it found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from devtools.findings import CheckResult, Finding
from devtools.wording import counted

Key = tuple[str, ...]
_LINE = re.compile(r"\bline \d+")


def spared(result: CheckResult, before: CheckResult, moved: Mapping[str, str] | None = None) -> CheckResult:
    """Return the result without as many findings of each kind as the same check had `before`, wherever they stood.

    `moved` maps the old path of a renamed file to its new one. A check that is broken on either side is left as it is.
    """
    if result.ok or result.fault or before.fault or before.skipped:
        return result
    old = Counter(_key(finding, moved or {}) for finding in before.findings)
    left = []
    for finding in result.findings:
        key = _key(finding, {})
        if old[key]:
            old[key] -= 1
        else:
            left.append(finding)
    number = len(result.findings) - len(left)
    if not number:
        return result
    summary = counted(len(left), "new finding") if left else "nothing new"
    return replace(
        result, ok=not left, findings=tuple(left), summary=summary, notes=(*result.notes, _told(result.name, number))
    )


def _told(name: str, number: int) -> str:
    what = "test failure" if name == "tests" else f"{name} finding"
    return f"{counted(number, f'old {what}')} {'is' if number == 1 else 'are'} not counted"


def told(results: Sequence[CheckResult]) -> tuple[str, ...]:
    """Return the notes on old findings of these results."""
    return tuple(note for result in results for note in result.notes if note.endswith(" not counted"))


def _key(finding: Finding, moved: Mapping[str, str]) -> Key:
    """What makes two findings one: for a test its id; one without a place is known by all of its words alone."""
    if finding.test:
        return ("test", finding.test)
    path = moved.get(finding.path, finding.path)
    words = (finding.message,) if path else (finding.message, *finding.detail)
    return (path, finding.code, *(_LINE.sub("line", text) for text in words))
