"""Submodules of a snapshot: where this machine keeps their commits, and one tree that holds their files as well."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from devtools.errors import ToolError
from devtools.system import environment
from devtools.system.process import run
from devtools.system.state import git_folder, repository_of

GITLINK = "160000"


class Submodule(NamedTuple):
    """A repository within a tree, by its path from the outermost root.

    `store` is the git folder that holds its commit; empty where this machine does not have it.
    """

    path: str
    commit: str
    store: str


def submodules(root: str, common: str, tree: str) -> list[Submodule]:
    """Return the submodules of a tree, each before those within it; `common` is the repository's git folder.

    Nothing is fetched.
    """
    return list(_below(root, [git_folder(root), common], "", tree))


def _below(folder: str, stores: Sequence[str], prefix: str, tree: str) -> Iterator[Submodule]:
    """Those of one repository's tree, whose working copy is `folder`, and those within them."""
    listed = _git(["ls-tree", "-r", "-z", "--full-tree", tree], stores[-1]).split("\0")[:-1]
    links = {line.partition("\t")[2]: line.split()[2] for line in listed if line.startswith(GITLINK)}
    names = _names(stores[-1], tree) if links else {}
    for path, commit in links.items():
        inner = os.path.join(folder, path)
        own = [repository_of(inner)] if os.path.lexists(os.path.join(inner, ".git")) else []
        kept = [os.path.join(store, "modules", names.get(path, path)) for store in stores]
        store = next((each for each in (*own, *kept) if _holds(each, commit)), "")
        # Also without a store: who tests the tree has to say which submodule is missing.
        yield Submodule(f"{prefix}{path}", commit, store)
        if store:
            yield from _below(inner, [store], f"{prefix}{path}/", commit)


def _names(store: str, tree: str) -> dict[str, str]:
    """Path -> name, by the tree's .gitmodules: the name is where git keeps the repository."""
    said = _git(
        ["config", "-z", "--blob", f"{tree}:.gitmodules", "--get-regexp", r"^submodule\..*\.path$"], store, True
    )
    pairs = (entry.partition("\n") for entry in said.split("\0")[:-1])
    named = {path: key.removeprefix("submodule.").removesuffix(".path") for key, _, path in pairs}
    # The tree's author wrote these names: one with .. would have us look outside of git's own folder.
    return {path: name for path, name in named.items() if ".." not in posixpath.normpath(name).split("/")}


def _holds(store: str, commit: str) -> bool:
    return os.path.isdir(os.path.join(store, "objects")) and bool(
        _git(["rev-parse", "--verify", "-q", f"{commit}^{{tree}}"], store, True)
    )


def grafted(tree: str, inner: Sequence[Submodule], env: Mapping[str, str], index: str) -> str:
    """Return the tree with the files of its submodules in their places.

    Written where `env` says, by an index of its own.
    """
    held = [each for each in inner if each.store]
    if not held:
        return tree
    own = {**env, "GIT_INDEX_FILE": index}
    _run(["read-tree", tree], own)
    for each in held:
        _run(["update-index", "-z", "--index-info"], own, feed=f"{'0' * 6} {'0' * 40}\t{each.path}\0")
        _run(["read-tree", f"--prefix={each.path}/", each.commit], own)
    return _run(["write-tree"], own).strip()


def _git(arguments: Sequence[str], store: str, may_fail: bool = False) -> str:
    """Ask a git folder, whatever the environment names and whether or not its own working copy is there.

    A lazily cloned one fetches nothing for it.
    """
    env = environment.of_git({"GIT_DIR": store, "GIT_WORK_TREE": os.sep, "GIT_NO_LAZY_FETCH": "1"}, without=["GIT_"])
    return _run(arguments, env, may_fail)


def _run(arguments: Sequence[str], env: Mapping[str, str], may_fail: bool = False, feed: str | None = None) -> str:
    done = run(["git", *arguments], env["GIT_WORK_TREE"], env, feed=feed)
    if done.code and not may_fail:
        raise ToolError("git cannot read a submodule", done.err.strip().split("\n")[0])
    return "" if done.code else done.out
