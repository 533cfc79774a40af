"""Merges in which LEARNINGS.md came out otherwise than it should have: by git's union, or by the choice of one side.

A hosted service asks no merge driver. What was typed into a merge by a person is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from devtools.git.safe_process import OFFLINE, git
from devtools.learn.file import NAME
from devtools.learn.markdown import Entry, alike, key, parse, words_of
from devtools.learn.merge import merged

MOST = 50  # of the newest merges are looked at


class Merge(NamedTuple):
    """The file before the branches parted, on both sides, and as the merge left it."""

    base: str
    ours: str
    theirs: str
    left: str


def merges(root: str, since: str = "") -> Iterator[Merge]:
    """Yield the merges of two branches that both changed the file, after `since`, oldest first."""
    asked = ["log", f"-{MOST}", "--merges", "--format=%H %P", f"{since}..HEAD" if since else "HEAD"]
    for line in reversed(git(root, *asked, env=OFFLINE).out.splitlines()):
        commit, *parents = line.split()
        if len(parents) == 2:
            base = git(root, "merge-base", *parents).out.strip()
            sides = [_blob(root, each) for each in (base, *parents, commit)]
            if len(set(sides[:3])) == 3 and all(sides[1:]):
                yield Merge(*(_text(root, blob) for blob in sides))


def _blob(root: str, commit: str) -> str:
    return git(root, "rev-parse", "--verify", "--quiet", f"{commit}:{NAME}").out.strip() if commit else ""


def _text(root: str, blob: str) -> str:
    return git(root, "cat-file", "blob", blob, env=OFFLINE).out if blob else ""


def corrected(text: str, merge: Merge) -> str:
    """Put right in the present text what the merge mixed up, where it only laid the lines of both sides together."""
    wanted = merged(merge.base, merge.ours, merge.theirs)
    left, sides, right = (set(_lines(each)) for each in (merge.left, f"{merge.ours}\n{merge.theirs}", wanted))
    # Lines of neither side were typed into the merge by a person, and those are not ours to change.
    if wanted == merge.left or not right <= left <= sides:
        return text
    return merged(merge.left, text, wanted)


def lost(merge: Merge) -> list[Entry]:
    """Return the insights of either side that the merge left out, though nobody had taken them out."""
    left = [entry.text for entry in parse(merge.left)]
    keys, sets = {key(text) for text in left}, [words_of(text) for text in left]
    return [
        entry
        for entry in parse(merged(merge.base, merge.ours, merge.theirs))
        if key(entry.text) not in keys and not any(alike(words_of(entry.text), other) for other in sets)
    ]


def _lines(text: str) -> Sequence[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
