"""devtools tdd: the guided cycle, a failing test first. Its record guides; the proof at commit decides."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import click

from devtools.budget import Block
from devtools.checks import tools
from devtools.commands import tdd_words
from devtools.commands.options import shared
from devtools.commit.verdict import warned
from devtools.errors import ToolError, UsageError
from devtools.findings import Problem
from devtools.git import snapshot
from devtools.project.project import Project, load
from devtools.proof import prove as proving
from devtools.report import Report
from devtools.system import process
from devtools.system.store import Store
from devtools.tdd import cycle as steps
from devtools.tdd import restore as restoring
from devtools.tdd import store as cycling
from devtools.tdd import text as words
from devtools.tdd.cycle import Cycle


@dataclass(frozen=True)
class Work:
    """The project, with the patterns that its cycle began with, and the cycle as it stands."""

    project: Project
    cycle: Cycle
    note: str
    words: tuple[str, ...] = ()

    @property
    def root(self) -> str:
        return self.project.root

    @property
    def warns(self) -> bool:
        return self.project.config.tdd_mode == "warn"

    def notes(self) -> list[str]:
        return [self.note] if self.note else []


@dataclass(frozen=True)
class StepResult:
    """What a step saw: the tree, its problems or a fault of the tools, the witnessed tests and the log."""

    tree: str
    problems: tuple[Problem, ...] = ()
    fault: str = ""
    witnessed: tuple[str, ...] = ()
    log: str = ""
    warnings: tuple[str, ...] = ()


@click.command("tdd")
@click.argument("words", nargs=-1, metavar="[STEP | BEHAVIOUR]...")
@click.option("--reopen", is_flag=True, help="Go from green back to red, because a test is wrong.")
@shared
def command(words: Sequence[str], reopen: bool) -> Report:
    """Walk through one TDD cycle: a failing test, the code that makes it pass, the clean-up.

    \b
    start BEHAVIOUR  begin a cycle; production code is locked until a new test fails
    red              check that a new test fails for the right reason
    green            check that it passes and that no new code is untested
    refactor         check that the tests still pass after a clean-up
    done             close the cycle; the next commit records it
    abort            end the cycle and leave your files as they are
    restore [PATH]   undo changes to files that the phase locks
    status           show the phase and the next command
    log              list the past cycles with their steps
    watch            run the affected tests at every save

    Words that are no step start a cycle about them. Use - to read the words from stdin, so that quotes need no
    escaping.
    """
    name, rest = tdd_words.step(STEPS, *(tdd_words.typed() if list(words) == ["-"] else (words, reopen)))
    project = load(os.getcwd())
    cycle, note = cycling.load(project.root)
    if cycle.phase != steps.IDLE:
        # The patterns of the start, so that one which is changed in mid-cycle opens no door.
        project = replace(project, config=replace(project.config, tests=cycle.tests, source=cycle.source))
    if project.config.tdd_mode == "off":
        text = 'the mode is "off": no phases and no proof ([tool.devtools.tdd])'
        return Report("tdd", True, [Block(text, pinned=True)], data=_data(Cycle()))
    work = Work(project, cycle, note, tuple(rest))
    misplaced = steps.misplaced(cycle, name) if name in steps.STEPS else ""
    if misplaced:
        blocks = [Block(text, pinned=True) for text in (misplaced, *work.notes())]
        return Report("tdd", False, blocks, [Problem("wrong-phase", misplaced)], _data(cycle))
    return STEPS[name](work)


def _status(work: Work) -> Report:
    head = words.status(work.cycle)
    last = [work.cycle.result] if work.cycle.phase != steps.IDLE else []
    return _report(work, work.cycle, head, notes=[*last, *work.notes()])


def _log(work: Work) -> Report:
    entries = cycling.log(work.root)
    return Report("tdd", True, words.log(entries), data={"cycles": entries}, more="devtools tdd log --budget 9999")


def _start(work: Work) -> Report:
    tree, head = cycling.begin(work.project)
    after = steps.started(work.cycle, " ".join(work.words), tree, tree, head, work.project.config)
    # Without the pyright that the project configures, red, green and done passed and only the commit was refused.
    lacking = tuple(f"the commit will be refused: {reason}" for reason in tools.missing(work.project))
    return _moved(work, "start", after, words.status(after), notes=lacking)


def _red(work: Work) -> Report:
    """A new or changed test fails on the start's code for the right reason, and production is as it was."""
    cycle, project = work.cycle, work.project
    now = snapshot.worktree_tree(work.root)
    red = proving.red(project, cycle.start, now)
    problems = red.problems
    # The start stays what new tests are proved over, so a wrong test is mended without losing the proof.
    if cycle.frozen != cycle.start:  # reopened: what was written in green may stay, but not grow
        held = [each for each in problems if each.code != "production-changed"]
        changed = cycling.produced(project, cycle.frozen, now)
        said = "production code changed after you reopened the tests"
        problems = (*(Problem("production-changed", said, path=path) for path in changed), *held)
    return _judged(work, "red", StepResult(now, tuple(map(_way_back, problems)), red.fault, red.witnessed, red.log))


