"""Snapshots: git trees of what is staged or saved, and what changed between two of them.

Trees are ids in hex; paths are text with undecodable bytes as surrogates. Nothing here writes the person's index or
working tree: staging happens in a copy of the index.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from devtools.adapters.process import Completed, run
from devtools.core.errors import ToolError, UsageError

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
RENAME_LIMIT = 1000


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


def index_tree(root: str) -> str:
    """The tree of what is staged. UsageError while the index holds conflicts."""
    with _index_copy(root) as env:
        return _write_tree(root, env)


def worktree_tree(root: str, paths: Sequence[str] | None = None) -> str:
    """The tree of what is staged plus all changes of the working tree, or those of `paths` (from the root) only.

    Untracked files are part of it, ignored ones are not. UsageError where a path is unknown to git.
    """
    with _index_copy(root) as env:
        argv = ["add", "-A", *(["--pathspec-from-file=-", "--pathspec-file-nul"] if paths is not None else [])]
        if paths is None or paths:
            done = _git(root, argv, env, None if paths is None else "\0".join(paths))
            if done.code:
                raise UsageError("git cannot read the working tree", _words(done))
        return _write_tree(root, env)


def tree_of(root: str, rev: str) -> str:
    """The tree of a revision; EMPTY_TREE for a HEAD without a commit. UsageError for an unknown one."""
    done = _git(root, ["rev-parse", "--verify", "-q", "--end-of-options", f"{rev.removesuffix('^{tree}')}^{{tree}}"])
    if done.code == 0:
        return done.out.strip()
    if rev in ("HEAD", "HEAD^{tree}", EMPTY_TREE):
        return EMPTY_TREE
    raise UsageError(f"no revision {rev!r}", "git log shows what there is")


def changes(root: str, old_tree: str, new_tree: str) -> list[Change]:
    """What differs between two trees, renames found, in git's order."""
    options = ["-r", "-z", "--raw", "--numstat", "-M", f"-l{RENAME_LIMIT}", "--no-ext-diff", "--no-textconv"]
    done = _checked(root, ["diff-tree", *options, "--ignore-submodules=none", old_tree, new_tree])
    fields = iter(done.out.split("\0")[:-1])
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
    """A file's content in a tree; None where there is no such file."""
    done = _git(root, ["cat-file", "blob", f"{tree}:{path}"])
    return None if done.code else os.fsencode(done.out)


def entries(root: str, tree: str) -> dict[str, tuple[str, str]]:
    """All paths of a tree with their mode and object id."""
    listed = _checked(root, ["ls-tree", "-r", "-z", "--full-tree", tree]).out.split("\0")[:-1]
    parts = (entry.partition("\t") for entry in listed)
    return {path: (head.split(" ")[0], head.split(" ")[2]) for head, _, path in parts}


def compose(root: str, base: str, edits: Mapping[str, tuple[str, str] | None]) -> str:
    """A new tree: `base` with some paths set to a (mode, object id), or gone where that is None."""
    with tempfile.TemporaryDirectory(prefix="devtools-") as folder:
        env = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
        _checked(root, ["read-tree", base], env)
        lines = []
        for path, entry in sorted(edits.items(), key=lambda item: item[1] is not None):  # what goes makes room first
            lines.append(f"{'0' * 6} {'0' * 40}\t{path}" if entry is None else f"{entry[0]} {entry[1]}\t{path}")
        if lines:
            _checked(root, ["update-index", "-z", "--index-info"], env, "".join(f"{line}\0" for line in lines))
        return _write_tree(root, env)


@contextlib.contextmanager
def _index_copy(root: str) -> Iterator[dict[str, str]]:
    """An environment in which git works on a copy of the index: its time too, by which git knows what to read again."""
    index = os.path.join(root, _git_path(root, "--git-path", "index"))
    with tempfile.TemporaryDirectory(prefix="devtools-") as folder:
        copy = os.path.join(folder, "index")
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(index, copy)
        yield {"GIT_INDEX_FILE": copy}


def _write_tree(root: str, env: Mapping[str, str]) -> str:
    done = _git(root, ["write-tree"], env)
    if done.code and "unmerged" in done.err + done.out:
        raise UsageError("the index holds conflicts", "resolve them and git add the files")
    if done.code:
        raise ToolError("git write-tree failed", _words(done))
    return done.out.strip()


def _git_path(root: str, *arguments: str) -> str:
    return os.path.join(root, _checked(root, ["rev-parse", *arguments]).out.removesuffix("\n"))


def _git(
    root: str, arguments: Sequence[str], env: Mapping[str, str] | None = None, feed: str | None = None
) -> Completed:
    """git without hooks, with paths taken literally and in its own language."""
    fixed = {"LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0"}
    quiet = ["-c", "core.hooksPath=/dev/null", "-c", "advice.addEmbeddedRepo=false", "-c", "core.safecrlf=false"]
    return run(["git", *quiet, *arguments], root, {**os.environ, **fixed, **(env or {})}, feed=feed)


def _checked(
    root: str, arguments: Sequence[str], env: Mapping[str, str] | None = None, feed: str | None = None
) -> Completed:
    done = _git(root, arguments, env, feed)
    if done.code:
        raise ToolError(f"git {arguments[0]} failed", _words(done))
    return done


def _words(done: Completed) -> str:
    """Git's own reason: the line that says fatal or error, else the first one."""
    lines = [line for line in done.err.splitlines() if line.strip()]
    marked = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (marked or lines or [f"it ended with code {done.code}"])[0]
