"""devtools learn search: an insight, and the commit in which it clicked, by words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from devtools.budget import Block
from devtools.errors import UsageError
from devtools.learn import index as search_index
from devtools.learn.index import Hit
from devtools.learn.markdown import plain
from devtools.learn.query import Term, terms
from devtools.report import Report

LIMIT = 20
WIDTH = 160


def report(root: str, query: str, topic: str = "") -> Report:
    """The best hits first: those with all words, or, where there are none, those with any."""
    wanted = terms(query)
    if not wanted:
        raise UsageError("nothing to search for", 'devtools learn search WORDS, prefix* or "a phrase"')
    hits = _under(topic, search_index.search(root, wanted, LIMIT))
    every = bool(hits) or len(wanted) == 1
    if not every:
        hits = _under(topic, search_index.search(root, wanted, LIMIT, every=False))
    head = f"{len(hits)} hit{'s' * (len(hits) != 1)}" if hits else f"nothing has {plain(query)!r}"
    head += "" if every or not hits else ", none with all words"
    shown = [Block(head, pinned=True), *(_block(hit, wanted) for hit in hits)]
    data = {"action": "search", "query": query, "all_words": every, "hits": [hit._asdict() for hit in hits]}
    return Report("learn", True, shown, data=data, more=f"devtools learn search {plain(query)} --budget 1000000")


def _under(topic: str, hits: Sequence[Hit]) -> list[Hit]:
    wanted = plain(topic).casefold()
    return [hit for hit in hits if not wanted or hit.topic.casefold() == wanted]


def _block(hit: Hit, wanted: Sequence[Term]) -> Block:
    place = f"{hit.commit[:9]} {hit.date} {plain(hit.subject)}" if hit.commit else "not committed yet"
    if hit.kind == "commit":
        return Block("\n".join([f"- {place}", *_lines(hit.text, wanted)]), f"- {place}")
    full = f"- {hit.text}{f' ({hit.topic})' if hit.topic else ''}\n  {place}"
    return Block(full, f"- {_short(hit.text)} ({hit.commit[:9] or place})")


def _lines(message: str, wanted: Sequence[Term]) -> list[str]:
    """The first line below the subject that has one of the words, where one has."""
    words = {word[:5] for term in wanted for word in re.findall(r"\w+", term.text.casefold())}
    lines = (plain(line) for line in message.split("\n")[1:])
    return [f"  {_short(line)}" for line in lines if any(word in line.casefold() for word in words)][:1]


def _short(line: str) -> str:
    return line if len(line) <= WIDTH else line[: WIDTH - 1].rsplit(" ", 1)[0] + " …"
