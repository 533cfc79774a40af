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
from devtools.commit import message, rules
from devtools.commit.judge import Case, judge
from devtools.commit.verdict import TOOL, Verdict, expecting, governed
from devtools.errors import ToolError, UsageError
from devtools.findings import Problem
from devtools.git.revisions import Revision, default_range, revisions
from devtools.project.project import Project, load
from devtools.proof.verdict import Proof
from devtools.report import Report, progress
from devtools.system.store import Store
from devtools.wording import counted


@dataclass(frozen=True)
class Verified:
    """One commit and what was found out about it."""

    revision: Revision
    verdict: Verdict

    @property
    def problems(self) -> list[Problem]:
        """What speaks against the commit; that it could not be proved does not."""
        return [problem for problem in self.verdict.problems if problem.code != TOOL]

    @property
    def tdd(self) -> str:
        return self.verdict.proof or "no-code"

    def to_json(self) -> dict[str, Any]:
        verdict, size = self.verdict, self.verdict.size
        optional = {
            "warnings": [each.to_json() for each in verdict.warnings],
            "untried": verdict.untried,
            "expectations": list(verdict.expectations),
            "settings": list(verdict.settings),
            "fault": verdict.fault,
        }
        return {
            "commit": self.revision.commit,
            "subject": self.revision.subject,
            "files": size.files,
            "added": size.added,
            "deleted": size.deleted,
            "tdd": self.tdd,
            "problems": [problem.to_json() for problem in self.problems],
            **{name: value for name, value in optional.items() if value},
        }

    def red(self) -> list[dict[str, str]]:
        """Return which tests failed on the parent's code for the right reason, and what they said there."""
        pairs = Proof(self.tdd, log=self.verdict.log).reds()
        return [{"test": test, "message": words} for test, words in pairs]

    def head(self) -> str:
        return f"{self.revision.commit[:9]} {self.revision.subject}"


@click.command("verify")
@click.argument("span", metavar="[RANGE]", default="")
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Prove this many commits at once."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "github"]),
    default="text",
    help="Write annotations and a job summary for GitHub.",
)
@click.option("--shard", default="", metavar="I/N", help="Prove only every N-th commit, from the I-th on.")
@click.option(
    "--merge",
    "answers",
    multiple=True,
    metavar="PATH",
    help="Put the answers of the shards together: files or a folder.",
)
@shared
def command(span: str, jobs: int, style: str, shard: str, answers: Sequence[str]) -> Report:
    """Prove every commit of RANGE, by default the commits not yet on the upstream or default branch.

    The settings of the last commit apply to all of them. Results are kept, so that a second run is fast.

    In CI, several machines can share a range. Each runs verify RANGE --shard I/N --json > I.json. The last one has all
    these files and runs verify RANGE --merge FOLDER. A commit that no shard has told of does not hold.
    """
    if shard and answers:
        raise UsageError("--shard proves, and --merge puts together what was proved", "give one of them")
    project = load(os.getcwd())
    store = Store(project.root)
    span = span or default_range(project.root)
    found = revisions(project.root, span) if span else []
    if not found:
        words = f"nothing to verify: no commit in {span or 'a range'}; name one, such as HEAD~5..HEAD"
        return Report("verify", True, [Block(words, pinned=True)], data={"commits": [], "counts": {}})
    # Not the working tree's: an uncommitted mode = "off" proved nothing, and said nothing of it.
    project = rules.of_snapshot(project, found[-1].tree)
    done = (
        _shared(project, store, found, jobs, shard, answers) if shard or answers else _all(project, store, found, jobs)
    )
    run = store.add_run({"command": "verify", "checks": [_logged(each) for each in done]})
    report = _report(project, done, run)
    return _with_evidence(report, done, style) if style == "github" or shard else report


def _shared(
    project: Project, store: Store, found: Sequence[Revision], jobs: int, shard: str, answers: Sequence[str]
) -> list[Verified]:
    """One shard of the commits, proved here; or all of them, as the shards have told of them."""
    from devtools.commands import verify_shards as shards

    if shard:
        return _all(project, store, shards.share(found, shard), jobs)
    return [Verified(revision, verdict) for revision, verdict in shards.merged(found, answers)]


