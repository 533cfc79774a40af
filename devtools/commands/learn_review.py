"""devtools learn review: insights for a person to merge, correct or take out."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from devtools.budget import Block
from devtools.errors import DevtoolsError
from devtools.learn import file as learning
from devtools.learn import origin
from devtools.learn.markdown import Entry, key, parse
from devtools.learn.review import Doubt, doubts
from devtools.report import Report
from devtools.system.store import Store
from devtools.wording import counted

FOUND = "found.json"


def note(root: str, texts: Sequence[str]) -> None:
    """Remember that a search has found these insights. Where that cannot be kept, the search is none the worse."""
    with contextlib.suppress(OSError, DevtoolsError):
        store = Store(root)
        known = store.read(FOUND)
        new = {_name(text): True for text in texts if _name(text) not in known}
        if new:
            store.write(FOUND, {**known, **new})


def _name(text: str) -> str:
    """The beginning of an insight, by which it is remembered: one of a megabyte would cost that each time."""
    # The memory is read and written at each search, and an insight of a megabyte made it a megabyte.
    return key(text)[:200]


def report(root: str) -> Report:
    """Report what later commits contradict, what stands there twice, and what no search has found yet."""
    entries = parse(learning.read(root))
    clicks = origin.commits([entry.text for entry in entries], learning.logged(root), learning.noted(root))
    messages = [(commit, f"{subject}\n{body}") for commit, _, subject, body in learning.messages(root)]
    doubtful = doubts(entries, messages, [clicks.get(key(entry.text), "") for entry in entries])
    found = Store(root).read(FOUND)
    unfound = [entry for entry in entries if _name(entry.text) not in found] if found else []
    head = f"{counted(len(doubtful), 'insight')} to look at again"
    head += f", {len(unfound)} that no search has found yet" if unfound else ""
    shown = [
        Block(head, pinned=True),
        *map(_block, doubtful),
        *(Block(f"- not found yet: {_place(e)}") for e in unfound),
    ]
    data = {
        "action": "review",
        "doubtful": [
            {"text": each.entry.text, "line": each.entry.line, "other": each.other, "commit": each.commit}
            | {"contradicts": each.contradicts}
            for each in doubtful
        ],
        "unfound": [entry.text for entry in unfound],
    }
    return Report("learn", True, shown, data=data, more="devtools learn review --budget 1000000")


def _block(doubt: Doubt) -> Block:
    said = f"{doubt.commit[:9]} says" if doubt.contradicts and doubt.commit else "another insight says"
    kind = "contradicted" if doubt.contradicts else "twice"
    return Block(f"- {kind}: {_place(doubt.entry)}\n  {said}: {doubt.other}", f"- {kind}: {_place(doubt.entry)}")


def _place(entry: Entry) -> str:
    text = entry.text if len(entry.text) <= 160 else entry.text[:159].rsplit(" ", 1)[0] + " …"
    return f"{learning.NAME}:{entry.line} {text}"
