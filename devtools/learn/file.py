"""LEARNINGS.md on disk, and the insights that the git log holds."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence

from devtools.errors import ToolError, UsageError
from devtools.git import head as heads
from devtools.git.safe_process import OFFLINE, git
from devtools.learn import trailers
from devtools.learn.markdown import Entry, parse
from devtools.system import sealed
from devtools.system.store import Store

NAME = "LEARNINGS.md"
MOST = 16 * 1024 * 1024
NEW = 0o644
_PLAIN = ("-c", "diff.noprefix=false", "-c", "color.ui=never")
_TRAILERS = "%(trailers:only,unfold,separator=%x01)"


def place(root: str) -> tuple[str, str]:
    """Return the folder and the name of the file, where a link within the repository leads.

    UsageError where one leads out.
    """
    top = os.path.realpath(root)
    real = os.path.realpath(os.path.join(top, NAME))
    name = os.path.relpath(real, top)
    # A clone could ship the file as a link to a shell's start file, into which sync wrote what a commit said.
    if name.split(os.sep)[0].casefold() in ("..", ".git", ".claude"):
        raise UsageError(f"{NAME} is a link that leads out of the repository's files", "make it a regular file")
    return top, name


def read(root: str) -> str:
    """Return the file's text, undecodable bytes kept; empty where there is none. UsageError where it cannot be read."""
    try:
        return sealed.read(*place(root), MOST).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UsageError(f"cannot read {NAME}", error.strerror or "") from error


def grow(store: Store, root: str, add: Callable[[str], str]) -> bool:
    """Replace the file, whole, by what `add` makes of it; whether that changed anything.

    Sessions wait for one another; what a person saves meanwhile is read again. Mode and symbolic link stay.
    """
    with store.locked():
        while True:
            before = read(root)
            after = add(before)
            if after == before:
                return False
            try:
                if put(root, before, after, store.folder):
                    return True
            except OSError as error:
                raise UsageError(f"cannot write {NAME}", error.strerror or "") from error


def put(root: str, before: str, after: str, aside: str) -> bool:
    """Put a text in the place of the one that was read, whole or not at all; False where somebody wrote meanwhile.

    It is written in the folder `aside` first. OSError where that cannot be.
    """
    top, name = place(root)
    path = os.path.join(top, name)
    mode = stat.S_IMODE(os.stat(path).st_mode) if os.path.exists(path) else NEW
    data = after.encode("utf-8", "surrogateescape")
    if not os.path.isdir(os.path.dirname(path)):
        raise FileNotFoundError(2, "a link leads to a folder that is not there")
    # A person may save the file meanwhile, so it is replaced only if it is still the text that was read.
    return sealed.write(top, name, data, mode, aside=aside, still=lambda: read(root) == before)


def version(path: str) -> str:
    """Return one of the versions that git lays before a merge driver. UsageError where it cannot be read."""
    try:
        return sealed.contents(path, MOST).decode("utf-8", "surrogateescape")
    except OSError as error:
        raise UsageError(f"cannot read {path}", error.strerror or "") from error


def replace_version(path: str, text: str) -> None:
    """Put the merged text where git looks for it."""
    folder, name = os.path.split(os.path.abspath(path))
    try:
        sealed.write(folder, name, text.encode("utf-8", "surrogateescape"), NEW)
    except OSError as error:
        raise UsageError(f"cannot write {path}", error.strerror or "") from error


def staged(root: str, stage: int) -> str:
    """Return the file as the index has it in this stage of a conflict, empty where it has none."""
    done = git(root, "cat-file", "blob", f":{stage}:{NAME}", env=OFFLINE)
    return "" if done.code else done.out


def head(root: str) -> str:
    """Return the commit of HEAD, empty before the first one."""
    return heads.head(root).commit


def follows(root: str, commit: str) -> bool:
    """Return whether HEAD contains that commit."""
    return bool(commit) and git(root, "merge-base", "--is-ancestor", commit, "HEAD").code == 0


def busy(root: str) -> bool:
    """Return whether git is in the middle of a merge, a rebase or the like, which a changed file would stop."""
    from devtools.git import draft as drafts

    return drafts.operation(drafts.find(root)) is not None


def logged(root: str, since: str = "", most: int = 0) -> list[Entry]:
    """Return the insights of the log's trailers, oldest first: of the commits after `since`, or of so many newest."""
    bound = [f"-{most}"] if most else []
    fields = _log(root, f"--format=%H%x00%as%x00{_TRAILERS}", "-z", *bound, _after(since)).split("\0")[:-1]
    rows = list(zip(*[iter(fields)] * 3, strict=True))
    return [entry for commit, date, said in reversed(rows) for entry in trailers.read(said.split("\x01"), commit, date)]


def messages(root: str, since: str = "") -> list[tuple[str, str, str, str]]:
    """Commit, date, subject and body of the commits after `since`, oldest first."""
    fields = _log(root, "--format=%H%x00%as%x00%s%x00%b", "-z", _after(since)).split("\0")[:-1]
    rows: list[tuple[str, str, str, str]] = list(zip(*[iter(fields)] * 4, strict=True))
    return rows[::-1]


def touched(root: str, commits: Sequence[str]) -> dict[str, list[str]]:
    """Return the files that each of these commits changed; of a merge none."""
    if not commits:
        return {}
    feed = "".join(f"{commit}\n" for commit in commits)
    done = git(
        root,
        *_PLAIN,
        "diff-tree",
        "--stdin",
        "-r",
        "--root",
        "--name-only",
        "--no-renames",
        "-z",
        feed=feed,
        env=OFFLINE,
    )
    if done.code:
        raise ToolError("git diff-tree failed", done.err.strip().split("\n")[0])
    found: dict[str, list[str]] = {commit: [] for commit in commits}
    paths: list[str] = []
    for part in done.out.split("\0"):
        if part in found:
            paths = found[part]
        elif part and part != NAME:
            paths.append(part)
    return found


def _after(since: str) -> str:
    return f"{since}..HEAD" if since else "HEAD"


def noted(root: str, since: str = "") -> list[Entry]:
    """Return what the commits after `since` wrote into the file, newest first, also what was taken out again."""
    patches = ("-p", "-U0")
    records = _log(root, "--format=%x00%H", *patches, _after(since), "--", NAME).split("\0")[1:]
    return [
        Entry(entry.text, commit=commit)
        for commit, _, patch in (record.partition("\n") for record in records)
        for entry in parse(_added(patch))
    ]


def _added(patch: str) -> str:
    """The added lines of a patch without context, its pieces kept apart by a comment."""
    kept = []
    for line in patch.split("\n"):
        if line.startswith("@@"):
            kept += ["", "<!-- -->"]
        elif line.startswith("+") and not line.startswith("+++"):
            kept.append(line[1:])
    return "\n".join(kept)


def _log(root: str, *arguments: str) -> str:
    if not head(root):
        return ""
    done = git(root, *_PLAIN, "log", "--encoding=UTF-8", *arguments, env=OFFLINE)
    if done.code:
        raise ToolError("git log failed", done.err.strip().split("\n")[0])
    return done.out
