"""devtools commit: commit what is staged, if it is sound."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import click

from devtools.budget import Block
from devtools.commands import commit_summary
from devtools.commands.options import shared
from devtools.commit import fixes, inspection, kept_insights, message, rules, transaction
from devtools.commit import verdict as words
from devtools.commit.fixes import Fix
from devtools.commit.insights import NAME, Insight, entries, grown, into_draft
from devtools.commit.judge import Case, busy, judge
from devtools.commit.message import Message
from devtools.errors import UsageError
from devtools.findings import Problem
from devtools.git import draft as drafts
from devtools.git import index_lock, safe_process, snapshot
from devtools.git.draft import Draft, Place
from devtools.learn import trailers
from devtools.project.project import Project, load
from devtools.report import Report, progress
from devtools.system.store import Store
from devtools.tdd import cycle as cycles
from devtools.wording import counted

SHOWN_HOOK_LINES = 20


@dataclass(frozen=True)
class Options:
    """What the caller asked for; `message` is None where none was given."""

    message: Message | None
    insights: tuple[Insight, ...] = ()
    dry_run: bool = False
    paths: tuple[str, ...] = ()
    kept: tuple[Insight, ...] = ()
    fix: bool = False

    def noted(self) -> list[Insight]:
        """Return the insights, each as it goes into LEARNINGS.md, those of refused commits first."""
        return [*self.kept, *self.insights]


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
@click.option("--words", multiple=True, metavar="WORDS", help="Add words to find the insight by, not in its text.")
@click.option("--fix", is_flag=True, help="Format what you commit and apply safe lint fixes to it, before the checks.")
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
    words: Sequence[str],
    fix: bool,
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
    if plan or verify or plan_file is not None:
        return _by_plan(
            bool(messages or insights or topic or words or fix or dry_run or paths), plan, verify, plan_file
        )
    if fix and not messages:
        raise UsageError("--fix needs a message", "devtools commit -m MESSAGE --fix")
    project = load(os.getcwd())
    if len(words) > len(insights):
        raise UsageError("--words belongs to an --insight", "name one --insight for each --words, in the same order")
    text = _written(project.root, message.unescaped("\n\n".join(messages))) if messages else None
    options = Options(text, tuple(_insights(text, insights, words, topic)), dry_run, tuple(paths), fix=fix)
    grown("", options.noted())  # each has words, or nothing is begun
    place = drafts.find(project.root)
    with drafts.held(place):
        transaction.recover(place)
        _recover_plan(place)
        with drafts.opened(place) as draft:
            return _commit(project, draft, options)


def _recover_plan(place: Place) -> None:
    """Finish what a killed --apply left: commits without their index, which would take them back."""
    if os.path.exists(os.path.join(place.gitdir, "devtools-apply")):
        from devtools.plan import apply as chain  # with all that reads a plan: loaded only here

        chain.recover(place)


def _by_plan(more: bool, plan: bool, verify: bool, plan_file: str | None) -> Report:
    """All that has to do with plans is in a module of its own, loaded only here."""
    if more or (plan and plan_file is not None):
        raise UsageError("--plan and --apply stand alone", "without a message, insights, --dry-run and paths")
    if verify and not plan and plan_file is None:
        raise UsageError("--verify needs --plan or --apply", "devtools commit --plan --verify")
    from devtools.commands import commit_plan

    return commit_plan.plan(verify) if plan_file is None else commit_plan.apply(plan_file, verify)


def _insights(written: Message | None, insights: Sequence[str], words: Sequence[str], topic: str) -> list[Insight]:
    """The insights that were given, and those that stand in the message as trailers, each once."""
    topic = message.unescaped(topic)
    found: dict[str, Insight] = {}
    # The client's shell tool writes ! as a backslash and !, and `x != y` went damaged into the history.
    for text, said in zip_longest(map(message.unescaped, insights), map(message.unescaped, words), fillvalue=""):
        found[text] = (text, topic, *([f"{trailers.WORDS}: {said}"] if said.strip() else []))
    for entry in trailers.read(f"{key}: {value}" for key, value in written.trailers) if written else ():
        below = [f"{key}: {value}" for key, value in trailers.written([replace(entry, topic="")])[1:]]
        found.setdefault(entry.text, (entry.text, topic or entry.topic, *below))
    default = topic or next(iter(written.values(trailers.TOPIC) if written else ()), "")
    return [(text, under or default, *below) for text, under, *below in found.values()]


def _written(root: str, text: str) -> Message:
    """Parse the message as git will store it, with the person's settings for comments."""
    lines = safe_process.git(root, "config", "--get-regexp", r"^(commit\.cleanup|core\.commentchar)$").out.splitlines()
    settings = dict(line.split(" ", 1) for line in lines if " " in line)
    sign = settings.get("core.commentchar", "#") if settings.get("commit.cleanup") == "strip" else ""
    return message.parse(text, "" if sign == "auto" else sign)


def _commit(project: Project, draft: Draft, options: Options) -> Report:
    """The commit, with the insights of commits that were refused before; where this one is refused, all are kept."""
    store = Store(project.root)
    if options.message is None or options.dry_run:
        return _tried(project, store, draft, options)
    # Kept before the checks, because an insight was lost with the refusal of its commit.
    kept = kept_insights.keep(store, project.root, options.noted())
    options = replace(options, kept=tuple(kept[: len(kept) - len(options.insights)]))
    report = _tried(project, store, draft, options)
    if report.ok:
        kept_insights.drop(store)
    elif kept:
        them = "it" if len(kept) == 1 else "them"
        line = Block(
            f"{counted(len(kept), 'insight')} kept: the next commit carries {them}, or devtools learn add TEXT"
        )
        report = replace(report, blocks=[*report.blocks, line])
    return report


