"""A chain of commits, all or none: built beside the person's branch, which is moved last.

git makes each commit, in a linked working tree of its own: hooks, signing and identity are the person's, HEAD and index
are those of the step. Hooks get the step's files checked out. Then the branch and the index are changed by a process
that a kill of ours does not reach; the working tree is never written.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from devtools.commit.transaction import MARK, MARKED, sheltered
from devtools.errors import DevtoolsError, ToolError
from devtools.git import index_lock, objects, ref_locks, snapshot
from devtools.git.draft import Place, digest, head
from devtools.git.index_lock import Lock
from devtools.git.safe_process import git, reason
from devtools.plan.hunks import FileChange
from devtools.plan.trees import FileState, entries
from devtools.system import environment, temporary
from devtools.system.process import Completed, run

FOLDER = "devtools-apply"
HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit")
# Set by git for its hooks; in the scratch tree they would lead back to the person's.
ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
Edits = dict[str, tuple[str, str] | None]


@dataclass(frozen=True)
class Link:
    """A commit to be made: its tree and its message."""

    tree: str
    message: str


def steps(
    root: str,
    base: str,
    changes: Sequence[FileChange],
    texts: Mapping[str, str],
    hunks: Sequence[Sequence[tuple[int, int]]],
) -> tuple[list[str], Edits]:
    """Return the tree after each step, and the paths in which the last differs from `base`."""
    states = []
    chosen: set[tuple[int, int]] = set()
    for step in hunks:
        chosen |= set(step)
        states.append(entries(changes, texts, chosen))
    # One process of git for the new contents of all steps.
    fresh = sorted({entry.content for state in states for entry in state.values() if entry and not entry.written})
    ids = dict(zip(fresh, objects.write_blobs(root, fresh), strict=True))
    edits = [{path: _edit(entry, ids) for path, entry in state.items()} for state in states]
    return [snapshot.compose(root, base, edit) for edit in edits], edits[-1] if edits else {}


def _edit(entry: FileState | None, ids: Mapping[str, str]) -> tuple[str, str] | None:
    return None if entry is None else (entry.mode, entry.content if entry.written else ids[entry.content])


def build(place: Place, base: str, links: Sequence[Link]) -> list[str]:
    """Return the commits' ids, one upon the other from the commit `base` (empty: from none). No branch knows them yet.

    DevtoolsError where git or a hook refuses one, or a hook changes what it holds.
    """
    made = []
    with _scratch(place, base) as folder:
        files = _hooked(folder)
        for link in links:
            made.append(_commit(folder, link, files))
    return made


def publish(place: Place, old: str, new: str, edits: Edits, before: str) -> None:
    """Move the branch from commit `old` to `new`, and set the index's entries so that it agrees with that.

    DevtoolsError, and nothing changed, where HEAD is not `old` any more or the index is not the one of digest `before`.
    """
    folder = os.path.join(place.gitdir, FOLDER)
    os.makedirs(folder, exist_ok=True)
    lines = [_line(path, edit, len(new)) for path, edit in sorted(edits.items(), key=lambda item: item[1] is not None)]
    _edited(place, lines)
    with open(os.path.join(folder, "journal.new"), "w", encoding="utf-8", errors="surrogateescape") as stream:
        json.dump({"new": new, "digest": before, "lines": lines}, stream)
    # Whole or not at all: a journal that a kill has cut would be taken for none, and the index stay behind the branch.
    os.replace(os.path.join(folder, "journal.new"), os.path.join(folder, "journal"))
    try:
        sheltered(lambda: swap(place, old, new, before))
    except ToolError:
        ref_locks.swept(place.root)
        raise
    finally:
        _finish(place)


def _edited(place: Place, lines: Sequence[str]) -> None:
    """Make the new index: a copy of the person's with these entries set."""
    index = os.path.join(place.gitdir, FOLDER, "index")
    with contextlib.suppress(FileNotFoundError):
        shutil.copy2(place.index, index)
    env = {"GIT_INDEX_FILE": index}
    objects.git(place.root, "update-index", "-z", "--index-info", feed="".join(lines), env=env)
    git(place.root, "update-index", "-q", "--refresh", env=env)


def swap(place: Place, old: str, new: str, before: str) -> dict[str, str]:
    """Move branch and index under the index's own lock, so that the branch moves only if the index can follow."""
    with _index(place) as lock:
        if digest(place.index) != before:
            raise DevtoolsError("the index changed meanwhile", "no commit was made: run it again")
        # git compares and moves in one step, so that no commit made meanwhile is lost; zeros mean "not there yet".
        argv = ["update-ref", "-m", "devtools commit --apply", "HEAD", new, old or "0" * len(new)]
        done = run(["git", *argv], place.root)
        if done.code and head(place.root).commit != old:
            raise DevtoolsError("HEAD moved meanwhile", "no commit was made: make the plan again")
        if done.code:
            # Such as a lock of the branch that another git holds, which was once told as a moved HEAD.
            raise DevtoolsError("git refused to move the branch, no commit was made", reason(done))
        lock.put(os.path.join(place.gitdir, FOLDER, "index"))
    return {}


