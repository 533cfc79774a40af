"""The cycle on disk: its state in the git directory, its trees held by refs, the snapshot that it begins with."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from devtools.errors import DevtoolsError, ToolError
from devtools.git import snapshot
from devtools.git.head import head
from devtools.git.safe_process import git
from devtools.project.path_kinds import is_production, is_test
from devtools.project.project import Project
from devtools.syntax.production import same_code
from devtools.syntax.tests import parse
from devtools.system import state
from devtools.system.store import Store
from devtools.tdd.cycle import GREEN, RED, Cycle, cycle_of

LOG = "cycles.json"
KEPT = 50
# Refs of this working tree alone: git gc keeps what they name, and no push carries them.
REFS = state.ANCHOR.removesuffix("start")
Entry = tuple[str, str]
TREES = ("start", "frozen", "seen")


def load(root: str) -> tuple[Cycle, str]:
    """Return the cycle, and what is wrong with its file: a malformed one is said and taken for idle."""
    try:
        return cycle_of(root), ""
    except ValueError as error:
        return Cycle(), f"{error}: taken for idle"


def save(root: str, before: Cycle, after: Cycle, step: str, ok: bool) -> None:
    """Put `after` in the place of `before` and note the step. DevtoolsError where another session was faster."""
    store = Store(root)
    with store.locked():
        # Compared and written under one lock, so that two sessions cannot both move the cycle from the same phase.
        if load(root)[0].to_json() != before.to_json():
            raise DevtoolsError("another session moved this cycle", "devtools tdd status says where it stands")
        # Refs, because git gc would take a tree that nothing names, and with it the start of the cycle.
        _anchor(root, after)
        state.begin_here(root)
        store.put(state.CYCLE, after.to_json())
        store.put(LOG, {"cycles": _noted(store.read(LOG).get("cycles"), after, step, ok)})


def log(root: str) -> list[dict[str, Any]]:
    """Return all steps of the last cycles, the newest cycle first."""
    cycles = Store(root).read(LOG).get("cycles")
    return list(reversed(cycles)) if isinstance(cycles, list) else []


def begin(project: Project) -> tuple[str, str]:
    """Return the tree to lay new tests over, and HEAD: the tests of HEAD with all else as it lies in the working tree.

    So a test that was written before the cycle began, and is in no commit yet, is still a new one.
    """
    root = project.root
    tree = snapshot.tree_of(root, "HEAD")
    old, now = snapshot.entries(root, tree), snapshot.entries(root, snapshot.worktree_tree(root))
    edits = {path: now.get(path) for path in snapshot.differing(old, now) if not is_test(path, project.config)}
    return snapshot.compose(root, tree, edits), head(root).commit


def produced(project: Project, old: str, new: str) -> list[str]:
    """Return the production files that differ between two trees."""
    return _differing(project, old, new, is_production)


def tested(project: Project, old: str, new: str) -> list[str]:
    """Return the test files that differ between two trees."""
    return _differing(project, old, new, is_test)


def _differing(project: Project, old: str, new: str, wanted: Callable[[str, Any], bool]) -> list[str]:
    before, after = snapshot.entries(project.root, old), snapshot.entries(project.root, new)
    paths = snapshot.differing(before, after)
    return [path for path in paths if wanted(path, project.config)]


def _anchor(root: str, cycle: Cycle) -> None:
    """Name the cycle's trees by refs, and drop those that it no longer needs."""
    lines = []
    for name in TREES:
        tree = getattr(cycle, name)
        lines.append(f"update {REFS}{name}\0{tree}\0\0" if tree else f"delete {REFS}{name}\0\0")
    done = git(root, "update-ref", "--no-deref", "-z", "--stdin", feed="".join(lines))
    if done.code:
        raise ToolError("git update-ref failed", done.err.strip().split("\n")[0])


def _noted(cycles: object, cycle: Cycle, step: str, ok: bool) -> Sequence[dict[str, Any]]:
    known = [entry for entry in cycles if isinstance(entry, dict)] if isinstance(cycles, list) else []
    entry = {"time": time.strftime("%Y-%m-%d %H:%M:%S"), "step": step, "ok": ok, "result": cycle.result}
    if not known or known[-1].get("cycle") != cycle.number:
        known.append({"cycle": cycle.number, "behaviour": cycle.behaviour, "steps": []})
    known[-1] = {**known[-1], "steps": [*known[-1].get("steps", []), entry]}
    return known[-KEPT:]


def strayed(root: str, cycle: Cycle, filters: bool = True) -> list[str]:
    """Return the files that differ from what the phase holds: production in red, witnessed tests in green.

    Comments and formatting of Python are free. Without `filters` no program of the repository's settings is run.
    """
    # Compared with the cycle's own tree and not with a mark made before each call, so that it shows whoever wrote.
    held = cycle.frozen if cycle.phase == RED else cycle.seen
    if cycle.phase not in (RED, GREEN) or not held:
        return []
    before, after = snapshot.entries(root, held), snapshot.entries(root, snapshot.worktree_tree(root, filters=filters))
    paths = snapshot.differing(before, after)
    if cycle.phase == GREEN:
        return [path for path in paths if path in cycle.files()]
    found = [path for path in paths if is_production(path, cycle)]
    contents = snapshot.blobs(root, [side[path][1] for path in found for side in (before, after) if path in side])
    return [path for path in found if not _same_code(path, before.get(path), after.get(path), contents)]


def moved(root: str, cycle: Cycle) -> bool:
    """Return whether a switch, pull or rebase since the start brought other production code: then nothing strayed."""
    now = head(root)
    if not (cycle.head and now.commit) or now.commit == cycle.head:
        return False
    # restore would put the old branch's files over the new one's, so the cycle has to know that HEAD went elsewhere.
    before, after = (snapshot.entries(root, tree) for tree in (snapshot.tree_of(root, cycle.head), now.tree))
    return any(is_production(path, cycle) for path in snapshot.differing(before, after))


def _same_code(path: str, old: Entry | None, new: Entry | None, contents: dict[str, bytes]) -> bool:
    if not (path.endswith(".py") and old and new):
        return False
    return same_code(parse(contents.get(old[1])), parse(contents.get(new[1])))