def _tried(project: Project, store: Store, draft: Draft, options: Options) -> Report:
    try:
        staged = draft.tree()
    except UsageError as error:
        return _unmerged(project, draft, options, error)
    if options.paths:
        drafts.stage(draft, os.getcwd(), options.paths)
    here, project = project.config, rules.of_snapshot(project, draft.tree())
    if options.message is None:
        return commit_summary.report(project, draft, busy(draft.place))
    # Before the checks: with the index locked by another git, the refusal came only after all of them had run.
    locked = "" if options.dry_run else index_lock.awaited(draft.place.index)
    if locked:  # said before minutes of checks
        return _git_refusal(words.Verdict(options.message.subject), (locked,), ())
    parent = draft.head.tree or snapshot.EMPTY_TREE
    case = Case(project, store, parent, draft.tree(), options.message, draft, progress)
    fixed, unfixed = fixes.into_draft(case, draft) if options.fix else ((), "")
    verdict = judge(replace(case, tree=draft.tree()))
    verdict = replace(verdict, waiting=tuple(rules.waiting(project.config, here)), unfixed=unfixed)
    verdict = _with_fixes(verdict, options, draft, fixed, committed=False)
    if verdict.all_problems():
        return _refusal(verdict)
    if options.dry_run:
        into_draft(draft, options.noted())
        return _report(options, verdict, "")
    return _made(case, draft, options, verdict, staged, fixed)


def _with_fixes(
    verdict: words.Verdict, options: Options, draft: Draft, fixed: Sequence[Fix], committed: bool
) -> words.Verdict:
    if not options.fix:
        return verdict
    left = fixes.left(draft.place, fixed, committed)
    return replace(verdict, fixed=tuple(fix.path for fix in fixed), left=tuple(left))


def _made(
    case: Case, draft: Draft, options: Options, verdict: words.Verdict, staged: str, fixed: Sequence[Fix]
) -> Report:
    """Make the commit, and let the guided cycle know that it has told of its tests."""
    cycle, tests = _cycle(case)
    said = [
        *trailers.written(entries(options.noted())),
        *_cycle_trailer(tests),
        *words.expecting_trailer(verdict.expectations),
    ]
    text = message.with_trailers(case.message.text, said)
    tree, stamps = draft.tree(), inspection.stamps(draft) if inspection.hooked(draft) else None
    made = transaction.commit(draft, text, staged, options.noted(), fixes=fixed)
    if made.refusal:
        mended = [] if stamps is None else inspection.mended(draft, tree, stamps)
        own = (NAME,) if options.noted() else ()
        return _git_refusal(verdict, made.refusal, [path for path in mended if path not in own])
    if tests:
        from devtools.tdd import store as cycling

        cycling.save(draft.place.root, cycle, cycles.committed(cycle, tests), "commit", True)
    verdict = _with_fixes(verdict, options, draft, fixed, committed=True)
    return _report(options, replace(verdict, notes=tuple(filter(None, [*verdict.notes, made.note]))), made.commit)


def _unmerged(project: Project, draft: Draft, options: Options, error: UsageError) -> Report:
    """Refuse an index that holds conflicts: it has no tree that could be judged."""
    found = busy(draft.place) or [Problem("merge-in-progress", error.line())]
    faults = message.problems(options.message, project.config) if options.message else []
    return _refusal(words.Verdict(options.message.subject if options.message else "", problems=(*found, *faults)))


def _cycle(case: Case) -> tuple[cycles.Cycle, tuple[str, ...]]:
    """Return the guided cycle, and the tests of finished ones that this commit tells of; none where it is malformed."""
    try:
        cycle = cycles.cycle_of(case.project.root)
    except ValueError:
        return cycles.Cycle(), ()
    return cycle, cycles.told(cycle, [path for change in case.changes for path in (change.path, change.old_path)])


def _cycle_trailer(tests: tuple[str, ...]) -> list[tuple[str, str]]:
    """What finished cycles have to say in this commit."""
    key, _, value = cycles.trailer(tests).partition(": ")
    return [(key, value)] if key else []


def _refusal(verdict: words.Verdict) -> Report:
    run = verdict.run
    return Report(
        "commit",
        False,
        words.refusal(verdict),
        verdict.all_problems(),
        verdict.to_json() | {"run": run},
        exit_code=3 if verdict.faulty() else None,
        more=f"devtools show {run}" if run else "devtools commit --budget 9999",
    )


def _git_refusal(verdict: words.Verdict, said: tuple[str, ...], mended: Sequence[str]) -> Report:
    """git or a hook said no, in its own words, the one that says most first.

    What a hook has changed stays, as in git, and is named.
    """
    reason = words.gits_reason(said)
    left = words.mended(mended)
    problem = Problem("git-refused", f"{reason}; {left}" if left else reason)
    lines = [Block(f"refused by git or a hook: {reason}; {left or 'nothing changed'}", pinned=True)]
    lines += [Block(line) for line in [line for line in said if line != reason][-SHOWN_HOOK_LINES:]]
    data = verdict.to_json() | {"run": verdict.run, "said": list(said), "mended": list(mended)}
    return Report("commit", False, lines, [problem], data)


def _report(options: Options, verdict: words.Verdict, commit: str) -> Report:
    data = {
        "commit": commit or None,
        **verdict.to_json(),
        "insights": [text for text, *_ in options.noted()],
        "run": verdict.run,
    }
    lines = [words.success(verdict, commit), *words.warned(verdict.warnings, verdict.untried)]
    return Report("commit", True, lines, data=data)
