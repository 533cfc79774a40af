"""Find the insight that answers a question, and the commit in which it clicked.

FTS5 is asked for the entries that hold the rarest words; those alone are rated. A commit in which an insight clicked
speaks for the insight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from devtools.learn import question
from devtools.learn.catalog import COMMIT, INSIGHT, opened
from devtools.learn.lookup import Lookup, Row
from devtools.learn.markdown import plain
from devtools.learn.query import Term
from devtools.learn.ranking import Asked, Rating, rated
from devtools.learn.stems import stems

SHARE = 0.34  # of the question, which an entry must hold to be a match
WEAK = 0.4  # of the best one's score, below which an entry is no match beside it
NEAREST = 3  # entries that are shown where none is a match
PREFERRED = 1.5  # an insight beside a commit
AT_HAND, NEARBY = 1.25, 1.1  # an entry whose commit touched a file at hand, or one beside it
_SENTENCE = re.compile(r"(?<=[.:;!?]) ")


class Hit(NamedTuple):
    """An insight or a commit that answers; the commit is the one in which it clicked, empty where none is.

    `passage` is the sentence or line that holds most of what was asked.
    """

    kind: str
    text: str
    topic: str
    commit: str
    date: str
    subject: str
    passage: str


class Found(NamedTuple):
    """The entries that match, best first; where none does, those that come nearest."""

    hits: list[Hit]
    nearest: list[Hit]


def search(
    root: str,
    questions: Sequence[Sequence[Term]],
    limit: int,
    topic: str = "",
    files: Iterable[str] = (),
    fts: bool = True,
) -> Found:
    """Answer several phrasings of one question together. Each insight is one hit, with its commit."""
    with opened(root, fts) as catalog:
        lookup = Lookup(catalog)
        scores: dict[int, float] = {}
        shares: dict[int, float] = {}
        spoken: set[str] = set()
        for terms in questions:
            asked = question.asked(lookup, terms)
            spoken.update(base for word in asked for base in word.stems)
            rows = lookup.rows(lookup.holding([word.stems for word in asked], question.phrases(terms)))
            each = _rated(
                lookup, asked, [row for row in rows if not topic or _same(row.topic, topic)], frozenset(files)
            )
            top = max((rating.score for rating in each.values()), default=1.0)
            for number, rating in each.items():
                scores[number] = scores.get(number, 0.0) + rating.score / top
                shares[number] = max(shares.get(number, 0.0), rating.share)
        ranked = sorted(scores, key=lambda number: (-scores[number], -number))
        # A question had up to twenty hits of which two or three answered it, and the rest cost tokens.
        least = WEAK * max(scores.values(), default=0.0)
        best = [number for number in ranked if shares[number] >= SHARE and scores[number] >= least][:limit]
        shown = [_hit(lookup, number, spoken) for number in best or ranked[:NEAREST]]
    return Found(shown, []) if best else Found([], shown)


def _same(one: str, other: str) -> bool:
    return plain(one).casefold() == plain(other).casefold()


def _rated(lookup: Lookup, asked: Sequence[Asked], rows: Sequence[Row], files: frozenset[str]) -> dict[int, Rating]:
    """The rating of each entry that holds anything of what was asked; insights and what is at hand count more."""
    usual = sum(len(row.parts["text"]) for row in rows) / len(rows) if rows else 1.0
    found = {}
    for row in rows:
        rating = rated(asked, row.parts, max(usual, 1.0))
        if rating.score:
            worth = PREFERRED if row.kind == INSIGHT else 1.0
            worth *= _nearness(lookup.commit(row.place)[2], files) if files else 1.0
            found[row.number] = Rating(rating.score * worth, rating.share)
    return found


def _nearness(paths: Sequence[str], files: frozenset[str]) -> float:
    """How near what a commit touched is to the files at hand."""
    if any(path in files for path in paths):
        return AT_HAND
    folders = {path.rpartition("/")[0] for path in files}
    return NEARBY if any(path.rpartition("/")[0] in folders for path in paths) else 1.0


def _hit(lookup: Lookup, number: int, spoken: set[str]) -> Hit:
    kind, place, text, topic = lookup.entry(number)
    date, subject, _ = lookup.commit(place)
    pieces = text.split("\n")[1:] if kind == COMMIT else _SENTENCE.split(text)
    best = max(pieces, key=lambda piece: len(spoken.intersection(stems(piece))), default="")
    return Hit(kind, text, topic, place, date, subject, plain(best) if spoken.intersection(stems(best)) else "")
