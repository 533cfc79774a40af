"""Each step of a plan judged as devtools commit judges what is staged: the checks on its tree, then the TDD proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from devtools.checks import parent_findings
from devtools.commit import checks as snapshot_checks
from devtools.commit import message, rules
from devtools.commit import verdict as words
from devtools.findings import Problem
from devtools.plan.apply import Link
from devtools.project.project import Project
from devtools.proof import gate as commit_proof
from devtools.system.store import Store

Tell = Callable[[str], None]


def problems(project: Project, base: str, links: Sequence[Link], tell: Tell | None = None) -> list[Problem]:
    """Why the steps from the tree `base` on may not be made, each reason with its step's place in the plan."""
    found = []
    for at, (parent, link) in enumerate(zip([base, *(link.tree for link in links)], links, strict=False)):
        if tell:
            tell(f"proving commit {at + 1} of {len(links)}")
        verdict = judged(project, parent, link)
        found += [replace(each, message=f"commits[{at}]: {each.message}") for each in verdict.all_problems()]
    return found


def _without_warnings(project: Project) -> Project:
    """The project without mutants, unless a survivor refuses: a warning is told when the commit is made."""
    wanted = project.config.mutants if project.config.mutants == "refuse" else "off"
    return replace(project, config=replace(project.config, mutants=wanted))


def judged(project: Project, parent: str, link: Link) -> words.Verdict:
    """What `devtools commit` would find out about the step from the tree `parent`, but for its size."""
    project, store = _without_warnings(rules.of_snapshot(project, link.tree)), Store(project.root)
    results = parent_findings.new(project, parent, link.tree, snapshot_checks.apart(project, store, link.tree)[0])
    passed = frozenset[str]().union(*(result.passed for result in results))
    written = message.parse(link.message)
    proof = commit_proof.judge(project, store, parent, link.tree, written.type, passed)
    fault = [Problem(words.TOOL, proof.fault)] if proof.fault else []
    return words.Verdict(written.subject, problems=(*proof.problems, *fault), results=tuple(results))
