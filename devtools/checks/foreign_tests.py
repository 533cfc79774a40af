"""The tests of a project in another language, as its own command runs them and its report tells of them."""

from __future__ import annotations

import re
from collections import Counter

from devtools.checks import Request
from devtools.findings import CheckResult, Finding
from devtools.project.project import Project
from devtools.runner import junit
from devtools.runner.foreign import Command, ForeignRun, run_tests

LINES = 8
_PLACE = re.compile(r"(?:file://)?(?P<path>[^\s()'\"]+\.\w+):(?P<line>\d+)(?::\d+)?")


def command_of(project: Project) -> Command:
    """Return how the project's settings say that its tests run."""
    config = project.config
    return Command(config.tests_command, config.tests_report, config.tests_coverage)


def run(project: Project, request: Request) -> CheckResult:
    """Run the tests. Green has a report in which no case fails, and the command's own exit code 0."""
    done = run_tests(command_of(project), project.root, request.timeout)
    counts = _counts(done)
    if done.fault:
        return CheckResult("tests", False, done.fault, fault=done.fault, counts=counts, log=done.said)
    findings = tuple(_finding(project.root, case) for case in done.failed)
    return CheckResult("tests", not findings, _summary(counts), findings, counts=counts, log=done.said)


def _counts(done: ForeignRun) -> dict[str, int]:
    found = Counter(case.outcome for case in done.cases)
    counts = {
        "passed": found[junit.PASSED],
        "failed": found[junit.FAILED],
        "errors": 0,
        "skipped": found[junit.SKIPPED],
    }
    return {**counts, "selected": len(done.cases), "total": len(done.cases)}


def _summary(counts: dict[str, int]) -> str:
    said = [f"{counts[name]} {name}" for name in ("failed", "skipped", "passed") if counts[name]]
    return ", ".join(said) or "no tests"


def _finding(root: str, case: junit.ReportedTest) -> Finding:
    path, line = place(root, case)
    first, *rest = (case.message or case.text or "failed").splitlines()
    lines = [each for each in (rest or case.text.splitlines()) if each.strip()]
    return Finding(path, line, first, code="failed", test=case.id, detail=tuple(lines[:LINES]))


def place(root: str, case: junit.ReportedTest) -> tuple[str, int]:
    """Return the first place below the root that the words of a failure name."""
    for found in _PLACE.finditer(f"{case.message}\n{case.text}"):
        path = found["path"].removeprefix(f"{root}/")
        if not path.startswith("/") and "node_modules" not in path and ":" not in path:
            return path, int(found["line"])
    return case.file.removeprefix(f"{root}/"), 0
