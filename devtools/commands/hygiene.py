"""devtools hygiene: is this project sound, and where not, what is to be mended?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import click

from devtools.checks import Request, baseline, inheritance
from devtools.checks import report as words
from devtools.checks.run import FIXERS, check_names, revived, run_checks, tree_key
from devtools.commands.options import shared
from devtools.findings import CheckResult
from devtools.git import status as git
from devtools.project import dependencies
from devtools.project.project import Project, load
from devtools.report import Report, progress
from devtools.system.store import Store


@click.command("hygiene")
@click.option("--full", is_flag=True, help="Run everything, even if a stored green result could be reused.")
@click.option("--only", multiple=True, metavar="NAME", help="Run only this check. You may repeat it.")
@click.option("--fix", is_flag=True, help="Apply safe fixes first and report what changed.")
@click.option(
    "--explain",
    is_flag=False,
    flag_value="",
    metavar="[TEST]",
    help="Run nothing, and say why each test file would run or be left out.",
)
@click.option("--timeout", type=click.FloatRange(min=0.1), help="Stop each check after this many seconds.")
@shared
def command(full: bool, only: Sequence[str], fix: bool, explain: str | None, timeout: float | None) -> Report:
    """Run lint, format, types and tests side by side, and report git state and debt markers.

    If nothing changed since the last green run, its result is reused.
    """
    project = load(os.getcwd())
    if explain is not None:
        return _explained(project, explain)
    names = check_names(project, only)
    store = Store(project.root)
    request = Request(fix, timeout, affected=not full, tell=progress)
    fixed = run_checks(project, [name for name in names if name in FIXERS], request) if fix else []
    before, key = tree_key(project, store, names)
    since = baseline.since(project.root)
    aside = baseline.key(key, since) if since else key
    green = None if full or fix else store.green(key) or store.green(aside)
    known = _revived(green) if green else []
    if green and known:
        return _report(project, known, green["run"], stored=True, notes=green.get("old", ()))
    rest = [name for name in names if name not in {result.name for result in fixed}]
    results = [*fixed, *run_checks(project, rest, request)]
    run = store.add_run({"command": "hygiene", "checks": [{**r.to_json(), "log": r.log} for r in results]})
    notes = [note for result in fixed for note in result.notes]
    whole = all(result.ok for result in results)
    results = baseline.held(project, since, results)
    old = [note for each in results if each.name != "tests" for note in inheritance.told([each])]
    if all(result.ok for result in results):
        # The tree again: neither an edit during the run nor a test that writes may leave a wrong green behind.
        after, key = tree_key(project, store, names)
        changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        if changed:
            notes.append(f"not stored: the run changed {changed[0]!r}")
        # Tests that always run may fail next time with the very same files, so no green of theirs is stored.
        elif all(result.lasting for result in results):
            green = {"run": run, "checks": [result.to_json() for result in results], "old": old}
            store.add_green(key if whole else baseline.key(key, since), green)
    return _report(project, results, run, stored=False, notes=[*notes, *old])


def _explained(project: Project, test: str) -> Report:
    from devtools.checks.explanation import explain, lines  # its imports are none of a warm hygiene's

    entries = explain(project, test)
    return Report("hygiene", True, lines(entries), data={"tests": entries})


def _revived(green: dict[str, Any]) -> list[CheckResult]:
    """The results of a stored green; none where it has not the shape of one."""
    try:
        return [revived(entry) for entry in green["checks"]] if isinstance(green["run"], int) else []
    except (KeyError, TypeError, AttributeError):
        return []


def _report(
    project: Project, results: Sequence[CheckResult], run: int, stored: bool, notes: Sequence[str] = ()
) -> Report:
    state = git.state(project.root)
    environments = dependencies.environments(state.untracked)
    state = state._replace(
        untracked=tuple(path for path in state.untracked if not dependencies.inside(path, environments))
    )
    notes = [*notes, *dependencies.advice(environments)]
    ok = all(result.ok for result in results)
    found = any(result.findings for result in results)
    faulty = any(result.fault for result in results)
    return Report(
        "hygiene",
        ok,
        [words.verdict(results, _tree(state), stored, notes), *words.blocks(results)],
        words.problems(results),
        {"checks": [result.to_json() for result in results], "git": _git(state), "run": run, "stored": stored},
        exit_code=3 if faulty and not found else None,
        more=f"devtools show {run}",
    )


def _git(state: git.TreeState) -> dict[str, Any]:
    counts = {name: len(getattr(state, name)) for name in ("staged", "unstaged", "untracked")}
    return {"branch": state.branch, "head": state.head, **counts, "ahead": state.ahead, "behind": state.behind}


def _tree(state: git.TreeState) -> str:
    """Where the tree stands, in words; what is zero is not said."""
    place = state.branch or f"detached at {state.head[:9]}"
    numbers = {name: len(getattr(state, name)) for name in ("conflicted", "staged", "unstaged", "untracked")}
    numbers |= {"ahead": state.ahead, "behind": state.behind}
    said = [f"{number} {name}" for name, number in numbers.items() if number]
    return ", ".join([place, *([] if state.head else ["no commit yet"]), *(said or ["clean"])])
