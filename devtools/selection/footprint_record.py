"""The record of what test files did when they last passed, by which later runs leave out those that a change spares."""

from __future__ import annotations

import json
import posixpath
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from functools import cached_property
from typing import Any

from devtools.errors import DevtoolsError
from devtools.project import fingerprint
from devtools.project.project import Project
from devtools.project.tree import PYTEST_FILES, Tree
from devtools.runner.snapshot import Seen, environment
from devtools.selection.footprint import Carrying, Footprint
from devtools.syntax import module as units
from devtools.system.environment import is_build_server
from devtools.system.store import Store

RECORD = "footprints.json"
ASKED = ("read", "listed", "opaque")
NAMES = ("loaded", "whole", "listed")
COUNTED = ("passed", "skipped")
GOOD = frozenset(("passed", "skipped", "xfailed"))


# What this process has seen itself, by the store and the context: a build server believes nothing else.
_seen_here: dict[tuple[str, str], dict[str, Any]] = {}


class Footprints:
    """What is kept for one project, interpreter and environment. A record of another context counts for nothing."""

    def __init__(self, project: Project, store: Store, context: str) -> None:
        self.project, self.store = project, store
        variables = fingerprint.environment(environment(project.python))
        world = (project.python, fingerprint.installed(project.python), variables)
        config = replace(project.config, mutants="")  # what a test does is the same with and without them
        self.context = fingerprint.digest({}, context, repr(config), *world)

    @cached_property
    def _kept(self) -> Mapping[str, Any]:
        # A build server's cache may bring a footprint from anywhere, and a footprint lets a proof leave tests out.
        if is_build_server():
            return _seen_here.get((self.store.folder, self.context), {})
        return self._recorded()

    def _recorded(self) -> dict[str, Any]:
        """The entries of the record that have the shape of one."""
        record = self.store.read(RECORD)
        tests = record.get("tests") if record.get("context") == self.context else None
        entries = tests.items() if isinstance(tests, dict) else ()
        return {path: entry for path, entry in entries if _is_entry(entry)}

    def known(self, tree: Tree, files: Iterable[str]) -> dict[str, Mapping[str, int]]:
        """Return the files whose last outcome, a good one, would be the same on this snapshot, each with its counts."""
        between: dict[str, Carrying | None] = {}
        found = {}
        for path in files:
            entry = self._kept.get(path)
            if isinstance(entry, dict) and "tree" in entry and entry.get("settings") == settings(tree):
                name = str(entry["tree"])
                if name not in between:
                    between[name] = self._between(name, tree)
                step = between[name]
                if step and step.holds(_footprint(entry)):
                    found[path] = entry["counts"]
        return found

    def reaching(self, files: Collection[str], places: Collection[tuple[str, str]]) -> list[str]:
        """Return those of the test files that, as far as is known, reach all these places in the least time.

        A place is a file and the qualified name of a function in it, or no name for the module itself. What nobody
        reaches is nobody's; the order is the one in which they were found to be worth their time.
        """
        # Before, all files that name a module ran to find one that executes a line, the slowest among them.
        reached = {path: _reached(self._kept.get(path), places) for path in files}
        chosen: list[str] = []
        waiting = set[tuple[str, str]]().union(*reached.values())
        while waiting:
            best = max(reached, key=lambda path: len(reached[path] & waiting) / self._seconds(path))
            chosen.append(best)
            waiting -= reached[best]
        return chosen

    def reachers(self, files: Collection[str], places: Collection[tuple[str, str]]) -> list[str]:
        """Return the test files that reach one of these places or of which nothing is known, the quickest first."""
        found = [path for path in files if path not in self._kept or _reached(self._kept[path], places)]
        return sorted(found, key=self._seconds)

    def _seconds(self, path: str) -> float:
        entry = self._kept.get(path)
        return 0.05 + float(entry.get("seconds", 0.0) if isinstance(entry, dict) else 0.0)

    def unseen(self, tree: Tree, files: Iterable[str]) -> frozenset[str]:
        """Return those of the files, unchanged since, of which nothing can be known: no test in it, or one unseen."""
        kept = self._kept
        return frozenset(path for path in files if kept.get(path) == _unseen(tree, path))

    def _between(self, tree: str, new: Tree) -> Carrying | None:
        try:
            old = Tree(self.project, tree)
            old.load(path for path in old.entries if old.entries[path] != new.entries.get(path))
            return Carrying(old, new)
        except DevtoolsError:  # the tree is gone from the repository
            return None

    def note(self, tree: Tree, seen: Seen, asked: Collection[str] = ()) -> None:
        """Note what the run showed of files whose tests are all good, and which of those `asked` for have no test."""
        found = {path: _entry(tree, seen, path) or _unseen(tree, path) for path in _good(seen)}
        told = {each["path"] for each in (*seen.items, *seen.tests, *seen.uncollected)}
        found |= {path: _unseen(tree, path) for path in asked if path not in told}
        if not found:
            return
        self.__dict__.pop("_kept", None)
        _seen_here.setdefault((self.store.folder, self.context), {}).update(found)
        with self.store.locked():
            self.store.put(RECORD, {"context": self.context, "tests": {**self._recorded(), **found}})


