"""The whole log with sizes, in one git process."""

from __future__ import annotations

import re

from devtools.errors import ToolError, UsageError
from devtools.git.safe_process import OFFLINE, git
from devtools.history.concepts import Commit

_KEYS = ("Topic", "Insight", "TDD")
_TRAILERS = "".join(f"%(trailers:key={key},valueonly,unfold,separator=%x01)%x00" for key in _KEYS)
_FORMAT = f"%x00%H%x00%as%x00%s%x00%b%x00{_TRAILERS}"
_FIELDS = 8
_SIZES = re.compile(r"(\d+) files? changed(?:, (\d+) insertions?\(\+\))?(?:, (\d+) deletions?\(-\))?")


def commits(root: str, since: str = "") -> list[Commit]:
    """Return every commit of HEAD, those after revision `since` if one is given.

    Oldest first, none before the first commit. A merge has no size of its own. UsageError for a revision that does not
    exist.
    """
    start = _revision(root, since) if since else ""
    if not _revision(root, "HEAD", missing=True):
        return []
    plain = ("-c", "color.ui=never", "-c", "diff.renames=true", "-c", "log.diffMerges=off")
    span = f"{start}..HEAD" if start else "HEAD"
    # One process for everything: the history of 10,000 commits must not start one for each.
    asked = ("log", "--encoding=UTF-8", f"--format={_FORMAT}", "--shortstat", span, "--")
    done = git(root, *plain, *asked, env=OFFLINE)
    if done.code:
        raise ToolError("git log failed", done.err.strip().split("\n")[0])
    fields = done.out.split("\0")[1:]
    return [_commit(fields[i : i + _FIELDS]) for i in range(0, len(fields), _FIELDS)][::-1]


def _commit(fields: list[str]) -> Commit:
    commit, date, subject, body, topic, insights, tdd, tail = fields
    sizes = _SIZES.search(tail)
    files, added, deleted = (int(number or 0) for number in sizes.groups()) if sizes else (0, 0, 0)
    said = tuple(text for text in insights.split("\x01") if text.strip())
    return Commit(commit, date, subject, body, topic.split("\x01")[0], said, tdd, files, added, deleted)


def _revision(root: str, name: str, missing: bool = False) -> str:
    done = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if done.code and not missing:
        raise UsageError(f"no commit {name!r}", "--since takes a revision: a tag, a branch, HEAD~20")
    return done.out.strip()
