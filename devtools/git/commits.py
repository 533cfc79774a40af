"""Commits as objects, read by GitPython: one process answers for all commits of a range.

It is loaded only where a range is read: its import takes longer than a whole question to git.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from devtools.errors import ToolError

if TYPE_CHECKING:
    from git import Commit, Repo


@contextlib.contextmanager
def opened(root: str) -> Iterator[Repo]:
    """Open the repository for as long as its commits are read, each as it was made, whatever replaces it here."""
    from git import GitError, ODBError, Repo

    try:
        with Repo(root, expand_vars=False) as repository:
            repository.git.update_environment(GIT_NO_REPLACE_OBJECTS="1")
            yield repository
    except (GitError, ODBError, ValueError) as error:  # such as an object that is gone
        raise ToolError("git cannot read a commit of the range", str(error) or type(error).__name__) from error


def message(commit: Commit) -> str:
    """Return the message of a commit, without the newlines at its end.

    GitPython reads every message as UTF-8. Where that does not fit, git is asked, which knows the encoding.
    """
    text = str(commit.message)
    # GitPython 3.2.1 looks for the encoding header by comparing ten bytes with nine: an ISO-8859-1 message loses its
    # é.
    if "\ufffd" in text:
        text = commit.repo.git.log("-1", "--encoding=UTF-8", "--format=%B", commit.hexsha)
    return text.rstrip("\n")