def recover(place: Place) -> None:
    """Finish or drop what a killed process left: where the branch has moved, the index follows it.

    Locked, and all is kept for the next command, where another program has locked the index.
    """
    # A kill in the moment of git update-ref left the branch's lock, and every later commit was refused.
    if os.path.exists(os.path.join(place.gitdir, FOLDER, "journal")):
        ref_locks.swept(place.root)
    _finish(place)


def _finish(place: Place) -> None:
    folder = os.path.join(place.gitdir, FOLDER)
    index = os.path.join(folder, "index")
    index_lock.swept(place.index, os.path.join(folder, MARKED))
    with contextlib.suppress(FileNotFoundError, ValueError):
        with open(os.path.join(folder, "journal"), encoding="utf-8", errors="surrogateescape") as stream:
            journal = json.load(stream)
        if head(place.root).commit == journal["new"] and os.path.exists(index):
            with _index(place) as lock:
                # The person staged something since: their index keeps that, and gets our entries only.
                if digest(place.index) != journal["digest"]:
                    _edited(place, journal.get("lines", ()))
                lock.put(index)
    shutil.rmtree(folder, ignore_errors=True)


def _index(place: Place) -> AbstractContextManager[Lock]:
    return index_lock.held(place.index, os.path.join(place.gitdir, FOLDER, MARKED))


def _line(path: str, edit: tuple[str, str] | None, width: int) -> str:
    mode, content = edit or ("0", "0" * width)
    return f"{mode} {content}\t{path}\0"


@contextlib.contextmanager
def _scratch(place: Place, base: str) -> Iterator[str]:
    """A linked working tree at the commit `base`, without files; one of an unborn branch where that is empty."""
    _drop_stale(place)
    with temporary.folder() as outer:
        folder = os.path.join(outer, f"{FOLDER}-{os.getpid()}")
        start = base or objects.git(place.root, "commit-tree", "-m", "none", snapshot.EMPTY_TREE).strip()
        try:
            objects.git(place.root, "worktree", "add", "--quiet", "--detach", "--no-checkout", folder, start)
            # `worktree add` needs a commit to start from, and an unborn branch has none: it gets an empty one to leave.
            if not base:
                _git(folder, "symbolic-ref", "HEAD", "refs/worktree/devtools-apply")
            yield folder
        finally:
            git(place.root, "worktree", "remove", "--force", folder)


def _drop_stale(place: Place) -> None:
    """Remove the scratch trees of processes that are gone."""
    for line in objects.git(place.root, "worktree", "list", "--porcelain").splitlines():
        name = os.path.basename(line)
        if line.startswith("worktree ") and name.startswith(f"{FOLDER}-") and not _alive(name.rpartition("-")[2]):
            folder = line.removeprefix("worktree ")
            # Twice: git locks a tree while it makes it, and a kill leaves it locked.
            git(place.root, "worktree", "remove", "--force", "--force", folder)
            shutil.rmtree(os.path.dirname(folder), ignore_errors=True)
    git(place.root, "worktree", "prune")


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (OSError, ValueError) as error:
        return isinstance(error, PermissionError)  # somebody else's process
    return True


def _hooked(folder: str) -> bool:
    """Whether a hook will look at the files of a commit."""
    found = _git(folder, "rev-parse", "--git-path", "hooks").out.removesuffix("\n")
    return any(os.access(os.path.join(folder, found, name), os.X_OK) for name in HOOKS)


def _commit(folder: str, link: Link, files: bool) -> str:
    subject = link.message.split("\n", 1)[0]
    # Files are written only if a hook will look at them: the commit itself needs none.
    done = _git(folder, "read-tree", *(["--reset", "-u"] if files else []), link.tree)
    if not done.code:
        done = _git(folder, "commit", "--quiet", "--file=-", feed=link.message)
    if done.code:
        raise DevtoolsError(f"git refused the commit {subject!r}, so none was made", reason(done))
    commit, tree = _git(folder, "rev-parse", "HEAD", "HEAD^{tree}").out.split()
    if tree != link.tree:
        raise DevtoolsError(
            f"a hook changed the files of the commit {subject!r}, so none was made", "run the hook first"
        )
    return commit


def _git(folder: str, *arguments: str, feed: str | None = None) -> Completed:
    return run(["git", *arguments], folder, environment.of_hooks({MARK: "1"}, without=ELSEWHERE), feed=feed)
