"""Snapshots: git trees of what is staged or saved, what changed between two of them, and a folder that holds one.

Trees are ids in hex; paths are text with undecodable bytes as surrogates. Nothing here writes the person's index or
working tree: staging happens in a copy of the index, and scratch folders are repositories of their own that borrow the
person's objects.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from devtools.errors import ToolError, UsageError
from devtools.git import pool, scratch
from devtools.git.safe_process import answer, ask, reason, unfiltered
from devtools.git.submodules import GITLINK as GITLINK
from devtools.git.submodules import Submodule as Submodule
from devtools.git.submodules import submodules
from devtools.system import temporary

HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
RENAME_LIMIT = 1000
UNWRITABLE = ("failed to insert into database", "unable to write")  # what git says where a disk is full


@dataclass(frozen=True)
class Change:
    """One path that differs. `status` is A, M, D, R or T; `old_path` differs from `path` only for R."""

    path: str
    old_path: str
    status: str
    old_mode: str
    new_mode: str
    added: int
    deleted: int
    binary: bool


def worktree_tree(root: str, paths: Sequence[str] | None = None, filters: bool = True) -> str:
    """Return the tree of what is staged plus all changes of the working tree, or those of `paths` (from the root) only.

    Untracked files are part of it, ignored ones are not. UsageError where a path is unknown to git. Without `filters`
    no program of the repository's settings changes what is read, and submodules are as they are staged.
    """
    with _index_copy(root) as env:
        env |= {} if filters else unfiltered(root)
        argv = ["add", "-A", *(["--pathspec-from-file=-", "--pathspec-file-nul"] if paths is not None else [])]
        if not filters and paths is None:
            argv += ["--", ":(top)", *_without_submodules(root, env)]
            env["GIT_LITERAL_PATHSPECS"] = "0"
        if paths is None or paths:
            done = answer(root, *argv, env=env, feed=None if paths is None else "\0".join(paths))
            if done.code:
                if any(words in done.err for words in UNWRITABLE):
                    raise ToolError("git cannot write into its folder", reason(done))
                raise UsageError("git cannot read the working tree", reason(done))
        return _write_tree(root, env)


def _without_submodules(root: str, env: Mapping[str, str]) -> list[str]:
    """Pathspecs that leave submodules out: git looks into each by a status there, which heeds the settings there."""
    staged = (line.partition("\t") for line in ask(root, "ls-files", "-s", "-z", env=env).split("\0"))
    return [f":(top,exclude,literal){path}" for head, _, path in staged if head.startswith(GITLINK)]


def tree_of(root: str, rev: str) -> str:
    """Return the tree of a revision; EMPTY_TREE for a HEAD without a commit. UsageError for an unknown one."""
    named = f"{rev.removesuffix('^{tree}')}^{{tree}}"
    done = answer(root, "rev-parse", "--verify", "-q", "--end-of-options", named)
    if done.code == 0:
        return done.out.strip()
    if rev in ("HEAD", "HEAD^{tree}", EMPTY_TREE):
        return EMPTY_TREE
    raise UsageError(f"no revision {rev!r}", "git log shows what there is")


def changes(root: str, old_tree: str, new_tree: str) -> list[Change]:
    """Return what differs between two trees, renames found, in git's order."""
    options = ["-r", "-z", "--raw", "--numstat", "-M", f"-l{RENAME_LIMIT}", "--no-ext-diff", "--no-textconv"]
    said = ask(root, "diff-tree", *options, "--ignore-submodules=none", old_tree, new_tree)
    fields = iter(said.split("\0")[:-1])
    raw: dict[str, tuple[str, str, str, str]] = {}
    found = []
    for entry in fields:
        if entry.startswith(":"):
            old_mode, new_mode, _, _, status = entry[1:].split(" ")
            old_path = path = next(fields)
            if status[0] in "RC":
                path = next(fields)
            raw[path] = (old_path, status[0], old_mode, new_mode)
            continue
        added, deleted, path = entry.split("\t", 2)
        if not path:
            next(fields)
            path = next(fields)
        old_path, status, old_mode, new_mode = raw[path]
        numbers = (0, 0) if added == "-" else (int(added), int(deleted))
        found.append(Change(path, old_path, status, old_mode, new_mode, *numbers, binary=added == "-"))
    return found


def read(root: str, tree: str, path: str) -> bytes | None:
    """Return a file's content in a tree; None where there is no such file."""
    done = answer(root, "cat-file", "blob", f"{tree}:{path}")
    return None if done.code else os.fsencode(done.out)


def changed_lines(root: str, old_tree: str, new_tree: str, old_path: str | None, path: str) -> set[int]:
    """Return the numbers of the lines of a file that are new or changed; all of them where there was no old file."""
    old = f"{old_tree}:{old_path}" if old_path else blob(root, "")
    options = ["-U0", "-a", "--no-color", "--no-ext-diff", "--no-textconv", "--no-prefix"]
    said = ask(root, "diff", *options, old, f"{new_tree}:{path}")
    found: set[int] = set()
    for line in said.split("\n"):
        match = HUNK.match(line)
        if match:
            start, count = int(match[1]), int(match[2] or 1)
            found.update(range(start, start + count))
    return found


def blob(root: str, text: str) -> str:
    """Return the object id of a text that is kept in the repository, in no tree so far."""
    return ask(root, "hash-object", "-w", "--no-filters", "--stdin", feed=text).strip()


def entries(root: str, tree: str) -> dict[str, tuple[str, str]]:
    """Return all paths of a tree with their mode and object id."""
    return dict(_entries(root, tree) if ID.fullmatch(tree) else _entries.__wrapped__(root, tree))


