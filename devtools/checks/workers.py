"""Run the project's tests in workers where that is quicker, and one after the other where they do not bear it."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from devtools.runner.working_tree import TestRun, run_pytest
from devtools.selection import memory as impact
from devtools.system import state
from devtools.system.store import Store

UNFIT = "workers.json"
KEPT = 20
SECONDS = 8.0  # what tests have to take for workers to be worth their start
DEFINITIONS = 600  # where nobody knows what they take: the tests that the texts define
_TEST = re.compile(r"^\s*(?:async )?def test", re.MULTILINE)


@dataclass(frozen=True)
class Order:
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
    """Whether the tests that are due take so long that workers gain time, and nothing is known against it."""
    if _processors() < 2 or plan.collection in record.read(UNFIT):
        return False
    files, seconds = impact.due(plan, left)
    if seconds < float("inf"):
        return seconds >= SECONDS
    texts = (state.text_or_none(os.path.join(plan.project.root, path)) for path in files)
    return sum(len(_TEST.findall(text)) for text in texts) >= DEFINITIONS


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(order: Order, in_workers: bool) -> tuple[TestRun, str]:
    """Run them, and say what went wrong in workers where the tests had to run one after the other.

    A green of workers is believed where all is well in each. A red is, where a file that failed there fails alone: what
    fails only beside others must not be red here, and what passes only alone must not be green.
    """
    started = time.monotonic()
    done = _run(order, order.timeout, in_workers)
    if not done.divided or done.timed_out or _good(done):
        return done, ""
    files = _files(order.root, done)
    if files and _fails(order, files, _rest(order, started)):
        return done, ""
    alone = _run(order, _rest(order, started), False)
    return alone, files[0] if files else "the session"


def _run(order: Order, timeout: float | None, in_workers: bool) -> TestRun:
    popen = None if in_workers else order.popen
    given = (order.left, order.collect, in_workers, popen, order.tell)
    return run_pytest(order.python, order.root, (), timeout, *given)


def _rest(order: Order, started: float) -> float | None:
    """The time that is left, and a second at least."""
    return None if order.timeout is None else max(1.0, order.timeout - (time.monotonic() - started))


def _good(done: TestRun) -> bool:
    return done.whole and done.ended == 0 and not (done.failures or done.broken or done.idle or done.cut)


def _files(root: str, done: TestRun) -> list[str]:
    """The test files with a failure, in the order in which they failed."""
    files = dict.fromkeys(failure["id"].partition("::")[0] for failure in done.failures)
    return [path for path in files if os.path.isfile(os.path.join(root, path))]


def _fails(order: Order, files: Sequence[str], timeout: float | None) -> bool:
    """Whether one of the files fails where nothing runs beside it."""
    alone = run_pytest(order.python, order.root, ["-x", "--", *files], timeout)
    return alone.ended == 1 and bool(alone.failures)
