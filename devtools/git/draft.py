"""A commit in the making: a copy of the index in git's own folder, worked on while the person's index stays."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from devtools.errors import DevtoolsError, ToolError, UsageError
from devtools.git.head import Head as Head
from devtools.git.head import head as head
from devtools.git.safe_process import ask, reason
from devtools.system import environment, sealed
from devtools.system import lock as locking
from devtools.system.process import Completed, run

FOLDER = "devtools-commit"
LOCK_SECONDS = 10.0
# What git leaves in its folder while an operation waits for the person, and how that one goes on or ends.
OPERATIONS = {
    "MERGE_HEAD": ("a merge", "git merge --continue, or git merge --abort"),
    "rebase-merge": ("a rebase", "git rebase --continue, or git rebase --abort"),
    # Before rebase-apply: git keeps both in that folder, and a git am must not be told to go on as a rebase.
    "rebase-apply/applying": ("a git am", "git am --continue, or git am --abort"),
    "rebase-apply": ("a rebase", "git rebase --continue, or git rebase --abort"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --continue, or git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert", "git revert --continue, or git revert --abort"),
    "sequencer": ("a sequence of picks", "git cherry-pick --continue or --abort, or the same of git revert"),
    "BISECT_LOG": ("a bisect", "git bisect reset"),
}


@dataclass(frozen=True)
class Place:
    """One working tree: its top folder, its own git folder, its index."""

    root: str
    gitdir: str
    index: str

    def path(self, name: str) -> str:
        """Return a file of ours, on the same file system as the index so that it can be moved there."""
        return os.path.join(self.gitdir, FOLDER, name)

    def kept(self, name: str) -> bytes:
        """Return a file of ours, empty where there is none; a link or a pipe in its place is none."""
        try:
            # A pipe in the place of the journal made the next devtools commit wait for ever for its writer.
            return sealed.read(self.gitdir, f"{FOLDER}/{name}")
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ELOOP, errno.EINVAL):
                return b""
            raise


@dataclass(frozen=True)
class Draft:
    """A copy of the index, and what the index and HEAD were when it was made."""

    place: Place
    digest: str
    head: Head
    trees: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def index(self) -> str:
        return self.place.path("index")

    def git(self, *arguments: str, cwd: str = "", feed: str | None = None) -> Completed:
        """git, with the copy for its index; a path means itself, whatever signs it holds."""
        # Else `devtools commit '*.py'`, or a file that is named `:(glob)*`, stages whatever matches.
        env = environment.of_git({"GIT_INDEX_FILE": self.index, "GIT_LITERAL_PATHSPECS": "1"})
        return run(["git", *arguments], cwd or self.place.root, env, feed=feed)

    def checked(self, *arguments: str, feed: str | None = None) -> str:
        """Return what git says; ToolError with its words where it fails."""
        done = self.git(*arguments, feed=feed)
        if done.code:
            raise ToolError(f"git {arguments[0]} failed", reason(done))
        return done.out

    def tree(self) -> str:
        """Return the tree that would be committed. UsageError while the index holds conflicts.

        git is asked again only where the copy has changed since.
        """
        # A hash of the index is cheaper than a process: 3 of 17 that a commit started asked for a tree that was known.
        now = digest(self.index)
        if now not in self.trees:
            tree = self._tree()  # which may note in the index what it found
            self.trees.update({now: tree, digest(self.index): tree})
        return self.trees[now]

    def _tree(self) -> str:
        done = self.git("write-tree")
        if done.code and "unmerged" in done.err:
            raise UsageError("the index holds conflicts", "resolve them and git add the files")
        if done.code:
            raise ToolError("git write-tree failed", reason(done))
        return done.out.strip()


def find(root: str) -> Place:
    """Return the place of the working tree whose top is `root`."""
    gitdir = ask(root, "rev-parse", "--absolute-git-dir").removesuffix("\n")
    return Place(root, gitdir, os.path.join(root, os.environ.get("GIT_INDEX_FILE") or os.path.join(gitdir, "index")))


def operation(place: Place) -> tuple[str, str] | None:
    """Return the operation that git is in the middle of, and how it goes on; None where it is in none."""
    found = (entry for name, entry in OPERATIONS.items() if os.path.exists(os.path.join(place.gitdir, name)))
    return next(found, None)


@contextlib.contextmanager
def held(place: Place) -> Iterator[None]:
    """Hold the right to commit here. A second session waits ten seconds, then fails with one line.

    The lock goes with the last process that holds it: a commit that outlives the kill of its command keeps it. A link
    in the place of our folder is refused: what lies where it leads is not ours.
    """
    try:
        # With .git/devtools-commit as a link, devtools commit removed every file where it led.
        sealed.make(place.gitdir, FOLDER)
    except OSError as error:
        error.filename = place.path("")
        raise
    refusal = DevtoolsError("another devtools commit is at work here", "try again when it is done")
    with locking.held(place.path("lock"), LOCK_SECONDS, refusal):
        yield


@contextlib.contextmanager
def opened(place: Place) -> Iterator[Draft]:
    """Open a draft of what is staged now, and remove it at the end unless a commit of it is still to be finished."""
    discard(place)
    try:
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(place.index, place.path("index"))
        yield Draft(place, digest(place.index), head(place.root))
    finally:
        if not os.path.exists(place.path("journal")):
            discard(place)


def discard(place: Place) -> None:
    """Remove what a draft left, also one that was killed; the lock's file stays."""
    for name in os.listdir(place.path("")):
        if name != "lock":
            os.unlink(place.path(name))


