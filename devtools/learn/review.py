"""Insights for a person to look at again: two that say the same, and those that a later commit contradicts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from devtools.learn.markdown import Entry, plain
from devtools.learn.stems import STOP, stem, words

SHARE = 0.6  # of the telling words of the shorter sentence, which both must have
LEAST = 5  # telling words of a sentence that can be compared
COMMON = 50  # sentences with a word: one that stands in more finds nothing
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n\s*\n")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Doubt(NamedTuple):
    """An insight, and what says the same in other numbers, or in the same ones, with the commit that does."""

    entry: Entry
    other: str
    commit: str
    contradicts: bool


class _Sentence(NamedTuple):
    text: str
    commit: str
    at: int
    stems: frozenset[str]
    numbers: frozenset[str]


def doubts(entries: Sequence[Entry], messages: Sequence[tuple[str, str]], clicked: Sequence[str]) -> list[Doubt]:
    """Return the insights that a later message, by commit and text, oldest first, or another insight makes doubtful.

    `clicked` is the commit of each insight; one that is in no commit is later than all.
    """
    order = {commit: at for at, (commit, _) in enumerate(messages)}
    own = [
        _sentence(entry.text, commit, order.get(commit, len(order)))
        for entry, commit in zip(entries, clicked, strict=True)
    ]
    said = [_sentence(part, commit, at) for at, (commit, text) in enumerate(messages) for part in _parts(text)]
    found: dict[int, Doubt] = {}
    for number, sentence, other in _pairs(own, [*own, *said]):
        differs = bool(sentence.numbers) and bool(other.numbers) and not sentence.numbers & other.numbers
        same = other in own and sentence.numbers == other.numbers
        if (differs and other.at > sentence.at) or (same and number not in found):
            found[number] = Doubt(entries[number], other.text, other.commit, differs)
    return [found[number] for number in sorted(found)]


def _pairs(own: Sequence[_Sentence], said: Sequence[_Sentence]) -> Iterator[tuple[int, _Sentence, _Sentence]]:
    """Each insight with every other sentence that shares most of its telling words."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, sentence in enumerate(said):
        for base in sentence.stems:
            places[base].append(at)
    for number, sentence in enumerate(own):
        near = {at for base in sentence.stems if len(places[base]) <= COMMON for at in places[base]}
        for at in sorted(near - {number}):
            shorter = min(len(sentence.stems), len(said[at].stems))
            if shorter >= LEAST and len(sentence.stems & said[at].stems) >= SHARE * shorter:
                yield number, sentence, said[at]


def _parts(text: str) -> list[str]:
    subject, _, body = text.partition("\n")
    return [subject, *(plain(part) for part in _SENTENCE.split(body) if not part.startswith("Insight:"))]


def _sentence(text: str, commit: str, at: int) -> _Sentence:
    telling = {stem(word) for word in words(text) if word not in STOP and not any(map(str.isdigit, word))}
    return _Sentence(text, commit, at, frozenset(telling), frozenset(_NUMBER.findall(text)))