def differing(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Return the paths whose entries in two trees differ, in order."""
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


@functools.lru_cache(maxsize=8)
def _entries(root: str, tree: str) -> dict[str, tuple[str, str]]:
    """The same for an id, asked once: what has that id never changes, and a proof asks for each tree four times."""
    listed = ask(root, "ls-tree", "-r", "-z", "--full-tree", tree).split("\0")[:-1]
    parts = (entry.partition("\t") for entry in listed)
    return {path: (head.split(" ")[0], head.split(" ")[2]) for head, _, path in parts}


def blobs(root: str, contents: Sequence[str]) -> dict[str, bytes]:
    """Return the bytes of many object ids, in one process."""
    if not contents:
        return {}
    data = os.fsencode(ask(root, "cat-file", "--batch", feed="".join(f"{each}\n" for each in contents)))
    found, place = {}, 0
    for content in contents:
        end = data.index(b"\n", place)
        head = data[place:end].split(b" ")
        if len(head) == 3:
            size = int(head[2])
            found[content] = data[end + 1 : end + 1 + size]
            end += size + 1
        place = end + 1
    return found


def compose(root: str, base: str, edits: Mapping[str, tuple[str, str] | None]) -> str:
    """Return a new tree: `base` with some paths set to a (mode, object id), or gone where that is None."""
    with temporary.folder() as folder:
        env = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
        ask(root, "read-tree", base, env=env)
        lines = []
        for path, entry in sorted(edits.items(), key=lambda item: item[1] is not None):  # what goes makes room first
            lines.append(f"{'0' * 6} {'0' * 40}\t{path}" if entry is None else f"{entry[0]} {entry[1]}\t{path}")
        if lines:
            ask(root, "update-index", "-z", "--index-info", env=env, feed="".join(f"{line}\0" for line in lines))
        return _write_tree(root, env)


@contextlib.contextmanager
def materialised(root: str, tree: str) -> Iterator[str]:
    """A folder outside the repository that holds exactly that tree and is ours alone while inside.

    It is a git repository whose HEAD is one commit of that tree, on a branch of the person's name. The folders are a
    pool in the user's cache, one pool a repository, changed from snapshot to snapshot rather than made anew, caches of
    tools kept. A file's time comes from its content, so that a cache made for other content is never taken for its own.
    A submodule's files are in their places where this machine has its commit; where not, its folder is empty.
    Nothing that is tested there shall see that it is no clone: neither folder nor repository has a name that tells.
    """
    common = _common(root)
    _complete(root, common, tree)
    with pool.slot(pool.folder_of(root, common)) as slot:
        folder = os.path.join(slot, _name(common))
        # Most trees hold no submodule, and listing a whole tree to learn that was a process for nothing.
        linked = any(mode == GITLINK for mode, _ in entries(root, tree).values())
        scratch.fill(folder, common, tree, submodules(root, common, tree) if linked else [], _branch(root))
        yield folder


def _name(common: str) -> str:
    """The name of the repository's own folder."""
    folder, name = os.path.split(common)
    return os.path.basename(folder) if name == ".git" else name.removesuffix(".git")


def _branch(root: str) -> str:
    """The full name of the branch that HEAD stands on; empty where it stands on none, or where git hides it."""
    with open(_head(root), encoding="utf-8", errors="surrogateescape") as stream:
        name = stream.read().removeprefix("ref:").strip()
    return name if name.startswith("refs/heads/") and not name.startswith("refs/heads/.") else ""


def _complete(root: str, common: str, tree: str) -> None:
    """In a partial clone let git fetch what the tree lacks, all at once: the scratch repository cannot."""
    # The scratch repository knows of no promise: a blob that git had not fetched yet looked like damage there.
    packs = os.path.join(common, "objects", "pack")
    if any(name.endswith(".promisor") for name in (os.listdir(packs) if os.path.isdir(packs) else ())):
        ask(root, "diff-tree", "-r", "--numstat", EMPTY_TREE, tree)


def inner(root: str, tree: str) -> list[Submodule]:
    """Return the submodules of a tree, also those whose commit this machine lacks: a scratch folder lacks them too."""
    return submodules(root, _common(root), tree)


@functools.cache
def _head(root: str) -> str:
    """The file that says where HEAD stands: asked once, as the folder below, since neither moves while we work."""
    return _git_path(root, "--git-path", "HEAD")


@functools.cache
def _common(root: str) -> str:
    """The git folder that all working trees of the repository share."""
    return os.path.realpath(_git_path(root, "--git-common-dir"))


@contextlib.contextmanager
def _index_copy(root: str) -> Iterator[dict[str, str]]:
    """An environment in which git works on a copy of the index: its time too, by which git knows what to read again."""
    index = os.path.join(root, _git_path(root, "--git-path", "index"))
    with temporary.folder() as folder:
        # In a temporary folder of ours, so that the next command sweeps the copy that a kill leaves.
        copy = os.path.join(folder, "index")
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(index, copy)
        yield {"GIT_INDEX_FILE": copy}


def _write_tree(root: str, env: Mapping[str, str]) -> str:
    done = answer(root, "write-tree", env=env)
    if done.code and "unmerged" in done.err + done.out:
        raise UsageError("the index holds conflicts", "resolve them and git add the files")
    if done.code:
        raise ToolError("git write-tree failed", reason(done))
    return done.out.strip()


def _git_path(root: str, *arguments: str) -> str:
    return os.path.join(root, ask(root, "rev-parse", *arguments).removesuffix("\n"))
