"""Run the checks of a project side by side, and name the state of the tree that their results stand for."""

from __future__ import annotations

import importlib
import time
from collections.abc import Sequence
from typing import Any

from devtools import __version__
from devtools.checks import CHECKS, Request
from devtools.errors import DevtoolsError, UsageError
from devtools.findings import CheckResult
from devtools.project import fingerprint
from devtools.project.project import Project
from devtools.selection.outside_files import changed_outside, noted, terminal
from devtools.system import environment
from devtools.system.store import Store

FIXERS = ("lint", "format")


def check_names(project: Project, only: Sequence[str] = ()) -> list[str]:
    """Return the checks of the project, or those of `only`. UsageError for a name that none of them has."""
    known = [*CHECKS, *(name for name in project.config.checks if name not in CHECKS)]
    for name in only:
        if name not in (*known, "git"):
            raise UsageError(f"no check is named {name}", f"known are {', '.join([*known, 'git'])}")
    return [name for name in known if not only or name in only]


def tree_key(project: Project, store: Store, names: Sequence[str]) -> tuple[dict[str, str], str]:
    """Return the tree's hashes, and the key under which its green would stand."""
    known = store.read("stats.json")
    hashes, stats = fingerprint.files(project.root, known)
    if stats != known:
        store.write("stats.json", stats)
    for name in (project.config.tests_report, project.config.tests_coverage):  # what a run of the tests writes itself
        hashes.pop(name, None)
    # The variables that the checks get, not ours: with those of a git hook, a hook ran again what had just been run.
    world = (fingerprint.environment(environment.of_program()), fingerprint.installed(project.python))
    elsewhere = (changed_outside(noted(store)), *terminal(store, environment.of_program()))
    return hashes, fingerprint.digest(hashes, *world, *elsewhere, __version__, *names)


def run_checks(project: Project, names: Sequence[str], request: Request) -> list[CheckResult]:
    """Run the checks side by side; return their results in this order. Fixers run one after the other: they write."""
    if not names:
        return []
    from concurrent.futures import ThreadPoolExecutor

    tell = request.tell or (lambda _: None)
    tell(f"{', '.join(names)} …")
    with ThreadPoolExecutor(1 if request.fix and set(names) <= set(FIXERS) else len(names)) as pool:
        results = list(pool.map(lambda name: _check(project, name, request), names))
    tell("")
    return results


def _check(project: Project, name: str, request: Request) -> CheckResult:
    from dataclasses import replace

    start = time.perf_counter()
    line = project.config.checks.get(name)
    try:
        module = importlib.import_module("devtools.checks.custom" if line is not None else CHECKS[name])
        arguments = (project, request) if line is None else (project, name, line, request)
        result: CheckResult = module.run(*arguments)
    except DevtoolsError as error:
        result = CheckResult(name, False, error.line(), fault=f"{name}: {error.line()}")
    return replace(result, seconds=time.perf_counter() - start)


def revived(entry: dict[str, Any]) -> CheckResult:
    """Read a stored result: green, so it has no findings."""
    skipped = entry["summary"] if entry["skipped"] else ""
    notes = () if entry["name"] in FIXERS else tuple(entry.get("notes", ()))  # what was fixed then is not fixed now
    counts = entry.get("counts")
    return CheckResult(entry["name"], True, entry["summary"], (), entry["seconds"], skipped, counts=counts, notes=notes)
