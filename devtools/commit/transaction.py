"""Make the commit of a draft. git makes it; what follows in index and working tree happens though we be killed.

The order is: journal, the lock of the person's index, `git commit` on the draft's index, the person's index, the
journal's end. Moving HEAD decides: before it nothing of the person's has changed, after it all the rest is done, by the
child process that a kill of the command does not reach, or by the next command, from the journal. An index that another
program has locked could not follow: then HEAD does not move.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

from devtools.commit import fixes as fixing
from devtools.commit.fixes import Fix
from devtools.commit.insights import NAME, Add, Insight, grown, into_draft, into_tree
from devtools.errors import DevtoolsError, ToolError
from devtools.git import index_lock, ref_locks
from devtools.git.draft import Draft, Head, Place, digest, discard, head, merge
from devtools.git.index_lock import Lock, Locked
from devtools.system import environment
from devtools.system.process import Completed, run

LOCK_SECONDS = 10.0
# In the environment of git and its hooks, so that a hook of ours knows who commits.
MARK = "DEVTOOLS_COMMIT"
# Writes down the number of git's process, and of its group, before git begins.
NOTED = 'echo $$ > "$1"; shift; exec "$@"'
# The file of ours that bears the lock of the index as its second name.
MARKED = "held"
HOOKED = "a hook changed what had been checked: devtools verify HEAD^..HEAD"


@dataclass(frozen=True)
class Made:
    """The new commit; or git's own words why there is none. `note` is what the person should know."""

    commit: str = ""
    tree: str = ""
    refusal: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Journal:
    """What is needed to finish a commit: HEAD and index as they were, and the trees that were staged and planned.

    `staged` is the tree of the person's index before anything was added to it; `planned` that of the draft. `noted`
    says whether LEARNINGS.md was there before the insights. `fixes` are in the draft, not yet in the working tree.
    """

    head: str
    index: str
    staged: str
    planned: str
    insights: tuple[Insight, ...] = ()
    noted: bool = False
    fixes: tuple[Fix, ...] = ()


def commit(
    draft: Draft,
    message: str,
    staged: str,
    insights: Sequence[Insight] = (),
    add: Add = grown,
    fixes: Sequence[Fix] = (),
) -> Made:
    """Commit the draft, with all the person's hooks and settings. `staged` is the tree of the person's own index.

    The insights go into LEARNINGS.md by `add`, in the commit and in the working tree. The fixes, which the draft holds,
    follow in the working tree. DevtoolsError where HEAD has moved since the draft was made. An interrupt ends git and
    puts nothing in place.
    """
    # The checks took a while; what they have judged is the draft upon this HEAD and upon no other.
    if head(draft.place.root).commit != draft.head.commit:
        raise DevtoolsError("HEAD moved while the checks ran", "run devtools commit again")
    noted = into_draft(draft, insights, add) if insights else False
    journal = Journal(draft.head.commit, draft.digest, staged, draft.tree(), tuple(insights), noted, tuple(fixes))
    answer = sheltered(lambda: asdict(_commit(draft, message, journal, add)))
    return Made(**{**answer, "refusal": tuple(answer["refusal"])})


def recover(place: Place, add: Add = grown) -> str:
    """Finish or take back what a killed command left; the id of the commit that was finished, or an empty string.

    A commit was made where HEAD has the journal's HEAD for its parent and the draft's tree; a draft that is gone has
    been put in place of the index already.
    """
    try:
        journal = _read_journal(json.loads(place.kept("journal")))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        index_lock.swept(place.index, place.path(MARKED))
        return ""
    _outlive(place)
    _drop_stale_locks(place)
    now = head(place.root)
    draft = Draft(place, journal.index, Head(journal.head))
    if _follows(now, journal) and (not os.path.exists(draft.index) or now.tree == draft.tree()):
        with _index(place) as lock:
            # With `add`: without it --apply ended a killed commit, and left its insight out of the working tree's
            # LEARNINGS.md.
            note = finish(draft, journal, add, lock)
        if note:
            raise DevtoolsError(note)
        return now.commit
    discard(place)
    return ""


def _index(place: Place) -> AbstractContextManager[Lock]:
    return index_lock.held(place.index, place.path(MARKED))


def finish(draft: Draft, journal: Journal, add: Add, lock: Lock) -> str:
    """Bring the person's index, the fixed files and LEARNINGS.md up to the commit, then end the journal.

    What could not be done is returned as a note; the journal stays for the next command.
    """
    tree = draft.tree() if os.path.exists(draft.index) else journal.staged
    if tree != journal.staged:
        _install(draft, journal, tree, lock)
    fixing.into_tree(draft.place, journal.fixes)
    if journal.insights:
        try:
            into_tree(draft.place, journal.insights, add, journal.noted)
        except OSError as error:
            return f"{NAME} cannot be written ({error.strerror}): the next devtools commit tries again"
    # Last: as long as it is there the next command does the rest again, and doing it twice changes nothing.
    os.unlink(draft.place.path("journal"))
    return ""


def _read_journal(entry: dict[str, Any]) -> Journal:
    fixes = tuple(Fix(**each) for each in entry.get("fixes", ()))
    return Journal(**{**entry, "insights": tuple(map(tuple, entry["insights"])), "fixes": fixes})


