"""How much it says that two hunks have some terms in common."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

UNSEEN = 30  # hunks that are thought of beside those of a small change, so that what all of it shares still counts


class Terms:
    """Sets of terms, one a unit. A term that few units hold says much of those that do."""

    def __init__(self, sets: Sequence[frozenset[str]]) -> None:
        self.sets = sets
        self.count = Counter(term for terms in sets for term in terms)
        self.weight = {term: math.log((len(sets) + UNSEEN) / count) ** 2 for term, count in self.count.items()}
        self.length = [math.sqrt(sum(self.weight[term] for term in terms)) or 1.0 for terms in sets]

    def cosine(self, i: int, j: int) -> float:
        """How alike the terms of two units are, rare ones above all: from 0 to 1."""
        shared = self.sets[i] & self.sets[j]
        return sum(self.weight[term] for term in sorted(shared)) / (self.length[i] * self.length[j]) if shared else 0.0

    def rarity(self, terms: frozenset[str]) -> float:
        """From 0 to 1: how surely these terms mark one thing. A term that many units hold says little."""
        doubt = 1.0
        for term in terms:
            doubt *= 1 - 1 / max(self.count.get(term, 1) - 0.5, 1.2)
        return 1 - doubt
