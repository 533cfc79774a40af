"""How well an entry answers what was asked. Rare words tell more than common ones, and many more than one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import NamedTuple

# What a word is worth by the part of the entry that it stands in.
WORTH = {"text": 1.0, "words": 0.9, "topic": 0.6, "more": 0.3}


class Asked(NamedTuple):
    """One word of a question: what each stem that may stand for it is worth, and what the word itself is."""

    stems: Mapping[str, float]
    worth: float


class Rating(NamedTuple):
    """What an entry is worth as an answer, and which share of the question it holds."""

    score: float
    share: float


def rarity(number: int, among: int) -> float:
    """Return how much a word tells that stands in `number` of `among` entries."""
    return log(1 + (among - number + 0.5) / (number + 0.5))


def rated(asked: Sequence[Asked], parts: Mapping[str, Sequence[str]], usual: float) -> Rating:
    """Rate the parts of an entry, each given by its stems. `usual` is the length of most texts.

    A word counts by the best place that it stands in. A longer text holds any word more easily. The share asks only
    whether a word is there.
    """
    wanted = {stem for word in asked for stem in word.stems}
    counts = {part: _counted(stems, wanted) for part, stems in parts.items()}
    longer = 0.7 + 0.3 * len(parts["text"]) / usual
    score = held = whole = 0.0
    for word in asked:
        found = [
            (worth * WORTH[part] * (2.0 * times / (times + longer) if part == "text" else 1.0), worth)
            for stem, worth in word.stems.items()
            for part, count in counts.items()
            if (times := count.get(stem, 0))
        ]
        score += max((value for value, _ in found), default=0.0)
        held += min(max((worth for _, worth in found), default=0.0), word.worth)
        whole += word.worth
    share = held / whole if whole else 0.0
    return Rating(score * (0.5 + share), share)


def _counted(stems: Sequence[str], wanted: set[str]) -> dict[str, int]:
    return {stem: stems.count(stem) for stem in wanted.intersection(stems)}
