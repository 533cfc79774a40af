"""Tries mutants of changed code, each in a fork of the process that has everything imported.

Standard library only; loaded by path beside sitecustomize.py. The quickest of the tests that run the mutant's place
run first. A mutant is noticed by a test that fails, by a crash and by a hang. What the budget did not allow is told.
"""

from __future__ import annotations

import os
import resource
import time
from typing import Any

IMPOSSIBLE = 77
PATIENCE = 1.0
MEMORY = 8 << 30  # bytes of address space


def run(recorder: Any, items: list[Any]) -> None:
    """Try the spec's mutants in their order: for each, whether a test noticed it; None where it was not tried."""
    spec, hook = recorder.spec, recorder.hook
    wanted = spec.get("mutants") or []
    if not wanted:
        return
    mutation = hook.beside("mutation")
    paths = [os.path.join(spec["root"], each["path"]) for each in wanted]
    known = mutation.functions(paths)
    by_id = {item.nodeid: item for item in items}
    deadline = min(recorder.deadline, time.monotonic() + spec["budget"])
    for mutant in wanted:
        tests = [(by_id[identity], seconds) for seconds, identity in _reaching(recorder, mutant) if identity in by_id]
        if tests:
            begun = time.monotonic()
            noticed = _noticed(recorder, mutant, known, mutation, tests, deadline)
            # A second look has to stay within the same budget, so the first one tells what it took.
            recorder.write("weak", number=mutant["number"], noticed=noticed, seconds=time.monotonic() - begun)


def _reaching(recorder: Any, mutant: dict[str, Any]) -> list[tuple[float, str]]:
    """The passed tests that run the place; for a value, which is read we know not where, all of them."""
    found = []
    for test in recorder.events("test"):
        if test.get("outcome") == "passed" and (mutant["probe"] == 0 or mutant["probe"] in test["probes"]):
            found.append((test["seconds"], test["id"]))
    return sorted(found)


def _noticed(
    recorder: Any, mutant: dict[str, Any], known: Any, mutation: Any, tests: list[tuple[Any, float]], deadline: float
) -> bool | None:
    left = deadline - time.monotonic()
    wanted = PATIENCE + 5 * sum(seconds for _, seconds in tests)
    if left <= 0:
        return None

    def attempt() -> int:
        _bound()
        path = os.path.join(recorder.spec["root"], mutant["path"])
        recorder.seen.mutant = mutant["number"]
        with open(path, "rb") as stream:
            code = recorder.hook.compiled(path, stream.read(), recorder.spec, recorder.seen)
        if not mutation.become(mutant, path, code, known):
            return IMPOSSIBLE
        return int(recorder.survive(mutant["number"], [item for item, _ in tests]))

    code = recorder.fork(attempt, min(wanted, left))
    if code == IMPOSSIBLE or (code is None and left < wanted):
        return None
    return bool(code != 0)


def _bound() -> None:
    """Let a mutant that fills a list for ever run out of memory before the machine does: then it is noticed."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard > MEMORY:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