def sheltered(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the result of `work`, done in a child process that goes on to its end when we are killed.

    An interrupt is handed on to it, and its result decides. What it raises is raised here, as one of ours.
    """
    read, write = os.pipe()
    child = os.fork()
    if not child:
        # Out of the session: a kill of the terminal's process group, or of the client's, does not reach it.
        os.setsid()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with contextlib.suppress(OSError):  # nobody may be there any more to read it
            os.write(write, json.dumps(_answer(work)).encode())
        os._exit(0)  # no clean-up of the parent's: its buffers and temporary folders are not ours to touch
    os.close(write)
    with open(read, encoding="utf-8") as stream:
        text = _read_on(stream.read, child)
    os.waitpid(child, 0)
    if not text:
        raise ToolError("the commit's process was killed", "run devtools commit again: it finishes what was begun")
    answer: dict[str, Any] = json.loads(text)
    if "interrupted" in answer:
        raise KeyboardInterrupt
    if "fault" in answer:
        raise (DevtoolsError if answer["ours"] else ToolError)(answer["fault"], answer["hint"])
    return answer


def _answer(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the work returned or raised, as data."""
    try:
        return work()
    except KeyboardInterrupt:
        return {"interrupted": True}
    except DevtoolsError as error:
        return {"fault": error.message, "hint": error.hint, "ours": error.exit_code == 1}
    except Exception as error:
        return {"fault": f"{type(error).__name__}: {error}", "hint": "", "ours": False}


def _read_on(read: Callable[[], str], child: int) -> str:
    while True:
        try:
            return read()
        except KeyboardInterrupt:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)


def _commit(draft: Draft, message: str, journal: Journal, add: Add = grown) -> Made:
    """The part that must not end half-way: from the journal to the journal's end."""
    _write(draft.place.path("message"), message)
    # From here on a kill is finished or taken back by the next command, which reads this first.
    _write(draft.place.path("journal"), json.dumps(asdict(journal)))
    try:
        # Before git commits: with the index locked by another git, it stayed behind the new commit, and the next plain
        # git commit deleted the files just committed.
        with _index(draft.place) as lock:
            return _under_lock(draft, journal, add, lock)
    except Locked as error:
        os.unlink(draft.place.path("journal"))
        return Made(refusal=(error.line(),))


def _under_lock(draft: Draft, journal: Journal, add: Add, lock: Lock) -> Made:
    interrupted = None
    done = Completed(0, "", "")
    try:
        own = {"GIT_INDEX_FILE": draft.index, MARK: "1", "GIT_REFLOG_ACTION": "devtools commit"}
        argv = ["git", "commit", "--quiet", "--file", draft.place.path("message")]
        done = run(
            ["sh", "-c", NOTED, "sh", draft.place.path("git"), *argv],
            draft.place.root,
            environment.of_hooks(own),
            gentle=True,
        )
    except KeyboardInterrupt as error:
        interrupted = error
    now = head(draft.place.root)
    if now.commit != journal.head and not _follows(now, journal):
        now = _undone(draft.place, journal, now)
    if now.commit == journal.head:
        os.unlink(draft.place.path("journal"))
        if interrupted:
            raise interrupted
        return Made(refusal=_lines(done) or (f"git commit ended with code {done.code}",))
    notes = [HOOKED if now.tree != journal.planned else "", finish(draft, journal, add, lock)]
    return Made(now.commit, now.tree, note="; ".join(filter(None, notes)))


def _follows(now: Head, journal: Journal) -> bool:
    return now.commit != journal.head and now.parents == ((journal.head,) if journal.head else ())


def _undone(place: Place, journal: Journal, now: Head) -> Head:
    """Another commit came in between ours and what was checked: ours, with its older tree, would take it back.

    Where the last commit is ours it is taken off the branch again.
    """
    if now.tree == journal.planned and now.parents:
        run(["git", "update-ref", "-m", "devtools commit: HEAD moved", "HEAD", now.parents[0], now.commit], place.root)
    os.unlink(place.path("journal"))
    raise DevtoolsError("HEAD moved while git made the commit", "run devtools commit again")


def _install(draft: Draft, journal: Journal, tree: str, lock: Lock) -> None:
    """The draft's index in the place of the person's, also of one that is gone; one that changed meanwhile gets our
    entries only."""
    if digest(draft.place.index) in (journal.index, ""):
        return lock.put(draft.index)
    merge(draft, journal.staged, tree, draft.place.path("merged"))
    lock.put(draft.place.path("merged"))
    return os.unlink(draft.index)


def _outlive(place: Place) -> None:
    """Wait for a git that the kill of our processes left at work; a dead one that nobody buried counts as such."""
    try:
        group = int(place.kept("git"))
    except ValueError:
        return
    deadline = time.monotonic() + LOCK_SECONDS
    with contextlib.suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.02)


def _drop_stale_locks(place: Place) -> None:
    """Locks that a kill of git or of us left: the one of the index that is ours, and those of HEAD."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(place.path("index.lock"))  # of the draft, which nobody else works on
    index_lock.swept(place.index, place.path(MARKED))
    ref_locks.swept(place.root)


def _write(path: str, text: str) -> None:
    """A whole file or none."""
    temporary = f"{path}.new"
    with open(temporary, "w", encoding="utf-8", errors="surrogateescape") as stream:
        stream.write(text)
    os.replace(temporary, path)


def _lines(done: Completed) -> tuple[str, ...]:
    """All that git and the hooks said, hints left out."""
    lines = (line.rstrip() for line in (done.out + "\n" + done.err).splitlines())
    return tuple(line for line in lines if line and not line.startswith("hint:"))
