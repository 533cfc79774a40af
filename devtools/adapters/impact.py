"""Which test files need not run now, and what a run leaves for the next time; kept in the store as `impact.json`."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from devtools.adapters import environment, fingerprint
from devtools.adapters.outside import RECORD, changed_outside, noted, stat_of
from devtools.adapters.project import Project
from devtools.adapters.pytest_run import TestRun
from devtools.adapters.store import Store
from devtools.core.affected import Memory, Selection, joined, recall, select
from devtools.core.closure import mentions
from devtools.core.layout import layout
from devtools.core.testfiles import is_production, is_test

FORMAT = "1"  # another one where what is recorded changes its meaning
WHOLE = (0, 1, 5)  # pytest's exit codes of a run that came to its end: passed, failed, no tests


@dataclass(frozen=True)
class Plan:
    """The tree as it is before the run, and what of its tests may be left out."""

    project: Project
    store: Store
    context: str
    hashes: Mapping[str, str]
    mentions: Mapping[str, Sequence[str]]
    memory: Memory | None
    selection: Selection


def plan(project: Project) -> Plan:
    """Compare the tree with the one that the last run saw."""
    store = Store(project.root)
    hashes, _ = fingerprint.files(project.root, store.read("stats.json"))
    memory = recall(store.read(RECORD).get("memory", {}))
    context = _context(project, noted(store))
    named = _mentions(project.root, hashes, memory)
    _forget_compiled(project.root, [path for path in named if memory and memory.hashes.get(path) != hashes[path]])
    roots = layout(path for path in named if is_production(path, project.config)).roots
    selection = select(memory, context, hashes, named, roots, project.config)
    return Plan(project, store, context, hashes, named, memory, selection)


def due(plan: Plan, fresh: Collection[str]) -> tuple[list[str], float]:
    """The files that may hold tests and are not fresh, and the seconds that they took; endless where nobody knows."""
    python = (path for path in plan.mentions if is_test(path, plan.project.config))
    files = sorted(path for path in python if path not in fresh)
    known = plan.memory.seconds if plan.memory else {}
    return files, sum(known.get(path, 0.0) for path in files) if known else float("inf")


def settled(store: Store, hashes: Mapping[str, str]) -> frozenset[str]:
    """The test files whose tests have passed, or were fresh, in a run of this very tree."""
    memory = recall(store.read(RECORD).get("memory", {}))
    if memory is None or memory.hashes != hashes:
        return frozenset()
    return frozenset(path for path in memory.tests if path and path not in memory.due)


def remember(plan: Plan, done: TestRun, fresh: Collection[str], known: Collection[str] = ()) -> None:
    """Keep what the run showed. A run that did not come to its end, or is red as a whole, leaves the record as it was.

    `known` files were left out on another's word, which has seen nothing of what lies here and not in the snapshot.
    They stay due.
    """
    impact = done.impact
    if impact is None or done.ended not in WHOLE or not (done.whole or done.failures):
        return
    if done.ended == 1 and not done.failures:  # what refused the session is no test's, and must be seen again
        return
    reads, elsewhere = _within(plan.project.root, plan.hashes, impact)
    left = {*fresh, *known}
    kept = plan.store.read(RECORD).get("outside", {}) if left else {}
    stats = {**kept, **{path: stat_of(path) for path in elsewhere if not os.path.isdir(path)}}
    failed = {failure["id"].partition("::")[0] for failure in done.failures}
    unfinished = {path for path, counts in impact["tests"].items() if counts["ran"] < counts["total"]}
    memory = Memory(
        context=_context(plan.project, stats),
        hashes=plan.hashes,
        mentions=plan.mentions,
        tests=impact["tests"],
        due=sorted({*failed, *unfinished, *known}),
        opaque=impact["opaque"],
        listing=impact["listing"],
        reads=reads,
        loaded=impact["loaded"],
        seconds=impact["seconds"],
    )
    whole = joined(plan.memory, left, memory)
    plan.store.write(RECORD, {"memory": whole.to_json(), "outside": stats})


def _context(project: Project, stats: Mapping[str, Any]) -> str:
    world = (fingerprint.environment(environment.of_program()), fingerprint.installed(project.python))
    return fingerprint.digest({}, *world, FORMAT, project.root, changed_outside(stats))


def _within(root: str, hashes: Mapping[str, str], impact: Mapping[str, Any]) -> tuple[dict[str, list[str]], list[str]]:
    """Files of the tree with their readers, and the files elsewhere, an environment inside of the folder included."""
    reads = {path: tests for path, tests in impact["reads"].items() if path in hashes}
    rest = (os.path.join(root, path) for path in (*impact["reads"], *impact["loaded"]) if path not in hashes)
    caches = [f"{os.sep}{name}" for name in fingerprint.CACHES]
    return reads, [*impact["outside"], *(path for path in rest if not any(name in path for name in caches))]


def _mentions(root: str, hashes: Mapping[str, str], memory: Memory | None) -> dict[str, Sequence[str]]:
    """What each Python file may import; texts that have not changed are not read again."""
    found: dict[str, Sequence[str]] = {}
    for path, content in hashes.items():
        if path.endswith(".py"):
            known = memory is not None and memory.hashes.get(path) == content and path in memory.mentions
            found[path] = memory.mentions[path] if memory and known else _read(root, path)
    return found


def _forget_compiled(root: str, changed: Iterable[str]) -> None:
    """Remove what Python compiled of these modules.

    It takes a compiled file for current by size and by time in whole seconds (PEP 552), so an edit of the same length
    within the second of the one before would be tested as it was before.
    """
    for path in changed:
        folder, name = os.path.split(os.path.join(root, path))
        cache = os.path.join(folder, "__pycache__")
        for entry in os.listdir(cache) if os.path.isdir(cache) else ():
            if entry.startswith(f"{name[:-3]}.") and entry.endswith(".pyc"):
                os.unlink(os.path.join(cache, entry))


def _read(root: str, path: str) -> list[str]:
    try:
        with open(os.path.join(root, path), encoding="utf-8", errors="replace") as stream:
            return sorted(mentions(path, stream.read()))
    except OSError:
        return []
