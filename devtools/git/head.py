"""Where the branch stands: the one place that asks git for HEAD."""

from __future__ import annotations

from dataclasses import dataclass

from devtools.git.safe_process import git


@dataclass(frozen=True)
class Head:
    """The commit that HEAD names, its parents and its tree; all empty before the first commit."""

    commit: str = ""
    parents: tuple[str, ...] = ()
    tree: str = ""


def head(root: str) -> Head:
    """Return the commit that HEAD names."""
    # Through the safe runner: a setting of the repository could make git log run a program.
    done = git(root, "log", "-1", "--format=%H%x00%P%x00%T", "HEAD", "--")
    if done.code:
        return Head()
    commit, parents, tree = done.out.strip().split("\0")
    return Head(commit, tuple(parents.split()), tree)
