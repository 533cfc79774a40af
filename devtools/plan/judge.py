"""Judge each step of a plan as `devtools commit` judges what is staged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from devtools.commit import message, rules
from devtools.commit.judge import Case, judge
from devtools.commit.verdict import Verdict
from devtools.findings import CheckResult, Problem
from devtools.plan.apply import Link
from devtools.project.project import Project
from devtools.system.store import Store

# What is answered in a moment, and what takes the time of a run of the tests.
QUICK = ("message", "limits", "conflicts")
UNSIZED = ("message", "conflicts")
SLOW = ("checks", "proof")
Tell = Callable[[str], None]


def problems(project: Project, base: str, links: Sequence[Link], tell: Tell | None = None) -> list[Problem]:
    """Report why the steps from the tree `base` on may not be made, each reason with its step's place in the plan.

    No test runs while there is a reason that can be found without.
    """
    cases = _cases(project, base, links)
    found = [_placed(at, each) for at, step in enumerate(cases) for each in judge(step, QUICK).problems]
    if found:
        return found
    for at, step in enumerate(cases):
        if tell:
            tell(f"proving commit {at + 1} of {len(cases)}")
        found += [_placed(at, each) for each in judge(step, SLOW).all_problems()]
    return found


def faults(project: Project, base: str, links: Sequence[Link]) -> list[Problem]:
    """Report what is wrong with the steps from the tree `base` on where nobody asks for their checks and their proof.

    One file alone may be of any size: there may be no way to part it.
    """
    asked = ((step, QUICK if step.size.files > 1 else UNSIZED) for step in _cases(project, base, links))
    return [_placed(at, each) for at, question in enumerate(asked) for each in judge(*question).problems]


def _cases(project: Project, base: str, links: Sequence[Link]) -> list[Case]:
    parents = [base, *(link.tree for link in links)]
    return [case(project, parent, link) for parent, link in zip(parents, links, strict=False)]


def case(project: Project, parent: str, link: Link) -> Case:
    """Make the case of a step from the tree `parent`, by the settings that it has itself.

    Mutants are left out unless a survivor refuses: a warning is told when the commit is made.
    """
    # By its own settings, since devtools commit will judge it by them.
    project = rules.of_snapshot(project, link.tree)
    # With mutants a trial took seconds for each step, for a warning that nobody was told.
    wanted = project.config.mutants if project.config.mutants == "refuse" else "off"
    project = replace(project, config=replace(project.config, mutants=wanted))
    return Case(project, Store(project.root), parent, link.tree, message.parse(link.message))


def judged(step: Case) -> Verdict:
    """Return what refuses the step at once, else what its checks and its proof find out."""
    quick = judge(step, QUICK)
    return quick if quick.problems else judge(step, SLOW)


def checked(step: Case) -> Sequence[CheckResult]:
    """Return what the checks alone say of a step."""
    return judge(step, ("checks",)).results


def _placed(at: int, problem: Problem) -> Problem:
    return replace(problem, message=f"commits[{at}]: {problem.message}")