def _way_back(problem: Problem) -> Problem:
    if problem.code != "production-changed":
        return problem
    return replace(problem, message=f"{problem.path}: {problem.message}: devtools tdd restore takes it back")


def _reopen(work: Work) -> Report:
    after = steps.reopened(work.cycle, snapshot.worktree_tree(work.root))
    return _moved(work, "reopen", after, f"reopened: {after.behaviour}")


def _green(work: Work) -> Report:
    """The witnessed tests pass as they were written, and so do all others; no new line or function goes untested."""
    cycle, now = work.cycle, snapshot.worktree_tree(work.root)
    proof = proving.green(work.project, cycle.start, now, cycle.witnessed, cycle.seen or None)
    weak = [block.full for block in warned(proof.warnings, proof.untried)]
    return _judged(work, "green", StepResult(now, proof.problems, proof.fault, cycle.witnessed, proof.log, tuple(weak)))


def _refactor(work: Work) -> Report:
    """Tests neither changed nor failing."""
    cycle, now = work.cycle, snapshot.worktree_tree(work.root)
    said = (
        "changed: a refactoring leaves the tests as they are (new tests: devtools tdd done, then a cycle of their own)"
    )
    changed = [
        Problem("tests-tampered", f"{path} {said}", path) for path in cycling.tested(work.project, cycle.seen, now)
    ]
    proof = proving.prove(work.project, cycle.seen, now, "refactor")
    problems = tuple(changed) or proof.problems
    return _judged(work, "refactor", StepResult(now, problems, proof.fault, cycle.witnessed, proof.log))


def _done(work: Work) -> Report:
    """Close the cycle; what changed since the tests were last seen to hold is looked at first."""
    now = snapshot.worktree_tree(work.root)
    compared = (work.project, work.cycle.seen, now)
    if not work.warns and (cycling.produced(*compared) or cycling.tested(*compared)):
        refactored = _refactor(work)
        if not refactored.ok:
            return refactored
        work = replace(work, cycle=cycling.load(work.root)[0])
    after = steps.done(work.cycle)
    return _moved(
        work,
        "done",
        after,
        f"done; the next commit records {steps.trailer(after.carried)}",
        "devtools commit -m MESSAGE",
    )


def _abort(work: Work) -> Report:
    after = steps.aborted(work.cycle)
    return _moved(work, "abort", after, f"{after.result}; your files are as they were")


def _restore(work: Work) -> Report:
    """Files that the phase holds, or those of them that are named, as it holds them; what was there is kept."""
    cycle = work.cycle
    strayed = cycling.strayed(work.root, cycle)
    if strayed and cycling.moved(work.root, cycle):
        said = "HEAD moved since the cycle began, so its files cannot be restored"
        raise UsageError(said, "run devtools tdd abort, then start the cycle again")
    prefix = os.path.relpath(os.getcwd(), os.path.realpath(work.root))
    named = [os.path.normpath(os.path.join(prefix, word)) for word in work.words]
    for path in named:
        if path not in strayed:
            raise UsageError(f"nothing to restore in {path!r}", "devtools tdd restore without a path restores all")
    paths = named or strayed
    if not paths:
        return _report(work, cycle, "nothing to restore")
    kept = restoring.restore(work.root, cycle.frozen if cycle.phase == steps.RED else cycle.seen, paths)
    return _report(work, cycle, f"restored {', '.join(paths)}; what was there is kept in {kept}")


