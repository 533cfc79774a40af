"""devtools commit --plan and --apply: uncommitted changes as an ordered list of commits, and those commits made."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from devtools.budget import Block
from devtools.commit import limits, message, transaction
from devtools.commit.verdict import Verdict
from devtools.errors import ToolError
from devtools.findings import Problem
from devtools.git import draft
from devtools.git.draft import Place
from devtools.plan import apply as chain
from devtools.plan import document as plans
from devtools.plan import judge, uncommitted
from devtools.plan import trial as plan_verify
from devtools.plan.apply import Link
from devtools.plan.document import Step
from devtools.plan.uncommitted import Uncommitted
from devtools.project import globs
from devtools.project.config import Config
from devtools.project.project import Project, load
from devtools.report import Report, progress

NEXT = (
    "to edit and make them: devtools commit --plan --json > PLAN.json, then devtools commit --apply PLAN.json --verify"
)
# The types that a step may get under which nothing of it needs a witness, the most telling first.
KINDS = ("refactor", "chore")


def plan(verify: bool = False) -> Report:
    """Return the uncommitted changes as commits, in the order in which to make them. Nothing is changed.

    With `verify` each is judged as `apply` with `verify` will judge it.
    """
    project = load(os.getcwd())
    place = draft.find(project.root)
    busy = _operation(place)
    if busy:
        return _refusal(busy)
    found = uncommitted.uncommitted(project.root, [os.fstat(1)])
    project = _counting(project, found)
    steps = plans.make(found.changes, found.texts, project.config)
    if not steps:
        return _nothing(found)
    if verify:
        steps = _verified(project, found, steps)
    return _planned(found, steps, project.config)


def apply(path: str, verify: bool = False) -> Report:
    """Make the commits of a plan, or none. What it leaves out stays uncommitted; the working tree is not written.

    With `verify` each of them is checked and proved as `devtools commit` does it; without, a hint says that none is.
    """
    project = load(os.getcwd())
    document = uncommitted.load(path)
    place = draft.find(project.root)
    with draft.held(place):
        transaction.recover(place)
        chain.recover(place)
        before = draft.digest(place.index)
        busy = _operation(place)
        found = uncommitted.uncommitted(project.root, [os.stat(path)])
        project = _counting(project, found)
        own = os.path.relpath(os.path.realpath(path), os.path.realpath(project.root))
        steps, problems = _fitting(document, found, own)
        if busy or problems:
            return _refusal([*busy, *problems])
        links, edits = _links(project, found, steps)
        refused = (
            judge.problems(project, found.base, links, progress) if verify else judge.faults(project, found.base, links)
        )
        if refused:
            return _refusal(refused)
        commits = chain.build(place, found.head.commit, links)
        chain.publish(place, found.head.commit, commits[-1], edits, before)
        return _made(project, found, steps, commits, verify)


def _counting(project: Project, found: Uncommitted) -> Project:
    """The project, in which generated files do not count toward the limits."""
    # devtools commit does not count generated files. The plan and --apply once did.
    free = (*project.config.uncounted, *map(globs.literal, sorted(found.generated)))
    return replace(project, config=replace(project.config, uncounted=free))


def _fitting(document: Any, found: Uncommitted, own: str) -> tuple[list[Step], list[Problem]]:
    """The plan's steps, and why they do not fit. A plan of another tree is told by its base, before any hunk."""
    base = plans.base(document)
    if base != found.base:
        changed = f"base_tree is {base}, the last commit's is {found.base}: make the plan again"
        return [], [Problem("stale-plan", changed)]
    steps, problems = plans.read(document, found.changes, own)
    if not steps and not problems:
        problems = [Problem("nothing-planned", "the plan holds no commit")]
    return steps, problems


def _links(project: Project, found: Uncommitted, steps: Sequence[Step]) -> tuple[list[Link], chain.Edits]:
    """The commits to be made, and the paths that they change."""
    hunks = [step.hunks for step in steps]
    trees, edits = chain.steps(project.root, found.base, found.changes, found.texts, hunks)
    return [Link(tree, step.message) for tree, step in zip(trees, steps, strict=True)], edits


def _made(
    project: Project, found: Uncommitted, steps: Sequence[Step], commits: Sequence[str], verified: bool
) -> Report:
    entries = plans.to_json(steps, found.changes, project.config)
    made = [
        {"commit": commit, **entry, "verified": verified or None}
        for commit, entry in zip(commits, entries, strict=True)
    ]
    left = _left(found, plans.rest(steps, found.changes))
    blocks = [Block(f"{_count(len(made), 'commit')} made{', each proved' if verified else ''}", pinned=True)]
    blocks += [_line(at, entry, entry["commit"][:9] + " ") for at, entry in enumerate(made, 1)]
    hint = "" if verified else f"neither checked nor proved: devtools verify {_range(found.head.commit, commits[-1])}"
    return Report("commit", True, [*blocks, *_left_lines(left)], data={"commits": made, "left": left}, hint=hint)


def _range(old: str, new: str) -> str:
    return f"{old[:9]}..{new[:9]}" if old else new[:9]


