"""devtools learn search: find an insight, and the commit in which it clicked."""

from __future__ import annotations

from collections.abc import Sequence

from devtools.budget import Block
from devtools.errors import UsageError
from devtools.git import status as git
from devtools.learn.catalog import COMMIT
from devtools.learn.markdown import plain
from devtools.learn.query import terms
from devtools.learn.search import Hit, search
from devtools.report import Report
from devtools.wording import counted

LIMIT = 20
WIDTH = 160
LONGEST = 1000  # signs of an insight that are shown whole


def report(root: str, queries: Sequence[str], topic: str = "") -> Report:
    """Answer several phrasings of one question together, the best hits first.

    Where nothing matches, show what comes nearest.
    """
    questions = [wanted for wanted in map(terms, queries) if wanted]
    if not questions:
        raise UsageError("nothing to search for", 'devtools learn search WORDS, prefix* or "a phrase"')
    found = search(root, questions, LIMIT, topic, git.at_hand(root))
    query = " or ".join(plain(query) for query in queries if plain(query))
    head = counted(len(found.hits), "hit") if found.hits else f"nothing has {query!r}"
    head += "; the nearest are:" if found.nearest else ""
    shown = [Block(head, pinned=True), *map(_block, found.hits or found.nearest)]
    data = {
        "action": "search",
        "query": query,
        "hits": [hit._asdict() for hit in found.hits],
        "nearest": [hit._asdict() for hit in found.nearest],
    }
    return Report("learn", True, shown, data=data, more=f"devtools learn search {query} --budget 1000000")


def _block(hit: Hit) -> Block:
    place = f"{hit.commit[:9]} {hit.date} {plain(hit.subject)}" if hit.commit else "not committed yet"
    if hit.kind == COMMIT:
        passage = f"\n  {_short(hit.passage)}" if hit.passage else ""
        return Block(f"- {place}{passage}", f"- {place}")
    text = hit.text if len(hit.text) <= LONGEST else _around(hit)
    full = f"- {text}{f' ({hit.topic})' if hit.topic else ''}\n  {place}"
    return Block(full, f"- {_short(hit.passage or hit.text)} ({hit.commit[:9] or place})")


def _around(hit: Hit) -> str:
    """The beginning of a very long insight, and the sentence that answers."""
    passage = "" if hit.text.startswith(hit.passage) else f" {_short(hit.passage)}"
    return f"{_short(hit.text)}{passage}"


def _short(line: str) -> str:
    return line if len(line) <= WIDTH else line[: WIDTH - 1].rsplit(" ", 1)[0] + " …"
