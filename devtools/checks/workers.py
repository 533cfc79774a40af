"""Run the project's tests in workers where that is quicker, and one after the other where they do not bear it."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from devtools.runner.impacts import repeated
from devtools.runner.working_tree import TestRun, run_pytest
from devtools.selection import memory as impact
from devtools.system import state
from devtools.system.store import Store

UNFIT = "workers.json"
KEPT = 20
# The 472 tests of boltons took 4.2 to 5.1 s of processor time in one process, and 7.1 to 9.5 s with -n auto on two.
SECONDS = 8.0  # what tests have to take for workers to be worth their start
DEFINITIONS = 600  # where nobody knows what they take: the tests that the texts define
_TEST = re.compile(r"^\s*(?:async )?def test", re.MULTILINE)


@dataclass(frozen=True)
class Workload:
    """A run of the project's tests: the files that are left out, whether they are collected, and a limit of time.

    `popen` starts it where it needs no workers. `tell` is told how far it has come.
    """

    python: str
    root: str
    left: Collection[str]
    collect: bool
    timeout: float | None = None
    popen: Callable[..., subprocess.Popen[bytes]] | None = None
    tell: Callable[[str], None] | None = None


def worth(plan: impact.Plan, record: Store, left: Collection[str]) -> bool:
    """Return whether the tests that are due take so long that workers gain time, and nothing is known against it."""
    if _processors() < 2 or plan.collection in record.read(UNFIT):
        return False
    files, seconds = impact.due(plan, left)
    if seconds < float("inf"):
        return seconds >= SECONDS
    texts = (state.text_or_none(os.path.join(plan.project.root, path)) for path in files)
    return sum(len(_TEST.findall(text)) for text in texts) >= DEFINITIONS


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(load: Workload, in_workers: bool) -> tuple[TestRun, str]:
    """Run them, and say what went wrong in workers where all tests had to run one after the other.

    A green of workers is believed where all is well in each. Of a red, the files with a failure run again, alone. Where
    they pass, what their worker ran before them runs again in front of them, so that a state which one file leaves to
    the next is no green. The rest has its result already.
    """
    started = time.monotonic()
    done = _run(load, load.timeout, in_workers)
    if not done.divided or done.timed_out or _good(done):
        return done, ""
    # One flaky test once made the whole suite run a second time in one process: 15 minutes for this repository.
    files = _files(load.root, done)
    if files and (not done.impact or not _answers_for_itself(done, files)):
        again = run_pytest(load.python, load.root, ["-x", "--", *files], _rest(load, started))
        if again.failures and again.ended == 1:
            return done, ""
    elif files:
        again = run_pytest(load.python, load.root, ["--", *files], _rest(load, started), ())
        if not _good(again):
            return replace(done, beside=_passing(done, again)), ""
        if again.impact and _same_tests(done, again, files):
            return _repeated(load, done, again, files, started), ""
    alone = _run(load, _rest(load, started), False)
    return alone, files[0] if files else "the session"


def _answers_for_itself(done: TestRun, files: Sequence[str]) -> bool:
    """Whether the failures of these files are all that kept a run in workers from being green."""
    doubts = done.crashed, done.idle, done.cut, done.replaced, done.internal, done.weighed
    named = {failure["id"].partition("::")[0] for failure in done.failures}
    return done.whole and done.ended == 1 and not any(doubts) and named <= {*files}


def _passing(done: TestRun, again: TestRun) -> tuple[str, ...]:
    """Return the tests that failed in workers and passed alone, where the second run came to its end."""
    failed = {failure["id"] for failure in again.failures}
    names = dict.fromkeys(failure["id"] for failure in done.failures)
    return tuple(name for name in names if name not in failed) if again.whole and again.ended == 1 else ()


def _same_tests(done: TestRun, again: TestRun, files: Sequence[str]) -> bool:
    tests = done.impact["tests"] if done.impact else {}
    return again.selected == sum(int(tests.get(path, {"total": 0})["total"]) for path in files)


def _repeated(load: Workload, done: TestRun, again: TestRun, files: Sequence[str], started: float) -> TestRun:
    """Return the run with the later results of these files; the run as it was where one fails behind another again."""
    for share in done.shares:
        last = max((place for place, path in enumerate(share) if path in files), default=0)
        if any(path not in files for path in share[:last]):
            behind = run_pytest(load.python, load.root, ["--", *share[: last + 1]], _rest(load, started))
            if not _good(behind):
                return done
    assert done.impact is not None
    assert again.impact is not None
    before = [done.impact["tests"][path] for path in files]
    counts = {name: done.counts[name] + again.counts[name] for name in ("passed", "skipped")}
    counts = {name: number - sum(each[name] for each in before) for name, number in counts.items()}
    names = dict.fromkeys(failure["id"] for failure in done.failures)
    return replace(
        done,
        code=0,
        ended=0,
        broken=0,
        failures=[],
        counts={**counts, "failed": 0, "errors": 0},
        impact=repeated(done.impact, again.impact),
        beside=tuple(names),
    )


def _run(load: Workload, timeout: float | None, in_workers: bool) -> TestRun:
    popen = None if in_workers else load.popen
    given = (load.left, load.collect, in_workers, popen, load.tell)
    return run_pytest(load.python, load.root, (), timeout, *given)


def _rest(load: Workload, started: float) -> float | None:
    """The time that is left, and a second at least."""
    return None if load.timeout is None else max(1.0, load.timeout - (time.monotonic() - started))


def _good(done: TestRun) -> bool:
    return done.whole and done.ended == 0 and not (done.failures or done.broken or done.idle or done.cut)


def _files(root: str, done: TestRun) -> list[str]:
    """The test files with a failure, in the order in which they failed."""
    files = dict.fromkeys(failure["id"].partition("::")[0] for failure in done.failures)
    return [path for path in files if os.path.isfile(os.path.join(root, path))]
