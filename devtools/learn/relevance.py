"""Which insights fit the work at hand: those that share its rarest words, within a budget of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import log

from devtools.budget import estimate_tokens

_WORD = re.compile(r"[a-z]{3,}")
# In the names of most files and in most sentences, so that they tell nothing.
COMMON = frozenset(
    (
        *("the", "and", "for", "that", "with", "from", "not", "its", "than", "are", "was", "has", "one", "all", "can"),
        *("test", "tests", "src", "lib", "init", "main"),
    )
)
MOST = 3


def words(text: str) -> set[str]:
    """Return the words of a text or a path that tell something, without a plural's s."""
    return {word.removesuffix("s") for word in _WORD.findall(text.lower()) if word not in COMMON}


def fitting(insights: Sequence[str], hints: Iterable[str], budget: int) -> list[str]:
    """At most three insights that share words with the hints, the best first, in `budget` tokens together."""
    wanted = words(" ".join(hints))
    said = [words(insight) for insight in insights]
    often = {word: sum(word in each for each in said) for word in wanted}
    scores = [sum(log(1 + len(said) / often[word]) for word in each & wanted) for each in said]
    best = sorted((place for place, score in enumerate(scores) if score > 0), key=lambda place: -scores[place])
    chosen: list[str] = []
    for place in best:
        cost = estimate_tokens(insights[place]) + 1
        if len(chosen) < MOST and cost <= budget:
            chosen.append(insights[place])
            budget -= cost
    return chosen