def _fits(step: Step, found: Uncommitted, config: Config) -> bool:
    return not limits.problems(plans.size(step, found.changes, config), config)


def _verified(project: Project, found: Uncommitted, steps: Sequence[Step]) -> list[Step]:
    """The steps as `--apply --verify` will judge them, mended where one does not hold; nothing where all is red."""
    fits = partial(_fits, found=found, config=project.config)
    (whole,), _ = chain.steps(project.root, found.base, found.changes, found.texts, [_hunks(steps)])
    results = judge.checked(judge.case(project, found.base, Link(whole, "")))
    sound = all(result.ok for result in results)
    kinds = [kind for kind in KINDS if kind in project.config.commit_types]
    return plan_verify.verify(steps, _trial(project, found), fits, sound, kinds)


def _hunks(steps: Sequence[Step]) -> list[tuple[int, int]]:
    return [hunk for step in steps for hunk in step.hunks]


def _trial(project: Project, found: Uncommitted) -> plan_verify.Trial:
    """Judges the last of some steps as `devtools commit` would, each tree and type once."""
    seen: dict[tuple[str, str, str], str] = {}

    def trial(steps: Sequence[Step]) -> str:
        before, link = steps[:-1], steps[-1]
        trees, _ = chain.steps(
            project.root, found.base, found.changes, found.texts, [_hunks(before), [*link.hunks]][not before :]
        )
        # A type decides what a step has to prove, so the same tree is judged again under another one.
        key = (trees[0] if before else found.base, trees[-1], message.parse(link.message).type)
        if key not in seen:
            progress(f"proving step {len(seen) + 1}")
            # As --apply --verify will judge it: with the tests alone, the plan named a next step that the proof then
            # refused.
            seen[key] = _evidence(judge.judged(judge.case(project, key[0], Link(key[1], link.message))))
        return seen[key]

    return trial


def _evidence(verdict: Verdict) -> str:
    """What speaks against a step. ToolError where a tool does not work: that proves nothing."""
    problems = verdict.all_problems()
    if verdict.faulty():
        raise ToolError("the plan cannot be verified", problems[0].message)
    return f"{problems[0].code}: {problems[0].message}" if problems else ""


def _planned(found: Uncommitted, steps: Sequence[Step], config: Config) -> Report:
    commits = plans.to_json(steps, found.changes, config)
    left = _left(found, ())
    data = {"base": found.head.commit, "base_tree": found.base, "commits": commits, "left": left}
    problems = [
        Problem("unproved", f"commit {at} does not hold: {step.note}")
        for at, step in enumerate(steps, 1)
        if step.verified is False
    ]
    proved = ", each holds" if all(step.verified for step in steps) else ""
    blocks = [Block(f"plan: {_count(len(commits), 'commit')}{proved}", pinned=True)]
    blocks += [Block(_problem(problem), pinned=True) for problem in problems]
    blocks += [_line(at, entry) for at, entry in enumerate(commits, 1)]
    blocks += [*_left_lines(left), Block(NEXT, pinned=True)]
    return Report("commit", not problems, blocks, problems, data, more="devtools commit --plan --budget 9999")


def _line(number: int, commit: dict[str, Any], made: str = "") -> Block:
    """`1. message: files +added -deleted`, and what is odd about it."""
    head = f"{number}. {made}{commit['message'].splitlines()[0]}"
    files = ", ".join(_printable(file["path"]) for file in commit["files"])
    odd = [f"over the limit ({', '.join(commit['over'])})"] if "over" in commit else []
    odd += [commit["note"]] if "note" in commit else []
    return Block("; ".join([f"{head}\n   {files} +{commit['added']} -{commit['deleted']}", *odd]), head)


def _printable(path: str) -> str:
    return path if path.isprintable() else ascii(path)


def _left(found: Uncommitted, unplanned: Sequence[str]) -> list[dict[str, str]]:
    entries = [{"path": path, "reason": reason} for path, reason in found.left]
    return entries + [{"path": path, "reason": "not in the plan"} for path in unplanned]


def _left_lines(left: Sequence[dict[str, str]]) -> list[Block]:
    return [Block(f"left: {_printable(entry['path'])} ({entry['reason']})") for entry in left]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _operation(place: Place) -> list[Problem]:
    busy = draft.operation(place)
    return [Problem("merge-in-progress", f"{busy[0]} is in progress: {busy[1]}")] if busy else []


def _nothing(found: Uncommitted) -> Report:
    left = _left(found, ())
    blocks = [Block("nothing to plan: there is no uncommitted change", pinned=True), *_left_lines(left)]
    data = {"base": found.head.commit, "base_tree": found.base, "commits": [], "left": left}
    return Report("commit", True, blocks, data=data)


def _refusal(problems: Sequence[Problem]) -> Report:
    lines = [Block("no commit was made", pinned=True)] + [Block(_problem(problem)) for problem in problems]
    return Report("commit", False, lines, problems, {"commits": [], "left": []})


def _problem(problem: Problem) -> str:
    place = f" ({_printable(problem.path)})" if problem.path else ""
    return f"{problem.code}: {problem.message}{place}"
