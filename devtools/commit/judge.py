"""Judge one commit, wherever it comes from: the one place that knows what a good commit is.

A case is the step from one tree to another under a message. `devtools commit` makes a case of what is staged, a plan
makes one of each of its steps, `devtools verify` one of each commit of a range. All are asked the same questions, in
the order of SEQUENCE; whoever asks may leave some out, and shows the verdict in its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property

from devtools.checks import inheritance, parent_findings
from devtools.commit import checks, conflicts, inspection, limits, rules
from devtools.commit import message as messages
from devtools.commit.message import Message
from devtools.commit.verdict import TOOL, Verdict
from devtools.errors import DevtoolsError
from devtools.findings import Problem
from devtools.git import draft as drafts
from devtools.git import objects, snapshot
from devtools.git.draft import Draft
from devtools.git.snapshot import Change
from devtools.project.project import Project
from devtools.proof.verdict import Proof
from devtools.system.store import Store
from devtools.wording import counted


@dataclass(frozen=True)
class Case:
    """The step from the tree `parent` to `tree`. `project` has the settings by which it is judged.

    `draft` is the copy of the index where the step is staged and not committed yet. `tell` is told what goes on.
    """

    project: Project
    store: Store
    parent: str
    tree: str
    message: Message
    draft: Draft | None = None
    tell: Callable[[str], None] | None = None

    @cached_property
    def changes(self) -> list[Change]:
        return snapshot.changes(self.project.root, self.parent, self.tree)

    @cached_property
    def size(self) -> limits.Size:
        """What counts of the changes, by the attributes that the new tree has itself."""
        # Asked for every caller alike: what devtools commit let through as generated, verify and the plan once
        # counted.
        generated = objects.generated(self.project.root, self.tree, (change.path for change in self.changes))
        return limits.measure(self.changes, self.project.config, generated)


def judge(case: Case, asked: Collection[str] | None = None) -> Verdict:
    """Ask all the questions, or those that are `asked`, and report what was found out together.

    Where nothing is staged there is nothing to look at but the repository and the message.
    """
    settings = rules.changed(case.project, case.parent, case.tree, [change.path for change in case.changes])
    verdict = Verdict(case.message.subject, case.size, settings=tuple(settings))
    empty = case.draft is not None and not case.changes
    for name, answer in SEQUENCE.items():
        if (asked is None or name in asked) and (not empty or name in ("repository", "message")):
            verdict = answer(case, verdict)
    return verdict


def _repository(case: Case, verdict: Verdict) -> Verdict:
    """Only what is staged can be in the way of git, or be nothing at all."""
    if case.draft is None:
        return verdict
    return verdict.having(*busy(case.draft.place), *([] if case.changes else [_nothing(case.draft)]))


def _message(case: Case, verdict: Verdict) -> Verdict:
    """A commit that waits for its rebase is fine until it stands in a history."""
    unfinished = [] if case.draft else messages.unfinished(case.message)
    return verdict.having(*messages.problems(case.message, case.project.config), *unfinished)


def _limits(case: Case, verdict: Verdict) -> Verdict:
    return verdict.having(*limits.problems(case.size, case.project.config))


def _conflicts(case: Case, verdict: Verdict) -> Verdict:
    places = conflicts.marked(case.project.root, case.parent, case.tree, case.changes)
    return verdict.having(*(marker(*place) for place in places))


def _checks(case: Case, verdict: Verdict) -> Verdict:
    """The checks on the snapshot, without what they found in its parent already."""
    results, run = checks.run(case.project, case.store, case.draft, case.tree, case.tell)
    results = parent_findings.new(case.project, case.parent, case.tree, results)
    return replace(verdict, results=tuple(results), run=run, notes=(*verdict.notes, *inheritance.told(results)))


def _proof(case: Case, verdict: Verdict) -> Verdict:
    """The TDD proof: mode off makes none, mode warn refuses nothing. A proof that cannot be made is a fault.

    The log of one that refuses is a run of its own where the checks have one.
    """
    mode = case.project.config.tdd_mode
    if mode == "off":
        return verdict
    proof = _proved(case, frozenset[str]().union(*(result.passed for result in verdict.results)))
    verdict = replace(verdict, proof=proof.verdict, fault=proof.fault, log=proof.log, expectations=proof.expectations)
    verdict = replace(verdict, warnings=proof.warnings, untried=proof.untried)
    fault = [Problem(TOOL, proof.fault)] if proof.fault else []
    if mode == "warn":
        reason = proof.fault or next((f"{each.code}: {each.message}" for each in proof.problems), "")
        note = [f"not proved: {reason}".replace("\n", "\\n")] if reason else []
        return replace(verdict, notes=(*note, *verdict.notes))
    if verdict.run is not None and (proof.problems or proof.fault):
        run = case.store.add_run({"command": "commit", "checks": [_logged(proof)]})
        verdict = replace(verdict, run=run if all(result.ok for result in verdict.results) else verdict.run)
    return verdict.having(*proof.problems, *fault)


# A plan asks first what needs no run of tests, so all of that stands before the checks.
SEQUENCE: dict[str, Callable[[Case, Verdict], Verdict]] = {
    "repository": _repository,
    "message": _message,
    "limits": _limits,
    "conflicts": _conflicts,
    "checks": _checks,
    "proof": _proof,
}


def _proved(case: Case, passed: Collection[str]) -> Proof:
    """`passed` are the test files that the checks have just seen pass."""
    from devtools.proof import record as proof_record  # the whole engine, which mode off has no need of

    try:
        kind = case.message.type
        return proof_record.recorded(case.project, case.store, case.parent, case.tree, kind, passed)
    except DevtoolsError as error:
        return Proof("error", fault=error.line())


def _logged(proof: Proof) -> dict[str, object]:
    found = [
        {"path": each.path, "line": each.line, "message": f"{each.code}: {each.message}"} for each in proof.problems
    ]
    words = {"name": "proof", "summary": proof.fault or proof.verdict, "findings": found, "log": proof.log}
    return {**words, "ok": False, "skipped": False, "seconds": 0}


def busy(place: drafts.Place) -> list[Problem]:
    """Report the merge, rebase or the like that git is in the middle of, and how it goes on."""
    operation = drafts.operation(place)
    return [Problem("merge-in-progress", f"{operation[0]} is in progress: {operation[1]}")] if operation else []


def marker(path: str, line: int) -> Problem:
    """Report a place with a conflict marker."""
    return Problem("conflict-markers", "a conflict was left in the file: resolve it, then stage the file", path, line)


def _nothing(draft: Draft) -> Problem:
    unsaved = len(inspection.unsaved(draft))
    way_out = "devtools commit -m MESSAGE PATH..." if unsaved else "there is no change to commit"
    could = f", {counted(unsaved, 'path')} could be" if unsaved else ""
    return Problem("nothing-staged", f"nothing is staged{could}: {way_out}")
