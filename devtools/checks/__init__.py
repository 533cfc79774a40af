"""What hygiene looks at: one module a check, each with `run(project, request) -> CheckResult`."""

from __future__ import annotations

from dataclasses import dataclass

CHECKS = {
    "lint": "devtools.checks.lint",
    "format": "devtools.checks.format",
    "types": "devtools.checks.types",
    "tests": "devtools.checks.tests",
    "debt": "devtools.checks.debt",
}


@dataclass(frozen=True)
class Request:
    """What the caller wants of a check; `timeout` is in seconds and None means no limit.

    `affected`: only the tests that what changed since their last run can concern.
    """

    fix: bool = False
    timeout: float | None = None
    affected: bool = False
