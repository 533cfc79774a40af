"""Commits of a range, as the proof of a history takes them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from devtools.errors import ToolError, UsageError
from devtools.git.snapshot import EMPTY_TREE, tree_of
from devtools.system.process import Completed, run

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
    """What HEAD has and its upstream, else the default branch, has not; empty where neither is another commit.

    ToolError where there is a remote and its default branch is not here: then nothing says what is new.
    """
    upstream, default = (_first(root, names) for names in (("@{upstream}",), DEFAULTS))
    base, remotes = upstream or default, _remotes(root)
    span = f"{base}..HEAD" if base else ""
    if default or not remotes or (span and _git(root, "rev-list", "-1", span, "--").out):
        return span
    fetch = f"git fetch {_depth(root)}{remotes[0]} '+refs/heads/*:refs/remotes/{remotes[0]}/*'"
    raise ToolError(f"the default branch of {remotes[0]} is not in this clone, so that no range can be judged", fetch)


def revisions(root: str, span: str) -> list[Revision]:
    """The commits of a range, oldest first. UsageError where git does not know it, ToolError where it is not here."""
    if span.startswith("-"):
        raise UsageError(f"no range {span!r}", "give one as git log takes it, such as origin/main..HEAD")
    done = _git(root, "log", "-z", "--reverse", "--topo-order", "--format=%H%n%P%n%T%n%B", span, "--")
    if done.code:
        raise _unknown(root, span)
    if not _names_commits(root, span):
        raise UsageError(f"{span!r} names no commit", "give a range as git log takes it, such as origin/main..HEAD")
    entries = [entry.split("\n", 3) for entry in done.out.split("\0") if entry]
    own = _own_parents(root, [commit for commit, *_ in entries])
    return [
        _revision(root, *entry) if entry[1].split() == parents else _severed(root, *entry)
        for entry, parents in zip(entries, own, strict=True)
    ]


def _names_commits(root: str, span: str) -> bool:
    """Whether each object that the range names is a commit, or a tag of one: git takes a tree for an empty range."""
    named = _git(root, "rev-parse", "--revs-only", span, "--").out.split()
    asked = "".join(f"{each.lstrip('^')}^{{commit}}\n" for each in named)
    told = _git(root, "cat-file", "--batch-check", feed=asked).out.splitlines()
    return all(line.split(" ")[1:2] == ["commit"] for line in told)


def is_shallow(root: str) -> bool:
    """Whether the clone's history is cut off somewhere."""
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


def _own_parents(root: str, commits: Sequence[str]) -> list[list[str]]:
    """The parents that each commit names itself, whatever a shallow clone, a graft or a replacement makes of them."""
    done = _git(root, "--no-replace-objects", "cat-file", "--batch", feed="".join(f"{each}\n" for each in commits))
    data, found, place = os.fsencode(done.out), list[list[str]](), 0
    for _ in commits:
        end = data.index(b"\n", place)
        size = int(data[place:end].rpartition(b" ")[2])
        head = data[end + 1 : end + 1 + size].partition(b"\n\n")[0].decode("ascii", "replace")
        found.append([line[7:] for line in head.split("\n") if line.startswith("parent ")])
        place = end + size + 2
    return found


def _severed(root: str, commit: str, parents: str, tree: str, message: str) -> Revision:
    if is_shallow(root):
        why = "the clone is shallow and lacks what this commit changed: git fetch --unshallow"
    else:
        why = f"its parents are replaced here (git replace, grafts): git replace -d {commit[:9]}"
    return Revision(commit, tuple(parents.split()), tree, tree, message.rstrip("\n"), severed=why)


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
    """Whether history knows the file with this content and then with another; for None, without the file.

    Where the content came last says nothing: that may be the commit that is judged.
    """
    if content is None:
        return bool(_git(root, "log", "-1", "--all", "--format=%H", "--diff-filter=A", "--", path).out)
    told = _git(root, "log", "--all", "--format=", "--raw", "--no-abbrev", f"--find-object={content}", "--", path).out
    return any(line.split(" ")[2:3] == [content] for line in told.splitlines())


def _git(root: str, *arguments: str, feed: str | None = None) -> Completed:
    done = run(["git", "-c", "core.quotePath=false", "--literal-pathspecs", *arguments], root, feed=feed)
    if done.code == 129:  # git's own usage message: the program is too old for an option
        raise ToolError(f"git {arguments[0]} does not know an option", "git 2.38 or newer is needed")
    return done
