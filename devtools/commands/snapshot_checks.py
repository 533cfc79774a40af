"""The checks on the snapshot to be committed: where it lies, or in a folder of its own."""

from __future__ import annotations

import os

from devtools import __version__
from devtools.adapters import fingerprint, inspection
from devtools.adapters.draft import Draft
from devtools.adapters.project import Project
from devtools.adapters.scratch import project_at
from devtools.adapters.store import Store
from devtools.checks import Request
from devtools.commands import hygiene
from devtools.core.model import CheckResult


def run(project: Project, store: Store, draft: Draft, tree: str) -> tuple[list[CheckResult], int]:
    """Results and the run that has their log. A green that is stored for the same tree and tools answers for it.

    The working tree serves where it is the snapshot, with hygiene's own record; else a folder that holds the tree.
    """
    if inspection.unsaved(draft):
        return apart(project, store, tree)
    names = hygiene.check_names(project, ())
    before, key = hygiene.tree_key(project, store, names)
    green = store.green(key)
    if green:
        return [hygiene.revived(entry) for entry in green["checks"]], green["run"]
    results = hygiene.run_checks(project, names, Request(affected=True))
    number = _kept(store, results)
    after, key = hygiene.tree_key(project, store, names)
    if all(result.ok for result in results) and after == before:
        store.add_green(key, {"run": number, "checks": [result.to_json() for result in results]})
    return results, number


def apart(project: Project, store: Store, tree: str) -> tuple[list[CheckResult], int]:
    """The same in a folder that holds the tree, whatever the working tree is."""
    world = (fingerprint.environment(os.environ), fingerprint.installed(project.python))
    with project_at(project, tree) as there:
        names = hygiene.check_names(there, ())
        key = fingerprint.digest({}, f"tree {tree}", *world, __version__, *names)
        green = store.green(key)
        if green:
            return [hygiene.revived(entry) for entry in green["checks"]], green["run"]
        results = hygiene.run_checks(there, names, Request(affected=True))
    number = _kept(store, results)
    if all(result.ok for result in results):
        store.add_green(key, {"run": number, "checks": [result.to_json() for result in results]})
    return results, number


def _kept(store: Store, results: list[CheckResult]) -> int:
    return store.add_run(
        {"command": "commit", "checks": [{**result.to_json(), "log": result.log} for result in results]}
    )