def _watch(work: Work) -> Report:
    """Run the affected tests at every save, by pytest-watch, the phase above them; until an interrupt."""
    program = work.project.program("ptw")
    if program is None:
        raise ToolError("pytest-watch is not installed", "pip install pytest-watch")
    own = f"{sys.executable} -m devtools"
    shown = ["--beforerun", f"{own} statusline < /dev/null", "--runner", f"{own} hygiene --only tests"]
    code = process.attached([program, "--quiet", "--nobeep", *shown], work.root)
    return Report("tdd", code in (0, -2, 130), exit_code=3 if code not in (0, -2, 130) else None)


STEPS: dict[str, Callable[[Work], Report]] = {
    "start": _start,
    "red": _red,
    "reopen": _reopen,
    "green": _green,
    "refactor": _refactor,
    "done": _done,
    "abort": _abort,
    "status": _status,
    "log": _log,
    "restore": _restore,
    "watch": _watch,
}


def _judged(work: Work, name: str, seen: StepResult) -> Report:
    """Go on where the step holds or the mode only warns; remember the refusal elsewhere."""
    run = Store(work.root).add_run({"command": f"tdd {name}", "checks": [_check(name, seen)]})
    if seen.fault:
        return _report(work, work.cycle, f"{name} could not run", [Problem("error", seen.fault)], run=run, exit_code=3)
    if seen.problems and not work.warns:
        after = steps.refused(work.cycle, name, [problem.code for problem in seen.problems])
        cycling.save(work.root, work.cycle, after, name, False)
        return _report(work, after, words.refusal(name, seen.problems, False), seen.problems, run=run)
    after = (
        steps.witnessed(work.cycle, seen.witnessed, seen.tree) if name == "red" else steps.passed(work.cycle, seen.tree)
    )
    cycling.save(work.root, work.cycle, after, name, True)
    if seen.problems:
        warnings = [problem.message for problem in seen.problems]
        return _report(work, after, words.refusal(name, seen.problems, True), notes=warnings, run=run)
    named = f": {words.named(seen.witnessed)}" if name == "red" else ""
    return _report(work, after, after.result + named, notes=seen.warnings, run=run)


def _check(name: str, seen: StepResult) -> dict[str, object]:
    findings = [
        {"path": each.path, "line": each.line, "code": each.code, "message": each.message} for each in seen.problems
    ]
    return {"name": name, "summary": seen.fault or f"{len(findings)} problems", "findings": findings, "log": seen.log}


def _moved(work: Work, name: str, after: Cycle, head: str, following: str = "", notes: Sequence[str] = ()) -> Report:
    cycling.save(work.root, work.cycle, after, name, True)
    return _report(work, after, head, notes=(*notes, *work.notes()), following=following)


def _report(
    work: Work,
    cycle: Cycle,
    head: str,
    problems: Sequence[Problem] = (),
    notes: Sequence[str] = (),
    run: int | None = None,
    exit_code: int | None = None,
    following: str = "",
) -> Report:
    blocks = words.step(cycle, head, problems, notes, following)
    more = f"devtools show {run}" if run else "devtools tdd status --budget 9999"
    data = _data(cycle) | ({"run": run} if run else {})
    return Report("tdd", not problems, blocks, problems, data, exit_code=exit_code, more=more)


def _data(cycle: Cycle) -> dict[str, object]:
    witnessed = list(cycle.witnessed)
    facts: dict[str, object] = {"phase": cycle.phase, "behaviour": cycle.behaviour, "cycle": cycle.number}
    return facts | {"witnessed": witnessed, "result": cycle.result, "trailer": steps.trailer(cycle.carried)}
