"""devtools commit: commit what is staged, if it is sound."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

import click

from devtools.budget import Block
from devtools.checks import inheritance as inherited
from devtools.checks import parent_findings
from devtools.commands import commit_summary
from devtools.commands.options import shared
from devtools.commit import checks as snapshot_checks
from devtools.commit import inspection, kept_insights, limits, message, rules
from devtools.commit import transaction as committing
from devtools.commit import verdict as words
from devtools.commit.insights import NAME, Insight, into_draft
from devtools.errors import UsageError
from devtools.findings import Problem
from devtools.git import draft as drafts
from devtools.git import index_lock, snapshot
from devtools.git.draft import Draft, Place
from devtools.project.project import Project, load
from devtools.proof import gate as commit_proof
from devtools.report import Report
from devtools.system.store import Store
from devtools.tdd import cycle as cycles
from devtools.wording import counted

SHOWN_HOOK_LINES = 20


@dataclass(frozen=True)
class Order:
    """What the caller asked for; `text` is None where no message was given."""

    text: str | None
    insights: tuple[str, ...] = ()
    topic: str = ""
    dry_run: bool = False
    paths: tuple[str, ...] = ()
    kept: tuple[Insight, ...] = ()

    def noted(self) -> list[Insight]:
        """The insights, each with the topic under which it goes into LEARNINGS.md, those of refused commits first."""
        return [*self.kept, *((text, self.topic) for text in self.insights)]


@click.command("commit")
@click.option(
    "-m",
    "--message",
    "messages",
    multiple=True,
    metavar="MESSAGE",
    help="Set the message. Repeat it to add a paragraph.",
)
@click.option(
    "--insight", "insights", multiple=True, metavar="TEXT", help="Record what you learned. You may repeat it."
)
@click.option("--topic", default="", metavar="NAME", help="Put insights under this heading of LEARNINGS.md.")
@click.option("--dry-run", is_flag=True, help="Run all checks without committing.")
@click.option("--plan", is_flag=True, help="Show all uncommitted changes as an ordered list of small commits.")
@click.option("--verify", is_flag=True, help="Test each step of --plan, or check and prove each commit of --apply.")
@click.option("--apply", "plan_file", metavar="PLAN.json", help="Make all commits of a plan, or none of them.")
@click.argument("paths", nargs=-1)
@shared
def command(
    messages: Sequence[str],
    insights: Sequence[str],
    topic: str,
    dry_run: bool,
    plan: bool,
    verify: bool,
    plan_file: str | None,
    paths: Sequence[str],
) -> Report:
    """Commit what is staged. If you name PATHS, stage exactly those first.

    Checks the repository, the message, the limits and conflict markers, then lint, format, types, tests and the TDD
    proof. They run on the snapshot to be committed, not on your working tree. If it refuses, your index and your files
    stay as they were. Without a message, it shows what is staged and how to go on.
    """
    order = _order(messages, insights, topic, dry_run, paths)
    if plan or verify or plan_file is not None:
        return _by_plan(order, plan, verify, plan_file)
    project = load(os.getcwd())
    place = drafts.find(project.root)
    with drafts.held(place):
        committing.recover(place, _add)
        _recover_plan(place)
        with drafts.opened(place) as draft:
            return _commit(project, draft, order)


def _recover_plan(place: Place) -> None:
    """Finish what a killed --apply left: commits without their index, which would take them back."""
    if os.path.exists(os.path.join(place.gitdir, "devtools-apply")):
        from devtools.plan import apply as chain  # with all that reads a plan: loaded only here

        chain.recover(place)


def _by_plan(order: Order, plan: bool, verify: bool, plan_file: str | None) -> Report:
    """All that has to do with plans is in a module of its own, loaded only here."""
    if order != Order(None) or (plan and plan_file is not None):
        raise UsageError("--plan and --apply stand alone", "without a message, insights, --dry-run and paths")
    if verify and not plan and plan_file is None:
        raise UsageError("--verify needs --plan or --apply", "devtools commit --plan --verify")
    from devtools.commands import commit_plan

    return commit_plan.plan(verify) if plan_file is None else commit_plan.apply(plan_file, verify)


def _order(messages: Sequence[str], insights: Sequence[str], topic: str, dry_run: bool, paths: Sequence[str]) -> Order:
    """Insights may stand in the message as trailers too. UsageError for one without words."""
    text = message.unescaped("\n\n".join(messages)) if messages else None
    insights, topic = [message.unescaped(each) for each in insights], message.unescaped(topic)
    written = message.parse(text or "")
    topic = topic or (written.values("Topic") or [""])[0]
    order = Order(text, tuple(dict.fromkeys([*insights, *written.values("Insight")])), topic, dry_run, tuple(paths))
    _add("", order.noted())
    return order


def _add(text: str, insights: Sequence[Insight]) -> str:
    from devtools.learn import markdown as learnings

    return learnings.add(text, [learnings.Entry(words, topic) for words, topic in insights])


def _commit(project: Project, draft: Draft, order: Order) -> Report:
    """The commit, with the insights of commits that were refused before; where this one is refused, all are kept."""
    store = Store(project.root)
    if order.text is None or order.dry_run:
        return _tried(project, store, draft, order)
    kept = kept_insights.keep(store, project.root, order.noted())
    order = replace(order, kept=tuple(kept[: len(kept) - len(order.insights)]))
    report = _tried(project, store, draft, order)
    if report.ok:
        kept_insights.drop(store)
    elif kept:
        them = "it" if len(kept) == 1 else "them"
        line = Block(
            f"{counted(len(kept), 'insight')} kept: the next commit carries {them}, or devtools learn add TEXT"
        )
        report = replace(report, blocks=[*report.blocks, line])
    return report


def _tried(project: Project, store: Store, draft: Draft, order: Order) -> Report:
    found = _state(draft.place)
    try:
        staged = draft.tree()
    except UsageError as error:
        unmerged = Problem("merge-in-progress", error.line())
        faults = [] if order.text is None else _message(draft, project, order)
        return _refusal(words.Verdict(_subject(order), problems=(*(found or [unmerged]), *faults)))
    if order.paths:
        drafts.stage(draft, os.getcwd(), order.paths)
    here, project = project.config, rules.of_snapshot(project, draft.tree())
    if order.text is None:
        return commit_summary.report(project, draft, found)
    locked = "" if order.dry_run else index_lock.awaited(draft.place.index)
    if locked:  # said before minutes of checks
        return _git_refusal(words.Verdict(_subject(order)), (locked,), None, ())
    verdict, run = _judge(project, store, draft, order, found)
    verdict = replace(verdict, waiting=tuple(rules.waiting(project.config, here)))
    if verdict.all_problems():
        return _refusal(verdict, run)
    if order.dry_run:
        into_draft(draft, order.noted(), _add)
        return _report(order, verdict, "", run)
    cycle, tests = _cycle(draft)
    said = [*_trailers(order), *_cycle_trailer(tests), *words.expecting_trailer(verdict.expectations)]
    text = message.with_trailers(order.text or "", said)
    tree, stamps = draft.tree(), inspection.stamps(draft) if inspection.hooked(draft) else None
    made = committing.commit(draft, text, staged, order.noted(), _add)
    if made.refusal:
        mended = [] if stamps is None else inspection.mended(draft, tree, stamps)
        own = (NAME,) if order.noted() else ()
        return _git_refusal(verdict, made.refusal, run, [path for path in mended if path not in own])
    if tests:
        from devtools.tdd import store as cycling

        cycling.save(project.root, cycle, cycles.committed(cycle, tests), "commit", True)
    return _report(order, replace(verdict, notes=tuple(filter(None, [*verdict.notes, made.note]))), made.commit, run)


def _judge(
    project: Project, store: Store, draft: Draft, order: Order, found: list[Problem]
) -> tuple[words.Verdict, int | None]:
    """All that is wrong with the draft, and the number of the run that has the log of its checks."""
    tree = draft.tree()
    changes = snapshot.changes(project.root, draft.head.tree or snapshot.EMPTY_TREE, tree)
    found = [*found, *([] if changes else [_nothing(draft)]), *_message(draft, project, order)]
    if not changes:
        return words.Verdict(_subject(order), problems=tuple(found)), None
    generated = inspection.generated(draft, [change.path for change in changes])
    size = limits.measure(changes, project.config, generated)
    found += limits.problems(size, project.config)
    found += [commit_summary.marker(*place) for place in inspection.conflicts(draft, changes)]
    parent = draft.head.tree or snapshot.EMPTY_TREE
    results, run = snapshot_checks.run(project, store, draft, tree)
    results = parent_findings.new(project, parent, tree, results)
    kind = message.parse(_stored(draft, order)).type
    passed = frozenset[str]().union(*(result.passed for result in results))
    proof = commit_proof.judge(project, store, parent, tree, kind, passed)
    found += [*proof.problems, *([Problem(words.TOOL, proof.fault)] if proof.fault else [])]
    notes = (*filter(None, [proof.note]), *inherited.told(results))
    facts = (size, tuple(found), tuple(results), proof.verdict, notes, proof.warnings, proof.untried)
    settings = rules.changed(project, parent, tree, [change.path for change in changes])
    verdict = words.Verdict(_subject(order), *facts, proof.expectations, tuple(settings))
    return verdict, proof.run if proof.run and all(result.ok for result in results) else run


def _state(place: Place) -> list[Problem]:
    operation = drafts.operation(place)
    if operation is None:
        return []
    return [Problem("merge-in-progress", f"{operation[0]} is in progress: {operation[1]}")]


def _message(draft: Draft, project: Project, order: Order) -> list[Problem]:
    return message.problems(_stored(draft, order), project.config)


def _stored(draft: Draft, order: Order) -> str:
    """Return the message as git will store it, with the person's settings for comments."""
    lines = draft.git("config", "--get-regexp", r"^(commit\.cleanup|core\.commentchar)$").out.splitlines()
    settings = dict(line.split(" ", 1) for line in lines if " " in line)
    sign = settings.get("core.commentchar", "#") if settings.get("commit.cleanup") == "strip" else ""
    return message.cleaned(order.text or "", "" if sign == "auto" else sign)


