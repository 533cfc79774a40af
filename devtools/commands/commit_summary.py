"""devtools commit without a message: what is staged, what is wrong with it so far, and how to go on."""

from __future__ import annotations

from collections.abc import Sequence

from devtools.budget import Block
from devtools.commit import conflicts, inspection, limits
from devtools.commit.judge import marker
from devtools.commit.summary import Summary, blocks
from devtools.findings import Problem
from devtools.git import objects, snapshot
from devtools.git.draft import Draft
from devtools.project import dependencies
from devtools.project.project import Project
from devtools.report import Report

SUBJECTS = 3


def report(project: Project, draft: Draft, found: Sequence[Problem]) -> Report:
    """Return the staged changes, or all others where nothing is staged. `found` are problems known already."""
    parent = draft.head.tree or snapshot.EMPTY_TREE
    tree = draft.tree()
    staged = tree != parent
    unsaved = inspection.unsaved(draft)
    environments = dependencies.environments(unsaved)
    # An environment that git does not ignore made it 2,672 of 3 files.
    beside = tuple(path for path in unsaved if not dependencies.inside(path, environments))
    if not staged:
        tree = snapshot.worktree_tree(project.root)
    found_here = snapshot.changes(project.root, parent, tree)
    changes = [change for change in found_here if staged or not dependencies.inside(change.path, environments)]
    size = limits.measure(
        changes, project.config, objects.generated(project.root, tree, (change.path for change in changes))
    )
    problems = [*found, *limits.problems(size, project.config)] if staged else [*found, _nothing(bool(changes))]
    problems += [marker(*place) for place in conflicts.marked(project.root, parent, tree, changes)] if staged else []
    branch = draft.git("symbolic-ref", "--short", "-q", "HEAD").out.strip() or "a detached HEAD"
    log = draft.git("log", f"-{SUBJECTS}", "--no-show-signature", "--format=%s").out.splitlines()
    within = [change.path for change in changes] if environments and not staged else []
    options = ("-p", "-U1", "-M", "--no-ext-diff", "--no-textconv")
    # To git an empty list of paths means all of them, and then the diff of a whole environment was shown.
    diff = draft.checked("diff-tree", *options, parent, tree, "--", *within) if changes else ""
    summary = Summary(branch, staged, tuple(changes), size, beside if staged else (), tuple(log), diff)
    advice = dependencies.advice(environments)
    return Report(
        "commit",
        not problems,
        [*blocks(summary, project.config, problems), *(Block(line, pinned=True) for line in advice)],
        problems,
        summary.to_json(project.config),
        more="git diff --cached" if staged else "git diff",
    )


def _nothing(changed: bool) -> Problem:
    way_out = "name the paths of one idea" if changed else "there is no change to commit"
    return Problem("nothing-staged", f"nothing is staged: {way_out}")
