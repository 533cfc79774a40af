"""The checks on the snapshot to be committed: where it lies, or in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from devtools import __version__
from devtools.checks import Request
from devtools.checks.run import check_names, revived, run_checks, tree_key
from devtools.commit import inspection
from devtools.findings import CheckResult
from devtools.git.draft import Draft
from devtools.project import fingerprint
from devtools.project.checkout import project_at
from devtools.project.irregular import irregular
from devtools.project.project import Project
from devtools.selection import memory as impact
from devtools.system import environment
from devtools.system.store import Store

Tell = Callable[[str], None]
Checked = tuple[list[CheckResult], int]


def run(project: Project, store: Store, draft: Draft | None, tree: str, tell: Tell | None = None) -> Checked:
    """Return results and the run that has their log. A green stored for the same tree and tools answers for it.

    The working tree serves where it is the snapshot, with hygiene's own record; else a folder that holds the tree.
    """
    # git status is silent on a pipe, so a working tree with one would pass for the snapshot.
    if draft is None or inspection.unsaved(draft) or irregular(project.root):
        return apart(project, store, tree, tell)
    names = check_names(project)
    before, key = tree_key(project, store, names)
    green = store.green(key)
    if green:
        return _revived(green, impact.settled(store, before))
    of_tree = _key(tree, _world(project), names)
    green = store.green(of_tree)
    if green:
        return _revived(green)
    known = _Known(project, store, tree, tell)
    results = run_checks(project, names, known.request(project.root))
    number = _kept(store, results)
    after, key = tree_key(project, store, names)
    if after == before:
        _store(store, of_tree if known.used else key, number, results)
    return results, number


def apart(project: Project, store: Store, tree: str, tell: Tell | None = None) -> Checked:
    """Return the same in a folder that holds the tree, whatever the working tree is."""
    world = _world(project)
    with project_at(project, tree) as there:
        names = check_names(there)
        key = _key(tree, world, names)
        green = store.green(key)
        if green:
            return _revived(green)
        results = run_checks(there, names, _Known(project, store, tree, tell).request(there.root))
    number = _kept(store, results)
    _store(store, key, number, results)
    return results, number


class _Known:
    """Asks the record of footprints, unless proofs are off. `used`: some test file was left out on its word.

    A green with such a word is the snapshot's alone: what lies here beside it, and git ignores, has not been seen.
    """

    def __init__(self, project: Project, store: Store, tree: str, tell: Tell | None) -> None:
        self.project, self.store, self.tree, self.tell = project, store, tree, tell
        self.used = False

    def request(self, root: str) -> Request:
        """What is wanted of a check in the folder: its run of the tests is forked where those of a proof will be."""
        if self.project.config.tdd_mode == "off":
            return Request(affected=True, record=self.store, tell=self.tell)
        from devtools.runner import snapshot as proof_run

        # Each start of pytest imports it anew. The check and the two runs of the proof share one import.
        popen = proof_run.warm(self.project.python, self.project.root, root, ("src", *self.project.config.source))
        # The record is the project's, because the snapshot's folder forgets its own, and each commit would collect
        # everything again.
        return Request(affected=True, known=self, record=self.store, popen=popen, tell=self.tell)

    def __call__(self, files: Collection[str], look: bool) -> Mapping[str, Mapping[str, int]]:
        from devtools.commit.known_passes import spared  # the whole engine, which few tests have no need of

        found = spared(self.project, self.store, self.tree)(files, look)
        self.used = self.used or bool(found)
        return found


def _world(project: Project) -> tuple[str, str]:
    return fingerprint.environment(environment.of_program()), fingerprint.installed(project.python)


def _key(tree: str, world: Collection[str], names: Collection[str]) -> str:
    return fingerprint.digest({}, f"tree {tree}", *world, __version__, *names)


def _revived(green: Mapping[str, Any], passed: frozenset[str] = frozenset()) -> Checked:
    results = [revived(entry) for entry in green["checks"]]
    return [replace(each, passed=passed) if each.name == "tests" else each for each in results], green["run"]


def _store(store: Store, key: str, number: int, results: list[CheckResult]) -> None:
    if all(result.ok and result.lasting for result in results):
        store.add_green(key, {"run": number, "checks": [result.to_json() for result in results]})


def _kept(store: Store, results: list[CheckResult]) -> int:
    return store.add_run(
        {"command": "commit", "checks": [{**result.to_json(), "log": result.log} for result in results]}
    )
