"""devtools verify: is every commit of a range small, well named and proved?"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import click

from devtools.budget import Block
from devtools.commands.options import shared
from devtools.commit import limits, message, rules
from devtools.commit.verdict import expecting, governed
from devtools.errors import DevtoolsError, ToolError
from devtools.findings import Problem
from devtools.git import objects, snapshot
from devtools.git.revisions import Revision, default_range, revisions
from devtools.project.project import Project, load
from devtools.proof.record import recorded
from devtools.proof.verdict import Proof
from devtools.report import Report, progress
from devtools.system.store import Store
from devtools.wording import counted


@dataclass(frozen=True)
class Verified:
    """One commit with its size, its verdict and everything that speaks against it."""

    revision: Revision
    size: limits.Size
    proof: Proof
    problems: tuple[Problem, ...]
    settings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "commit": self.revision.commit,
            "subject": self.revision.subject,
            "files": self.size.files,
            "added": self.size.added,
            "deleted": self.size.deleted,
            "tdd": self.proof.verdict,
            "problems": [problem.to_json() for problem in self.problems],
            **({"warnings": [each.to_json() for each in self.proof.warnings]} if self.proof.warnings else {}),
            **({"untried": self.proof.untried} if self.proof.untried else {}),
            **({"expectations": list(self.proof.expectations)} if self.proof.expectations else {}),
            **({"settings": list(self.settings)} if self.settings else {}),
            **({"fault": self.proof.fault} if self.proof.fault else {}),
        }

    def head(self) -> str:
        return f"{self.revision.commit[:9]} {self.revision.subject}"


@click.command("verify")
@click.argument("span", metavar="[RANGE]", default="")
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Prove this many commits at once."
)
@shared
def command(span: str, jobs: int) -> Report:
    """Prove every commit of RANGE, by default the commits not yet on the upstream or default branch.

    The settings of the last commit apply to all of them. Results are kept, so that a second run is fast.
    """
    project = load(os.getcwd())
    store = Store(project.root)
    span = span or default_range(project.root)
    found = revisions(project.root, span) if span else []
    if not found:
        words = f"nothing to verify: no commit in {span or 'a range'}; name one, such as HEAD~5..HEAD"
        return Report("verify", True, [Block(words, pinned=True)], data={"commits": [], "counts": {}})
    project = rules.of_snapshot(project, found[-1].tree)
    done = _all(project, store, found, jobs)
    run = store.add_run({"command": "verify", "checks": [_logged(each) for each in done]})
    return _report(project, done, run)


def _all(project: Project, store: Store, found: Sequence[Revision], jobs: int) -> list[Verified]:
    lock, count = Lock(), 0

    def one(revision: Revision) -> Verified:
        nonlocal count
        result = verify(project, store, revision)
        with lock:
            count += 1
            progress(f"verify {count}/{len(found)} {revision.subject[:60]}")
        return result

    with ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(one, found))
    progress("")
    return results


def verify(project: Project, store: Store, revision: Revision) -> Verified:
    """Limits, message and proof of one commit. A merge is measured and named by nobody.

    Of a commit whose parents are not here nothing is judged: it may well be old, and its author another one.
    """
    if revision.severed:
        return _untold(revision, revision.severed)
    try:
        return _judged(project, store, revision)
    except ToolError as error:  # such as an object that a partial clone cannot fetch now
        return _untold(revision, error.line())


def _untold(revision: Revision, why: str) -> Verified:
    return Verified(revision, limits.Size(0, 0, 0), Proof("error", fault=why), ())


def _judged(project: Project, store: Store, revision: Revision) -> Verified:
    changes = snapshot.changes(project.root, revision.base, revision.tree)
    generated = objects.generated(project.root, revision.tree, (change.path for change in changes))
    size = limits.measure(changes, project.config, generated)
    problems: list[Problem] = []
    if len(revision.parents) < 2:
        problems = [*limits.problems(size, project.config), *message.problems(revision.message, project.config)]
        problems += message.unfinished(revision.message)
    proof = _proof(project, store, revision)
    if project.config.tdd_mode != "warn":
        problems += proof.problems
    settings = rules.changed(project, revision.base, revision.tree, [change.path for change in changes])
    return Verified(revision, size, proof, tuple(problems), tuple(settings))


def _proof(project: Project, store: Store, revision: Revision) -> Proof:
    if project.config.tdd_mode == "off" or revision.clean_merge:
        return Proof("no-code")
    kind = "refactor" if len(revision.parents) > 1 else message.parse(revision.message).type
    try:
        return recorded(project, store, revision.base, revision.tree, kind)
    except DevtoolsError as error:
        return Proof("error", fault=error.line())


def _logged(each: Verified) -> dict[str, Any]:
    told = [*each.problems, *each.proof.warnings]
    findings = [{"path": one.path, "line": one.line, "message": f"{one.code}: {one.message}"} for one in told]
    summary = each.proof.fault or "; ".join(filter(None, [each.proof.verdict, expecting(each.proof.expectations)]))
    return {
        "name": each.head(),
        "ok": not each.problems,
        "skipped": False,
        "seconds": 0,
        "summary": summary,
        "findings": findings,
        "log": each.proof.log,
    }


def _report(project: Project, done: Sequence[Verified], run: int) -> Report:
    bad = [each for each in done if each.problems]
    faulty = [each for each in done if each.proof.fault]
    counts = Counter(each.proof.verdict for each in done)
    said = ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items()))
    problems = [
        replace(problem, message=f"{each.revision.commit[:9]}: {problem.message}")
        for each in bad
        for problem in each.problems
    ] + [Problem("tool", f"{each.revision.commit[:9]}: {each.proof.fault}") for each in faulty]
    return Report(
        "verify",
        not bad and not faulty,
        [
            Block(f"{_head(len(done), len(bad), len(faulty))}: {said}", pinned=True),
            *(_block(each) for each in done if each in bad or each in faulty),
            *(Block(f"{each.head()} {governed(each.settings)[0]}", pinned=True) for each in done if each.settings),
            *_unproven(project),
            *_warned(done),
        ],
        problems,
        {"commits": [each.to_json() for each in done], "counts": dict(counts), "run": run},
        exit_code=3 if faulty and not bad else None,
        more=f"devtools show {run}",
    )


def _unproven(project: Project) -> list[Block]:
    """Said where the settings ask for less than a proof, so that nobody takes the answer for one."""
    mode = project.config.tdd_mode
    effect = "nothing is proved" if mode == "off" else "a proof only warns"
    words = f"the mode is {mode} by the last of these commits: {effect}"
    return [Block(words, pinned=True)] if mode != "strict" else []


def _warned(done: Sequence[Verified]) -> list[Block]:
    """The weak tests of commits that hold all the same, in one line; each is in the log and in --json."""
    warnings = sum(len(each.proof.warnings) for each in done)
    commits = sum(bool(each.proof.warnings) for each in done)
    words = f"{counted(warnings, 'weak test')} in {counted(commits, 'commit')}: devtools verify --json names each"
    return [Block(words)] if warnings else []


def _head(done: int, bad: int, faulty: int) -> str:
    """How many hold, or how many do not and how many could not be told."""
    every = counted(done, "commit")
    if not bad and not faulty:
        return f"{every} {'holds' if done == 1 else 'hold'}"
    refused = [f"{bad} of {every} {'does' if bad == 1 else 'do'} not hold"] if bad else []
    untold = [f"{faulty}{'' if bad else f' of {every}'} could not be proved or refuted"] if faulty else []
    return ", ".join([*refused, *untold])


def _block(each: Verified) -> Block:
    lines = [f"  {problem.code}: {problem.message}" for problem in each.problems]
    lines += [f"  error: {each.proof.fault}"] if each.proof.fault else []
    codes = ", ".join(dict.fromkeys(problem.code for problem in each.problems)) or "error"
    return Block("\n".join([each.head(), *lines]), f"{each.head()}: {codes}")