def _nothing(draft: Draft) -> Problem:
    unsaved = len(inspection.unsaved(draft))
    way_out = "devtools commit -m MESSAGE PATH..." if unsaved else "there is no change to commit"
    could = f", {counted(unsaved, 'path')} could be" if unsaved else ""
    return Problem("nothing-staged", f"nothing is staged{could}: {way_out}")


def _subject(order: Order) -> str:
    return message.parse(order.text or "").subject


def _trailers(order: Order) -> list[tuple[str, str]]:
    topics = [topic for _, topic in order.noted() if topic]
    return [*(("Insight", text) for text, _ in order.noted()), ("Topic", order.topic or "".join(topics[:1]))]


def _cycle(draft: Draft) -> tuple[cycles.Cycle, tuple[str, ...]]:
    """The guided cycle, and those tests of finished ones that this commit tells of; none where it is malformed."""
    root = draft.place.root
    try:
        cycle = cycles.cycle_of(root)
    except ValueError:
        return cycles.Cycle(), ()
    if not cycle.carried:
        return cycle, ()
    changed = snapshot.changes(root, draft.head.tree or snapshot.EMPTY_TREE, draft.tree())
    return cycle, cycles.told(cycle, [path for change in changed for path in (change.path, change.old_path)])


def _cycle_trailer(tests: tuple[str, ...]) -> list[tuple[str, str]]:
    """What finished cycles have to say in this commit."""
    key, _, value = cycles.trailer(tests).partition(": ")
    return [(key, value)] if key else []


