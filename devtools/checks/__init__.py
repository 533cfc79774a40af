"""Look at a project as hygiene does: one module a check, each with `run(project, request) -> CheckResult`.

This room owns lint, format, types, tests, debt markers, custom checks, and the report on their results.
It does not know commits: `commit` asks it about a snapshot, `commands/hygiene` about the working tree.
Read `lint` first, the shortest check, then `tests`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from devtools.runner.forerunner import Start
from devtools.system.store import Store

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

    `affected`: only the tests that what changed since their last run can concern. `known` tells of some test files that
    they pass here in any case, with the counts of their tests; it is asked where that may be worth its time, and told
    whether it is known to be: only then may it run them to find out.
    `record` keeps what a run has shown of the whole, where the project lies in a folder for this one time. `popen`
    starts the run of the tests, where the caller has a process from which it can be forked.
    `tell` is told from time to time how far a long check has come.
    """

    fix: bool = False
    timeout: float | None = None
    affected: bool = False
    known: Callable[[Collection[str], bool], Mapping[str, Mapping[str, int]]] | None = None
    record: Store | None = None
    popen: Start | None = None
    tell: Callable[[str], None] | None = None
