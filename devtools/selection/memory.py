"""Which test files need not run now, and what a run leaves for the next time; kept in the store as `impact.json`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from devtools.project import fingerprint
from devtools.project.path_kinds import is_named_as_test, is_production, is_test
from devtools.project.project import Project
from devtools.project.tree import PYTEST_FILES
from devtools.runner.working_tree import TestRun
from devtools.selection.affected import Memory, Selection, always_runs, joined, recall, select
from devtools.selection.codes import codes
from devtools.selection.outside_files import RECORD, changed_outside, noted, stat_of
from devtools.syntax.code import Code
from devtools.syntax.effects import effects
from devtools.syntax.imports import mentions
from devtools.syntax.layout import layout
from devtools.system import environment
from devtools.system.store import Store

FORMAT = "5"  # another one where what is recorded changes its meaning
TOGETHER = "together.json"
KEPT = 100
FLOOR = re.compile("fail[-_]under")
WHOLE = (0, 1, 5)  # pytest's exit codes of a run that came to its end: passed, failed, no tests


@dataclass(frozen=True)
class Plan:
    """The tree as it is before the run, and what of its tests may be left out.

    `collection` stands for what decides what pytest collects beside production code; `spoiling` for what the import of
    test files does to others, empty where it does nothing.
    """

    project: Project
    store: Store
    context: str
    hashes: Mapping[str, str]
    mentions: Mapping[str, Sequence[str]]
    memory: Memory | None
    selection: Selection
    effects: Mapping[str, str]
    collection: str
    spoiling: str
    codes: Mapping[str, Sequence[Any]]

    @property
    def always(self) -> frozenset[str]:
        """The test files that run whatever the record says."""
        config, files = self.project.config, self.mentions
        tests = (path for path in files if is_test(path, config))
        codes = {path: Code(*code) for path, code in self.codes.items()}
        return frozenset(path for path in tests if always_runs(path, config, codes.get(path)))


def plan(project: Project) -> Plan:
    """Compare the tree with the one that the last run saw."""
    store = Store(project.root)
    hashes, _ = fingerprint.files(project.root, store.read("stats.json"))
    memory = recall(store.read(RECORD).get("memory", {}))
    context = _context(project, noted(store))
    named = _mentions(project.root, hashes, memory)
    _forget_compiled(project.root, [path for path in named if memory and memory.hashes.get(path) != hashes[path]])
    roots = layout(path for path in named if is_production(path, project.config)).roots
    said = _said(project.root)
    digests = codes(project.root, hashes, memory, "doctest" in said)
    values = environment.of_program()
    selection = select(memory, context, hashes, named, roots, project.config, digests, values)
    if FLOOR.search(said):  # a part of the tests cannot say which share of the lines all of them run
        selection = selection._replace(quiet=False)
    acting = _effects(project, hashes, memory)
    return Plan(
        project,
        store,
        context,
        hashes,
        named,
        memory,
        selection,
        acting,
        _collection(project, hashes),
        _spoiling(acting),
        digests,
    )


def unseen(plan: Plan, record: Store) -> tuple[bool, bool]:
    """Return whether all test files have to be collected together, and whether all tests have to run together.

    The record says what an earlier run has shown: that these files, with these conftests and settings, are collected
    side by side, and what such imports do to each test.
    """
    # A partial run cannot show that two modules have one name, or that one file spoils another when it is imported.
    known = record.read(TOGETHER)
    return plan.collection not in known, bool(plan.spoiling) and plan.spoiling not in known


def show(plan: Plan, record: Store, collected: bool, run: bool) -> None:
    """Note what a green run of this tree has shown of the whole: alone, a test that failed beside others may pass."""
    for key in (plan.collection if collected else "", plan.spoiling if run else ""):
        if key and key not in record.read(TOGETHER):
            record.add(TOGETHER, key, {}, KEPT)


def _collection(project: Project, hashes: Mapping[str, str]) -> str:
    decisive = {}
    for path, content in hashes.items():
        name = os.path.basename(path)
        if name in PYTEST_FILES:
            decisive[path] = content
        elif path.endswith(".py") and is_test(path, project.config):
            decisive[path] = ""
    return fingerprint.digest(decisive, "collection", FORMAT, fingerprint.installed(project.python))


def _spoiling(acting: Mapping[str, str]) -> str:
    found = {path: text for path, text in acting.items() if text}
    return fingerprint.digest(found, "spoiling", FORMAT) if found else ""


def _effects(project: Project, hashes: Mapping[str, str], memory: Memory | None) -> dict[str, str]:
    """What the import of each test file does to others; texts that have not changed are not read again."""
    found = {}
    for path, content in hashes.items():
        if path.endswith(".py") and is_test(path, project.config):
            same = memory is not None and memory.hashes.get(path) == content and path in memory.effects
            found[path] = memory.effects[path] if memory and same else effects(_text(project.root, path))
    return found


def due(plan: Plan, fresh: Collection[str]) -> tuple[list[str], float]:
    """Return the files that may hold tests and are not fresh, and the seconds that they took.

    Endless where nobody knows.
    """
    python = (path for path in plan.mentions if is_test(path, plan.project.config))
    files = sorted(path for path in python if path not in fresh)
    known = plan.memory.seconds if plan.memory else {}
    return files, sum(known.get(path, 0.0) for path in files) if known else float("inf")


def settled(store: Store, hashes: Mapping[str, str]) -> frozenset[str]:
    """Return the test files whose tests have passed, or were fresh, in a run of this very tree."""
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
    before = plan.store.read(RECORD).get("outside", {}) if left else {}
    stats = {**before, **{path: stat_of(path) for path in elsewhere if not os.path.isdir(path)}}
    failed = {failure["id"].partition("::")[0] for failure in done.failures}
    unfinished = {
        path
        for path, counts in impact["tests"].items()
        if min(counts["ran"], counts["passed"] + counts["skipped"]) < counts["total"]
    }
    memory = Memory(
        context=_context(plan.project, stats),
        hashes=plan.hashes,
        mentions=plan.mentions,
        tests=impact["tests"],
        due=sorted({*failed, *unfinished, *known}),  # what is missing here would be a wrong green
        opaque=impact["opaque"],
        listing=impact["listing"],
        reads=reads,
        loaded=impact["loaded"],
        seconds=impact["seconds"],
        effects=plan.effects,
        codes=plan.codes,
        asked=impact.get("asked", {}),
        values={name: value for name, value in environment.of_program().items() if name in fingerprint.VOLATILE},
    )
    whole = joined(plan.memory, left, memory)
    ran = {path: _why(plan, path) for path in impact["tests"] if path not in left}
    plan.store.write(RECORD, {"memory": whole.to_json(), "outside": stats, "ran": ran})


def _why(plan: Plan, path: str) -> str:
    if plan.selection.reason:
        return plan.selection.reason
    return plan.selection.why.get(path, "all tests were asked for" if path in plan.selection.fresh else "it was new")


def reasons(store: Store) -> dict[str, str]:
    """Return why each test file ran that ran the last time."""
    ran = store.read(RECORD).get("ran", {})
    return {str(path): str(why) for path, why in ran.items()} if isinstance(ran, dict) else {}


def named(plan: Plan) -> list[str]:
    """Return the files that pytest takes for test files by their names."""
    tests = (path for path in plan.mentions if is_test(path, plan.project.config))
    return [path for path in tests if is_named_as_test(path)]


def renew(plan: Plan) -> None:
    """Keep that the tree as it is now needs no other test than the last run."""
    if plan.memory and plan.memory.hashes != plan.hashes:
        now = {"hashes": plan.hashes, "mentions": plan.mentions, "effects": plan.effects, "codes": plan.codes}
        memory = Memory(**{**plan.memory.to_json(), **now})
        plan.store.write(RECORD, {"memory": memory.to_json(), "outside": plan.store.read(RECORD).get("outside", {})})


def _said(root: str) -> str:
    """What settings and the person say to pytest."""
    names = [name for name in PYTEST_FILES if not name.endswith(".py")]
    return "\n".join([os.environ.get("PYTEST_ADDOPTS", ""), *(_text(root, name) for name in (*names, ".coveragerc"))])


def _context(project: Project, stats: Mapping[str, Any]) -> str:
    # Only the variables that the checks get. With those of git's hooks, a hook repeated what had just run.
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
    return sorted(mentions(path, _text(root, path)))


def _text(root: str, path: str) -> str:
    try:
        with open(os.path.join(root, path), encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError:
        return ""
