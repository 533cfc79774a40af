"""A scratch folder that holds exactly one tree: a repository of its own that borrows the person's objects."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence

from devtools.errors import ToolError
from devtools.git.safe_process import reason
from devtools.git.submodules import GITLINK, Submodule, grafted
from devtools.system import environment
from devtools.system.process import run

READY = "info/ready"  # in a scratch repository that is whole
# Made by tools out of the files and worth keeping between two snapshots.
KEPT = (".mypy_cache", ".ruff_cache", ".pytest_cache", "__pycache__")
# What a scratch folder holds is the tree's bytes: no line ends, filters or encodings of this machine.
ATTRIBUTES = "* -text !eol !filter -ident !working-tree-encoding\n"
CONFIG = "[core]\n\tprotectNTFS = false\n\tprotectHFS = false\n\thooksPath = /dev/null\n[gc]\n\tauto = 0\n"
# Nobody's name: with devtools as the author, a test that asked for it passed under the proof alone.
IDENTITY = {
    f"GIT_{role}_{name}": value
    for role in ("AUTHOR", "COMMITTER")
    for name, value in (("NAME", "author"), ("EMAIL", "author@localhost"), ("DATE", "1000000000 +0000"))
}


def fill(folder: str, common: str, tree: str, inner: Sequence[Submodule], branch: str) -> None:
    """Make the folder hold the tree, whatever an earlier use or its end left there."""
    own_settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_NO_REPLACE_OBJECTS": "1"}
    env = environment.of_git(own_settings, without=["GIT_"])
    own = os.path.join(folder, ".git")
    env |= {"GIT_DIR": own, "GIT_WORK_TREE": folder}  # never another repository, however damaged this one is
    if not os.path.exists(os.path.join(own, READY)):
        _create(folder, own, common, env)
    with contextlib.suppress(FileNotFoundError):  # of a git that was killed: who holds the slot is alone here
        os.unlink(os.path.join(own, "index.lock"))
    try:
        _check_out(folder, tree, inner, env, branch)
    except ToolError:  # a damaged scratch tree is worth nothing
        _create(folder, own, common, env)
        _check_out(folder, tree, inner, env, branch)


def _create(folder: str, own: str, common: str, env: Mapping[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    _git(folder, env, "init", "-q", "-b", "main", "--template=")
    for name, text in (
        ("objects/info/alternates", os.path.join(common, "objects") + "\n"),
        ("info/attributes", ATTRIBUTES),
        ("info/exclude", ""),
    ):
        os.makedirs(os.path.dirname(os.path.join(own, name)), exist_ok=True)
        _write(os.path.join(own, name), text)
    with open(os.path.join(own, "config"), "a", encoding="utf-8") as stream:
        stream.write(CONFIG)
    # Last: a kill before this leaves a repository that is made again from the start.
    _write(os.path.join(own, READY), "")


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as stream:
        stream.write(text)


def _check_out(folder: str, tree: str, inner: Sequence[Submodule], env: Mapping[str, str], branch: str) -> None:
    """Only what differs is written; then the rest that a run left is removed but for the caches."""
    own = os.path.join(folder, ".git")
    _lend(own, [each.store for each in inner if each.store])
    tree = grafted(tree, inner, env, os.path.join(own, "index.next"))
    differing = _git(folder, env, "diff-index", "-z", "--no-renames", "--ignore-submodules=none", tree)
    _git(folder, env, "read-tree", "--reset", "-u", tree)
    fields = differing.split("\0")[:-1]
    if fields:
        _set_times(folder, zip(fields[::2], fields[1::2], strict=True))
        _git(folder, env, "update-index", "-q", "--refresh", accept=(0, 1))
    # Twice -f: a test may have left a repository of its own in here, which git spares at one.
    _git(folder, env, "clean", "-ffdxq", *(f"--exclude={name}" for name in KEPT))
    # Always the same author and date: one tree has one commit, and no test can tell when it was made.
    commit = _git(folder, {**env, **IDENTITY}, "commit-tree", "-m", "chore: update", tree)
    _stand_on(own, branch, commit)


def _stand_on(own: str, branch: str, commit: str) -> None:
    """Make HEAD that commit, on this branch and with no other beside it."""
    shutil.rmtree(os.path.join(own, "refs", "heads"), ignore_errors=True)
    os.makedirs(os.path.dirname(os.path.join(own, branch)) if branch else os.path.join(own, "refs", "heads"))
    if branch:
        _write(os.path.join(own, branch), commit)
    _write(os.path.join(own, "HEAD"), f"ref: {branch}\n" if branch else commit)


def _lend(own: str, stores: Iterable[str]) -> None:
    """Let the scratch repository read the objects of submodules too."""
    # Without them tests that read a submodule's data failed on every snapshot: 21 commits of tomlkit were errors.
    path = os.path.join(own, "objects", "info", "alternates")
    with open(path, "r+", encoding="utf-8", errors="surrogateescape") as stream:
        known = stream.read().splitlines()
        places = (os.path.join(os.path.realpath(store), "objects") for store in stores)
        stream.writelines(f"{place}\n" for place in places if place not in known)


def _set_times(folder: str, differing: Iterable[tuple[str, str]]) -> None:
    """Give each written file a time made of its content's id: caches that look at whole seconds see every change."""
    for head, path in differing:
        mode, _, content, *_ = head[1:].split(" ")
        if mode not in ("000000", GITLINK, "120000"):
            # Seven digits of hex are eight years and a half: from 2001 on, so that no time is in the future.
            seconds = 1_000_000_000 + int(content[:7], 16)
            os.utime(os.path.join(folder, path), (seconds, seconds), follow_symlinks=False)


def _git(folder: str, env: Mapping[str, str], *arguments: str, accept: tuple[int, ...] = (0,)) -> str:
    done = run(["git", *arguments], folder, env)
    if done.code not in accept:
        raise ToolError(f"git {arguments[0]} failed in the scratch tree", reason(done))
    return done.out
