"""The findings of a snapshot without those that its parent has too. The parent is asked only where there are some."""

from __future__ import annotations

from collections.abc import Sequence

from devtools.checks import Request, inheritance
from devtools.checks import tests as own_tests
from devtools.checks.run import check_names, run_checks
from devtools.findings import CheckResult, Finding
from devtools.git import snapshot
from devtools.project.checkout import project_at
from devtools.project.project import Project
from devtools.runner.working_tree import run_pytest


def new(project: Project, parent: str, tree: str, results: Sequence[CheckResult]) -> list[CheckResult]:
    """Return the results, each held to what is worse in `tree` than in `parent`."""
    red = [result for result in results if not result.ok and result.findings and not result.fault]
    if not red or parent == snapshot.EMPTY_TREE:
        return list(results)
    # One unformatted file, 63 old lint findings or a test that was red before once refused every commit.
    moved = {change.old_path: change.path for change in snapshot.changes(project.root, parent, tree)}
    before: dict[str, CheckResult | None] = {}
    with project_at(project, parent) as there:
        known = check_names(there)
        for result in red:
            if result.name in known:
                before[result.name] = _before(there, result)
    pairs = [(each, before.get(each.name)) for each in results]
    return [inheritance.spared(each, old, moved) if old else each for each, old in pairs]


def _before(there: Project, result: CheckResult) -> CheckResult | None:
    """What the check says of the parent; of tests, only those files run in which some fail now."""
    if result.name != "tests" or "tests" in there.config.checks:
        return run_checks(there, [result.name], Request())[0]
    files = [path for path in _files(result.findings) if there.has(path)]
    if not files or not all(finding.test for finding in result.findings):
        return None
    done = run_pytest(there.python, there.root, ["--", *files])
    return own_tests.read(there.root, done) if done.whole else None


def _files(findings: Sequence[Finding]) -> list[str]:
    return sorted({finding.test.partition("::")[0] for finding in findings if finding.test})