def _with_evidence(report: Report, done: Sequence[Verified], style: str) -> Report:
    """The report with the red evidence; for GitHub an annotation for each problem, and a summary where it says."""
    from devtools.commands import verify_github as github

    entries = [{**each.to_json(), "red": each.red()} for each in done]
    if style != "github":
        return replace(report, data={**report.data, "commits": entries})
    github.write(entries)
    lines = [Block(line, pinned=True) for line in github.annotate(entries)]
    return replace(report, blocks=[*report.blocks, *lines], data={**report.data, "commits": entries})


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
    """Judge one commit by its limits, its message and its proof. Nobody has measured or named a merge.

    Of a commit whose parents are not here nothing is judged: it may well be old, and its author another one.
    """
    if revision.severed:
        return _untold(revision, revision.severed)
    written = message.parse(revision.message)
    if len(revision.parents) > 1:  # it has to preserve what it brings together, whatever its message says
        written = replace(written, type="refactor")
    try:
        verdict = judge(Case(project, store, revision.base, revision.tree, written), _asked(revision))
    except ToolError as error:  # such as an object that a partial clone cannot fetch now
        return _untold(revision, error.line())
    return Verified(revision, verdict)


def _asked(revision: Revision) -> Sequence[str]:
    """Which questions a commit of a history has to answer."""
    if len(revision.parents) < 2:
        return ("message", "limits", "proof")
    return () if revision.clean_merge else ("proof",)


def _untold(revision: Revision, why: str) -> Verified:
    return Verified(revision, Verdict(revision.subject, proof="error", fault=why))


def _logged(each: Verified) -> dict[str, Any]:
    told = [*each.problems, *each.verdict.warnings]
    findings = [{"path": one.path, "line": one.line, "message": f"{one.code}: {one.message}"} for one in told]
    summary = each.verdict.fault or "; ".join(filter(None, [each.tdd, expecting(each.verdict.expectations)]))
    return {
        "name": each.head(),
        "ok": not each.problems,
        "skipped": False,
        "seconds": 0,
        "summary": summary,
        "findings": findings,
        "log": each.verdict.log,
    }


def _report(project: Project, done: Sequence[Verified], run: int) -> Report:
    bad = [each for each in done if each.problems]
    faulty = [each for each in done if each.verdict.fault]
    counts = Counter(each.tdd for each in done)
    said = ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items()))
    problems = [
        replace(problem, message=f"{each.revision.commit[:9]}: {problem.message}")
        for each in bad
        for problem in each.problems
    ] + [Problem("tool", f"{each.revision.commit[:9]}: {each.verdict.fault}") for each in faulty]
    return Report(
        "verify",
        not bad and not faulty,
        [
            Block(f"{_head(len(done), len(bad), len(faulty))}: {said}", pinned=True),
            *(_block(each) for each in done if each in bad or each in faulty),
            *(
                Block(f"{each.head()} {governed(each.verdict.settings)[0]}", pinned=True)
                for each in done
                if each.verdict.settings
            ),
            *_unproven(project),
            *_warned(done),
        ],
        problems,
        {"commits": [each.to_json() for each in done], "counts": dict(counts), "run": run},
        exit_code=3 if faulty and not bad else None,
        more=f"devtools show {run}",
    )


def _governed(done: Sequence[Verified]) -> list[Block]:
    """Name the commits that change the rules by which commits are judged."""
    rules_of = [(each.head(), governed(each.verdict.settings)) for each in done]
    return [Block(f"{head} {line}", pinned=True) for head, lines in rules_of for line in lines]


def _unproven(project: Project) -> list[Block]:
    """Said where the settings ask for less than a proof, so that nobody takes the answer for one."""
    mode = project.config.tdd_mode
    effect = "nothing is proved" if mode == "off" else "a proof only warns"
    words = f"the mode is {mode} by the last of these commits: {effect}"
    return [Block(words, pinned=True)] if mode != "strict" else []


def _warned(done: Sequence[Verified]) -> list[Block]:
    """The weak tests of commits that hold all the same, in one line; each is in the log and in --json."""
    warnings = sum(len(each.verdict.warnings) for each in done)
    commits = sum(bool(each.verdict.warnings) for each in done)
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
    lines += [f"  error: {each.verdict.fault}"] if each.verdict.fault else []
    codes = ", ".join(dict.fromkeys(problem.code for problem in each.problems)) or "error"
    return Block("\n".join([each.head(), *lines]), f"{each.head()}: {codes}")