def _is_entry(entry: Any) -> bool:
    """Whether a stored value has the shape of what `_entry` or `_unseen` makes."""
    # An entry of another shape once ended the proof with a traceback.
    if not isinstance(entry, dict) or not isinstance(entry.get("settings"), str):
        return False
    if "tree" not in entry:
        return isinstance(entry.get("content"), str)
    counts, entered, names = entry.get("counts"), entry.get("entered"), [entry.get(name) for name in NAMES]
    counted = isinstance(counts, dict) and all(isinstance(counts.get(kind), int) for kind in (*COUNTED, "total"))
    lists = [*names, *entered.values()] if isinstance(entered, dict) else [None]
    known = isinstance(entry["tree"], str) and isinstance(entry.get("seconds"), (int, float))
    return known and counted and all(_is_names(each) for each in lists)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def settings(tree: Tree) -> str:
    """Return what of the snapshot says how its tests run, conftests aside, which count as files.

    Each submodule as one.
    """
    names = [name for name in PYTEST_FILES if name in tree.entries and name != "conftest.py"]
    parts = [repr(tree.pytest_table) if name == "pyproject.toml" else tree.entries[name][1] for name in names]
    # The files of a submodule are in no tree of the project, so no footprint tells that one of them changed.
    inner = {each.path: f"{each.commit} {bool(each.store)}" for each in tree.inner}
    return fingerprint.digest({**inner, **dict(zip(names, parts, strict=True))})


def _good(seen: Seen) -> list[str]:
    """The files of which every test that was collected ran, none left out, and none failed."""
    # A file that ran in part is none: what its other tests would have done is not in its footprint.
    broken = {*seen.partial, *(each["path"] for each in seen.uncollected), seen.running.partition("::")[0]}
    broken |= {test["path"] for test in seen.tests if test.get("outcome", "skipped") not in GOOD}
    there, ran = (Counter(each["path"] for each in events) for events in (seen.items, seen.tests))
    return [path for path in ran if path not in broken and ran[path] == there[path]]


def _unseen(tree: Tree, path: str) -> dict[str, Any]:
    return {"content": tree.entries[path][1], "settings": settings(tree)}


def _counts(seen: Seen, path: str) -> dict[str, int]:
    outcomes = Counter(test.get("outcome", "skipped") for test in seen.tests if test["path"] == path)
    return {**{kind: outcomes[kind] for kind in COUNTED}, "total": outcomes.total()}


def _entry(tree: Tree, seen: Seen, path: str) -> dict[str, Any] | None:
    """The footprint of a file; None where it did what nobody could see."""
    own = seen.footprints.get(path)
    marks, before = _sorted(own or ()), _sorted(seen.footprints.get("", ()))
    needed = _needed(tree, path, {*marks["loaded"], *marks["whole"]})
    if any(units.computes(tree.read(each) or b"") for each in needed if each.endswith(".py")):
        # The test files that were collected beside it do not count: with them 13 of 17 ran again for one changed test.
        needed |= {*before["loaded"], *before["whole"]} - {each["path"] for each in seen.items}
    shared = {kind: {one for one, who in before[kind].items() if not who or who & {"", *needed}} for kind in ASKED}
    if own is None or marks["opaque"] or shared["opaque"]:
        return None
    near = {"conftest.py", *(posixpath.join(folder, "conftest.py") for folder in _above(path))}
    whole = {*marks["whole"], *marks["read"], *shared["read"], *(needed & before["whole"].keys()), *near, path}
    loaded = {*marks["loaded"], *marks["entered"], *(needed & before["loaded"].keys())} & tree.entries.keys()
    entered = {name: marks["entered"].get(name, set()) | before["entered"].get(name, set()) for name in loaded}
    footprint = Footprint(
        loaded=sorted(loaded),
        entered={name: sorted(functions) for name, functions in entered.items() if functions},
        whole=sorted(whole & tree.entries.keys()),
        listed=sorted({*marks["listed"], *shared["listed"]}),
    )
    seconds = round(sum(test["seconds"] for test in seen.tests if test["path"] == path), 3)
    measured = {"counts": _counts(seen, path), "seconds": seconds}
    return {"tree": tree.id, "settings": settings(tree), **measured, **asdict(footprint)}


def _reached(entry: Any, places: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    if not isinstance(entry, dict) or "tree" not in entry:
        return set()
    loaded, entered = {*entry["loaded"], *entry["whole"]}, entry["entered"]
    return {(path, name) for path, name in places if (name in entered.get(path, ()) if name else path in loaded)}


def _sorted(lines: Iterable[str]) -> dict[str, dict[str, set[str]]]:
    """Marks by kind, then by path, with the names of functions or of who asked."""
    found: dict[str, dict[str, set[str]]] = {kind: {} for kind in ("loaded", "entered", "whole", *ASKED)}
    for line in lines:
        kind, path, name = json.loads(line)
        found[kind].setdefault(path, set()).add(name)
    return found


def _needed(tree: Tree, path: str, also: Iterable[str]) -> set[str]:
    """The files that the test file, or what it loaded by itself, may import over any number of steps."""
    waiting, found = {path, *also}, set[str]()
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting |= tree.used.get(each, set()) - found
    return found


def _above(path: str) -> list[str]:
    folders = []
    while path:
        path = posixpath.dirname(path)
        folders.append(path)
    return folders


def _footprint(entry: Mapping[str, Any]) -> Footprint:
    return Footprint(entry["loaded"], entry["entered"], entry["whole"], entry["listed"])
