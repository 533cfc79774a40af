"""Insights into LEARNINGS.md: in a draft, for the commit, and in the working tree, beside what a person wrote there.

`Add` is the pure function that writes: text and insights in, text out, the text unchanged where all stand there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence

from devtools.errors import UsageError
from devtools.git.draft import Draft, Place
from devtools.system import sealed

NAME = "LEARNINGS.md"
REGULAR = ("100644", "100755")
Insight = tuple[str, str]  # text and topic
Add = Callable[[str, Sequence[Insight]], str]


def grown(text: str, insights: Sequence[Insight]) -> str:
    """Return the text of LEARNINGS.md with the insights, each under its topic. UsageError for one without words."""
    from devtools.learn import markdown as learnings

    return learnings.add(text, [learnings.Entry(insight, topic) for insight, topic in insights])


def into_draft(draft: Draft, insights: Sequence[Insight], add: Add = grown) -> bool:
    """Stage the insights in the draft; whether there was a LEARNINGS.md in it before.

    UsageError where the file is a link or a folder, in the draft or in the working tree.
    """
    path = os.path.join(draft.place.root, NAME)
    listed = draft.checked("ls-files", "-s", "-z", "--", NAME).split("\0")[0]
    mode, blob, *_ = listed.split(" ") if listed else (REGULAR[0], "")
    if mode not in REGULAR or (os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode)):
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
    while True:
        before = _read(place.root)
        if before is None and (was_there or os.path.lexists(os.path.join(place.root, NAME))):
            return
        old = (before or b"").decode("utf-8", "surrogateescape")
        new = add(old, insights)
        if new == old or _replace(place, before, new.encode("utf-8", "surrogateescape")):
            return


def _read(root: str) -> bytes | None:
    try:
        return sealed.read(root, NAME)
    except OSError:
        return None


def _replace(place: Place, before: bytes | None, data: bytes) -> bool:
    """Put the new file in the old one's place; False where that has changed since it was read."""
    mode = 0o644 if before is None else stat.S_IMODE(os.lstat(os.path.join(place.root, NAME)).st_mode)
    aside = os.path.dirname(place.path(NAME))
    return sealed.write(place.root, NAME, data, mode, aside=aside, still=lambda: _read(place.root) == before)