def digest(path: str) -> str:
    """Return a file's content in short, empty where there is none."""
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def stage(draft: Draft, folder: str, paths: Sequence[str]) -> None:
    """Stage what lies at these paths, written from `folder`, in the draft; also what is gone from there.

    UsageError where git knows no such path, or another repository holds it. One whose removal is staged already is
    fine.
    """
    for path in paths:
        # git add takes a file of a nested repository without a word and stages nothing.
        inner = _inner(draft.place.root, os.path.join(folder, path))
        if inner:
            raise UsageError(f"{path!r} belongs to the repository {inner!r}", "commit it from there")
    done = draft.git("add", "-A", "--", *paths, cwd=folder)
    if done.code and "did not match any files" in done.err:
        rest = [path for path in paths if not _removed(draft, folder, path)]
        done = draft.git("add", "-A", "--", *rest, cwd=folder) if rest else done._replace(code=0)
    if done.code:
        raise UsageError(f"git add: {reason(done)}", "git status shows what can be staged")


def _inner(root: str, path: str) -> str:
    """The innermost repository inside of ours that holds the path; empty where ours itself does."""
    top = os.path.realpath(root)
    place = os.path.realpath(os.path.dirname(path))
    while place.startswith(top + os.sep):
        if os.path.lexists(os.path.join(place, ".git")):
            return os.path.relpath(place, top)
        place = os.path.dirname(place)
    return ""


def _removed(draft: Draft, folder: str, path: str) -> bool:
    """Whether a path is gone from the index and from the working tree, but not from the last commit."""
    if draft.git("ls-files", "--error-unmatch", "--", path, cwd=folder).code == 0:
        return False
    return bool(draft.git("diff", "--cached", "--name-only", "-z", "--", path, cwd=folder).out)


def merge(draft: Draft, staged: str, tree: str, index: str) -> None:
    """Write to `index` the person's index with the entries in which `tree` differs from `staged`, what the draft began
    with; an entry that is not as it was there stays as it is."""
    place = draft.place
    shutil.copy2(place.index, index)
    fields = draft.checked("diff-tree", "-r", "-z", "--no-renames", staged, tree).split("\0")[:-1]
    heads = [entry[1:].split(" ") for entry in fields[::2]]
    env = {"GIT_INDEX_FILE": index}
    listed = ask(place.root, "ls-files", "-s", "-z", env=env).split("\0")[:-1]
    current = {path: tuple(text.split(" ")) for text, _, path in (entry.partition("\t") for entry in listed)}
    lines = ""
    for (old_mode, new_mode, old, new, _), path in zip(heads, fields[1::2], strict=True):
        if current.get(path, ("0" * 6, "0" * len(old), "0")) == (old_mode, old, "0"):
            lines += f"{new_mode if int(new, 16) else '0'} {new}\t{path}\0"
    ask(place.root, "update-index", "-z", "--index-info", feed=lines, env=env)
