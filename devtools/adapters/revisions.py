"""Commits of a range, as the proof of a history takes them."""

from __future__ import annotations

from dataclasses import dataclass

from devtools.adapters.process import Completed, run
from devtools.adapters.snapshot import EMPTY_TREE, tree_of
from devtools.core.errors import ToolError, UsageError

DEFAULTS = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


@dataclass(frozen=True)
class Revision:
    """One commit. `base` is the tree that it changed: its parent's, the empty one, or what a merge merges by itself."""

    commit: str
    parents: tuple[str, ...]
    tree: str
    base: str
    message: str
    clean_merge: bool = False

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]


def default_range(root: str) -> str:
    """What HEAD has and its upstream, else the default branch, has not; empty where neither is another commit."""
    for name in ("@{upstream}", *DEFAULTS):
        done = _git(root, "rev-parse", "--verify", "-q", f"{name}^{{commit}}")
        if done.code == 0:
            return f"{done.out.strip()}..HEAD"
    return ""


def revisions(root: str, span: str) -> list[Revision]:
    """The commits of a range, oldest first. UsageError where git does not know it."""
    if span.startswith("-"):
        raise UsageError(f"no range {span!r}", "give one as git log takes it, such as origin/main..HEAD")
    done = _git(root, "log", "-z", "--reverse", "--topo-order", "--format=%H%n%P%n%T%n%B", span, "--")
    if done.code:
        raise UsageError(f"no range {span!r}", "give one as git log takes it, such as origin/main..HEAD")
    return [_revision(root, *entry.split("\n", 3)) for entry in done.out.split("\0") if entry]


def _revision(root: str, commit: str, parents: str, tree: str, message: str) -> Revision:
    names = tuple(parents.split())
    if len(names) < 2:
        base = tree_of(root, names[0]) if names else EMPTY_TREE
        return Revision(commit, names, tree, base, message.rstrip("\n"))
    merged = _git(root, "merge-tree", "--write-tree", *names) if len(names) == 2 else None
    if merged and merged.code == 0:
        base = merged.out.split("\n")[0].strip()
        return Revision(commit, names, tree, base, message.rstrip("\n"), clean_merge=base == tree)
    return Revision(commit, names, tree, tree_of(root, names[0]), message.rstrip("\n"))


def was_before(root: str, path: str, content: str | None) -> bool:
    """Whether history knows the file with this content; for None, without the file."""
    wanted = [f"--find-object={content}"] if content else ["--diff-filter=A"]
    return bool(_git(root, "log", "-1", "--all", "--format=%H", *wanted, "--", path).out)


def _git(root: str, *arguments: str) -> Completed:
    done = run(["git", "-c", "core.quotePath=false", "--literal-pathspecs", *arguments], root)
    if done.code == 129:  # git's own usage message: the program is too old for an option
        raise ToolError(f"git {arguments[0]} does not know an option", "git 2.38 or newer is needed")
    return done
