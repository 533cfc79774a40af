"""devtools learn sync and merge: bring LEARNINGS.md to what the git log and both sides of a merge know."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from devtools.budget import Block
from devtools.errors import UsageError
from devtools.learn import file as learning
from devtools.learn import markdown as learnings
from devtools.learn.conflict import sides
from devtools.learn.markdown import Entry
from devtools.learn.merge import merged
from devtools.learn.merges import Merge, corrected, lost, merges
from devtools.report import Report
from devtools.system.store import Store
from devtools.wording import counted

STATE = "learn.json"


def sync(root: str, to_json: Callable[[Entry], dict[str, object]]) -> Report:
    """Resolve a conflict, put right what merges mixed up, and add what never stood in the file.

    What was seen up to which commit is remembered: a hook calls this often.
    """
    store = Store(root)
    solved = learning.grow(store, root, lambda text: _solved(root, text))
    found, righted = ([], False) if learning.busy(root) else _grown(store, root)
    done = [
        *([f"the conflict in {learning.NAME} is resolved: read it, then git add {learning.NAME}"] if solved else []),
        *([f"what a merge mixed up in {learning.NAME} is put right"] if righted else []),
        *([f"{counted(len(found), 'insight')} added to {learning.NAME}"] if found else []),
    ]
    said = [Block(line, pinned=True) for line in done or [f"{learning.NAME} has them all"]]
    data = {"action": "sync", "added": [to_json(entry) for entry in found], "resolved": solved, "righted": righted}
    return Report("learn", True, [*said, *(Block(f"- {entry.text}") for entry in found)], data=data)


def _solved(root: str, text: str) -> str:
    """The text without its conflict; what stood there before comes from the conflict, or from the index."""
    found = sides(text)
    if found is None:
        return text
    before = "" if found.told else learning.staged(root, 1)
    return merged(before or found.base, found.ours, found.theirs)


def _grown(store: Store, root: str) -> tuple[list[Entry], bool]:
    """The insights that were added, and whether something was put right."""
    head = learning.head(root)
    state = store.read(STATE)
    seen, own = str(state.get("head", "")), state.get("own", [])
    seen = "" if seen.strip("0123456789abcdef") else seen
    own = [str(text) for text in own] if isinstance(own, list) else []
    if not head or head == seen:
        return [], False
    since = seen if learning.follows(root, seen) else ""
    logged, mixed = learning.logged(root, since), list(merges(root, since))
    righted = _righted(store, root, mixed)
    found = _added(store, root, logged, mixed, own)
    store.write(STATE, {"head": head, "own": [*own, *(learnings.key(entry.text) for entry in found)]})
    return found, righted


def _righted(store: Store, root: str, mixed: Sequence[Merge]) -> bool:
    def right(text: str) -> str:
        for merge in mixed:
            text = corrected(text, merge)
        return text

    return bool(mixed) and learning.grow(store, root, right)


def _added(store: Store, root: str, logged: Sequence[Entry], mixed: Sequence[Merge], own: Sequence[str]) -> list[Entry]:
    """The insights of the log that were missing, and those that a merge lost."""
    here = {learnings.key(entry.text) for entry in learnings.parse(learning.read(root))}
    gone = {learnings.key(entry.text) for merge in mixed for entry in lost(merge)} - here - set(own)
    # devtools commit writes its insights into the file, so the sync of a post-commit hook mostly ends here.
    logged = [entry for entry in logged if learnings.key(entry.text) not in here]
    if not logged and not gone:
        return []  # the file's own history costs time
    back = [entry for entry in (learning.logged(root) if gone else ()) if learnings.key(entry.text) in gone]
    noted = [entry.text for entry in learning.noted(root)]
    found: list[Entry] = []

    def grown(text: str) -> str:
        known = {learnings.key(entry.text) for entry in learnings.parse(text)}
        found[:] = [*(entry for entry in back if learnings.key(entry.text) not in known)]
        known.update(learnings.key(entry.text) for entry in found)
        found.extend(e for e in learnings.missing(text, logged, noted, own) if learnings.key(e.text) not in known)
        return learnings.add(text, found)

    learning.grow(store, root, grown)
    return found


def merge(paths: Sequence[str]) -> Report:
    """Merge three versions of the file for git, which calls this with the base, ours and theirs; ours is replaced."""
    if len(paths) != 3:
        raise UsageError("merge takes three files", 'git config merge.learnings.driver "devtools learn merge %O %A %B"')
    base, ours, theirs = (learning.version(path) for path in paths)
    learning.replace_version(paths[1], merged(base, ours, theirs))
    return Report("learn", True, [], data={"action": "merge"})
