"""What was red already when devtools came into the repository: hygiene counts what has come since."""

from __future__ import annotations

from collections.abc import Sequence

from devtools.errors import UsageError
from devtools.findings import CheckResult
from devtools.project.project import Project
from devtools.system.store import Store

RECORD = "setup.json"  # what init remembers


def since(root: str) -> str:
    """Return the commit at which init ran; empty where it did not, or before the first commit."""
    commit = Store.common(root).read(RECORD).get("baseline")
    return commit if isinstance(commit, str) else ""


def held(project: Project, commit: str, results: Sequence[CheckResult]) -> list[CheckResult]:
    """Return the results, each held to what is worse than at that commit; all as they are where it is gone."""
    if not commit or all(result.ok for result in results):
        return list(results)
    from devtools.checks import parent_findings
    from devtools.git import snapshot

    try:
        tree = snapshot.tree_of(project.root, commit)
    except UsageError:
        return list(results)
    return parent_findings.new(project, tree, snapshot.worktree_tree(project.root), results)


def key(tree: str, commit: str) -> str:
    """Return the key of a green that leaves out old findings: a commit, which is held to its parent, never asks it."""
    return f"{tree} since {commit}"
