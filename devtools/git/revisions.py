"""Commits of a range, as the proof of a history takes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtools.errors import ToolError, UsageError
from devtools.git import commits
from devtools.git.safe_process import answer
from devtools.git.snapshot import EMPTY_TREE
from devtools.system.process import Completed

if TYPE_CHECKING:
    from git import Commit

DEFAULTS = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


@dataclass(frozen=True)
class Revision:
    """One commit. `base` is the tree that it changed: its parent's, the empty one, or what a merge merges by itself.

    `severed` says why that cannot be known here, and what to do; it is empty where it is known.
    """

    commit: str
    parents: tuple[str, ...]
    tree: str
    base: str
    message: str
    clean_merge: bool = False
    severed: str = ""

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]


def default_range(root: str) -> str:
    """Return what HEAD has and its upstream, else the default branch, has not; empty where neither is another commit.

    ToolError where there is a remote and its default branch is not here: then nothing says what is new.
    """
    upstream, default = (_first(root, names) for names in (("@{upstream}",), DEFAULTS))
    base, remotes = upstream or default, _remotes(root)
    span = f"{base}..HEAD" if base else ""
    # A clone of one branch finds nothing between HEAD and its upstream, and once answered that all is well.
    if default or not remotes or (span and _git(root, "rev-list", "-1", span, "--").out):
        return span
    fetch = f"git fetch {_depth(root)}{remotes[0]} '+refs/heads/*:refs/remotes/{remotes[0]}/*'"
    raise ToolError(f"the default branch of {remotes[0]} is not in this clone, so that no range can be judged", fetch)


def revisions(root: str, span: str) -> list[Revision]:
    """Return the commits of a range, oldest first.

    UsageError where git does not know it, ToolError where it is not here.
    """
    if span.startswith("-"):
        raise UsageError(f"no range {span!r}", "give one as git log takes it, such as origin/main..HEAD")
    done = _git(root, "rev-list", "--parents", "--reverse", "--topo-order", span, "--")
    if done.code:
        raise _unknown(root, span)
    # `devtools verify HEAD^{tree}` said "nothing to verify" and ended with 0, so that a slip in a CI script was green.
    if not _names_commits(root, span):
        raise UsageError(f"{span!r} names no commit", "give a range as git log takes it, such as origin/main..HEAD")
    # One process for the whole range: asking git for each parent's tree took 8.7 s for 500 commits, this took 2.3 s.
    with commits.opened(root) as repository:
        listed = (line.split() for line in done.out.splitlines())
        return [_revision(root, repository.commit(name), parents) for name, *parents in listed]


def _names_commits(root: str, span: str) -> bool:
    """Whether each object that the range names is a commit, or a tag of one: git takes a tree for an empty range."""
    named = _git(root, "rev-parse", "--revs-only", span, "--").out.split()
    asked = "".join(f"{each.lstrip('^')}^{{commit}}\n" for each in named)
    told = _git(root, "cat-file", "--batch-check", feed=asked).out.splitlines()
    return all(line.split(" ")[1:2] == ["commit"] for line in told)


def is_shallow(root: str) -> bool:
    """Return whether the clone's history is cut off somewhere."""
    return _git(root, "rev-parse", "--is-shallow-repository").out.strip() == "true"


def _depth(root: str) -> str:
    return "--unshallow " if is_shallow(root) else ""


def _remotes(root: str) -> list[str]:
    """The remotes, `origin` first."""
    return sorted(_git(root, "remote").out.split(), key=lambda name: (name != "origin", name))


def _commit(root: str, name: str) -> Completed:
    return _git(root, "rev-parse", "--verify", "-q", "--end-of-options", f"{name}^{{commit}}")


def _first(root: str, names: Sequence[str]) -> str:
    """The commit of the first name that git knows."""
    return next((done.out.strip() for name in names if (done := _commit(root, name)).code == 0), "")


def _unknown(root: str, span: str) -> UsageError | ToolError:
    """Why git does not know the range: a clone that lacks a part of it, or a person's mistake."""
    names = [name for each in re.split(r"\.{2,3}", span) if (name := re.split(r"[~^]|@\{", each.lstrip("^"))[0])]
    missing = [name for name in names if _commit(root, name).code]
    for name in missing:
        remote, slash, branch = name.removeprefix("refs/remotes/").partition("/")
        if slash and branch != "HEAD" and remote in _remotes(root):
            fetch = f"git fetch {_depth(root)}{remote} {branch}:refs/remotes/{remote}/{branch}"
            return ToolError(f"{remote}/{branch} is not in this clone, so {span!r} cannot be judged", fetch)
    if is_shallow(root):
        return ToolError(f"this clone is shallow and lacks a part of {span!r}", "git fetch --unshallow")
    return UsageError(f"no range {span!r}", "give one as git log takes it, such as origin/main..HEAD")


def _revision(root: str, commit: Commit, parents: Sequence[str]) -> Revision:
    """Compare a commit with what it changed. `parents` are those that git sees here."""
    names = tuple(parent.hexsha for parent in commit.parents)
    facts = (commit.hexsha, names, commit.tree.hexsha)
    message = commits.message(commit)
    # The boundary commit of a shallow clone has lost its parent here, so it would seem to add the whole project.
    if names != tuple(parents):
        return Revision(*facts, commit.tree.hexsha, message, severed=_why(root, commit))
    # Against what git merges by itself, so that an evil merge is seen and an ordinary one costs nothing.
    merged = _git(root, "merge-tree", "--write-tree", *names) if len(names) == 2 else None
    if merged and merged.code == 0:
        base = merged.out.split("\n")[0].strip()
        return Revision(*facts, base, message, clean_merge=base == commit.tree.hexsha)
    return Revision(*facts, commit.parents[0].tree.hexsha if names else EMPTY_TREE, message)


def _why(root: str, commit: Commit) -> str:
    """Say why the parents that a commit names are not those that git sees, and what to do."""
    if is_shallow(root):
        return "the clone is shallow and lacks what this commit changed: git fetch --unshallow"
    return f"its parents are replaced here (git replace, grafts): git replace -d {commit.hexsha[:9]}"


def was_before(root: str, path: str, content: str | None) -> bool:
    """Return whether history knows the file with this content and then with another; for None, without the file.

    Where the content came last says nothing: that may be the commit that is judged.
    """
    if content is None:
        return bool(_git(root, "log", "-1", "--all", "--format=%H", "--diff-filter=A", "--", path).out)
    told = _git(root, "log", "--all", "--format=", "--raw", "--no-abbrev", f"--find-object={content}", "--", path).out
    return any(line.split(" ")[2:3] == [content] for line in told.splitlines())


def _git(root: str, *arguments: str, feed: str | None = None) -> Completed:
    done = answer(root, "-c", "core.quotePath=false", *arguments, feed=feed)
    if done.code == 129:  # git's own usage message: the program is too old for an option
        raise ToolError(f"git {arguments[0]} does not know an option", "git 2.38 or newer is needed")
    return done
