"""Insights into LEARNINGS.md: in a draft, for the commit, and in the working tree, beside what a person wrote there.

`Add` is the pure function that writes: text and insights in, text out, the text unchanged where all stand there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

from devtools.errors import UsageError
from devtools.git.draft import Draft, Place
from devtools.learn import file, markdown, trailers
from devtools.learn.file import NAME as NAME

REGULAR = ("100644", "100755")
Insight = tuple[str, ...]  # text, topic, and the lines of the trailers below it
Add = Callable[[str, Sequence[Insight]], str]


def grown(text: str, insights: Sequence[Insight]) -> str:
    """Return the text of LEARNINGS.md with the insights, each under its topic. UsageError for one without words."""
    return markdown.add(text, entries(insights))


def entries(insights: Sequence[Insight]) -> list[markdown.Entry]:
    """Return the insights as entries, each with what the trailers below it say."""
    found = []
    for text, topic, *below in insights:
        (entry,) = trailers.read([f"{trailers.INSIGHT}: its text", *below])
        found.append(replace(entry, text=text, topic=topic))
    return found


def into_draft(draft: Draft, insights: Sequence[Insight], add: Add = grown) -> bool:
    """Stage the insights in the draft; whether there was a LEARNINGS.md in it before.

    UsageError where the file is a link or a folder, in the draft or in the working tree.
    """
    path = os.path.join(draft.place.root, NAME)
    listed = draft.checked("ls-files", "-s", "-z", "--", NAME).split("\0")[0]
    mode, blob, *_ = listed.split(" ") if listed else (REGULAR[0], "")
    # A clone could bring LEARNINGS.md as a link to a shell's start file, into which the words of a commit would go.
    if mode not in REGULAR or not _is_regular(path):
        raise UsageError(f"{NAME} is not a regular file", "make it one, or commit without --insight")
    text = draft.checked("cat-file", "blob", blob) if blob else ""
    new = add(text, insights)
    if new != text:
        stored = draft.checked("hash-object", "-w", "--stdin", feed=new).strip()
        draft.checked("update-index", "--add", "--cacheinfo", f"{mode},{stored},{NAME}")
    return bool(blob)


def into_tree(place: Place, insights: Sequence[Insight], add: Add, was_there: bool) -> None:
    """Write the insights into the working tree's file, whole or not at all, unless a person has deleted it there.

    What has meanwhile become no regular file is left as it is.
    """
    path, aside = os.path.join(place.root, NAME), os.path.dirname(place.path(NAME))
    while _is_regular(path) and (not was_there or os.path.exists(path)):
        old = file.read(place.root)
        new = add(old, insights)
        if new == old or file.put(place.root, old, new, aside):
            return


def _is_regular(path: str) -> bool:
    """Whether the path is that of a file, or of none yet; what a link leads to is not asked."""
    return not os.path.lexists(path) or (os.path.isfile(path) and not os.path.islink(path))