def _refusal(verdict: words.Verdict, run: int | None = None) -> Report:
    return Report(
        "commit",
        False,
        words.refusal(verdict),
        verdict.all_problems(),
        verdict.to_json() | {"run": run},
        exit_code=3 if verdict.faulty() else None,
        more=f"devtools show {run}" if run else "devtools commit --budget 9999",
    )


def _git_refusal(verdict: words.Verdict, said: tuple[str, ...], run: int | None, mended: Sequence[str]) -> Report:
    """git or a hook said no, in its own words, the one that says most first.

    What a hook has changed stays, as in git, and is named.
    """
    reason = words.gits_reason(said)
    left = words.mended(mended)
    problem = Problem("git-refused", f"{reason}; {left}" if left else reason)
    lines = [Block(f"refused by git or a hook: {reason}; {left or 'nothing changed'}", pinned=True)]
    lines += [Block(line) for line in [line for line in said if line != reason][-SHOWN_HOOK_LINES:]]
    data = verdict.to_json() | {"run": run, "said": list(said), "mended": list(mended)}
    return Report("commit", False, lines, [problem], data)


def _report(order: Order, verdict: words.Verdict, commit: str, run: int | None) -> Report:
    data = {"commit": commit or None, **verdict.to_json(), "insights": [text for text, _ in order.noted()], "run": run}
    lines = [words.success(verdict, commit), *words.warned(verdict.warnings, verdict.untried)]
    return Report("commit", True, lines, data=data)
