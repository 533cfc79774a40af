"""What the lines of a hunk say beside names, and how much it says that two hunks have some of it in common."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from devtools.plan.hunks import Hunk

UNSEEN = 30  # hunks that are thought of beside those of a small change, so that what all of it shares still counts
TOKEN = re.compile(r"\w+|[^\w\s]")
QUOTED = re.compile(r"[\"'`]([^\"'`\n]{4,60})[\"'`]")
IMPORT = re.compile(r"(?:from|import)\s")
IMPORTED = re.compile(r"(?:from|import)\s|[\w, ]+[,)]?$|[()]$")


class Terms:
    """Sets of terms, one a unit. A term that few units hold says much of those that do."""

    def __init__(self, sets: Sequence[frozenset[str]]) -> None:
        self.sets = sets
        self.count = Counter(term for terms in sets for term in terms)
        # Else a name that three of four hunks share is worth nearly nothing, and a module was planned apart from its
        # test.
        self.weight = {term: math.log((len(sets) + UNSEEN) / count) ** 2 for term, count in self.count.items()}
        self.length = [math.sqrt(sum(self.weight[term] for term in terms)) or 1.0 for terms in sets]

    def cosine(self, i: int, j: int) -> float:
        """Return how alike the terms of two units are, rare ones above all: from 0 to 1."""
        shared = self.sets[i] & self.sets[j]
        return sum(self.weight[term] for term in sorted(shared)) / (self.length[i] * self.length[j]) if shared else 0.0

    def overlap(self, i: int, j: int) -> float:
        """Return how much of the smaller set is in the other: from 0 to 1."""
        smaller = min(len(self.sets[i]), len(self.sets[j]))
        return len(self.sets[i] & self.sets[j]) / smaller if smaller else 0.0

    def rarity(self, terms: frozenset[str]) -> float:
        """From 0 to 1: how surely these terms mark one thing. A term that many units hold says little."""
        doubt = 1.0
        for term in terms:
            doubt *= 1 - 1 / max(self.count.get(term, 1) - 0.5, 1.2)
        return 1 - doubt


def edit(hunk: Hunk) -> frozenset[str]:
    """Return the words and signs that a hunk puts in the place of others, as `+new` and `-old`.

    None where it only adds.
    """
    if not hunk.removed or not hunk.added:
        return frozenset()
    old, new = (Counter(TOKEN.findall("".join(lines))) for lines in (hunk.removed, hunk.added))
    return frozenset([*(f"+{token}" for token in new - old), *(f"-{token}" for token in old - new)])


def strings(hunk: Hunk) -> frozenset[str]:
    """Return what stands in quotes in the lines of a hunk."""
    return frozenset(QUOTED.findall("".join((*hunk.added, *hunk.removed))))


def only_imports(hunk: Hunk) -> bool:
    """Return whether a hunk is about nothing but what a module imports."""
    lines = [line.strip() for line in (*hunk.added, *hunk.removed) if line.strip()]
    return any(IMPORT.match(line) for line in lines) and all(IMPORTED.match(line) for line in lines)


def nearness(one: Hunk, two: Hunk) -> float:
    """Return how near two hunks of one file stand: 1 side by side, 1/2 ten lines apart."""
    first, last = sorted((one, two), key=lambda hunk: hunk.new_start)
    gap = last.new_start - first.new_start - len(first.added)
    return 1 / (1 + max(gap, 0) / 10) if first.kind == last.kind == "text" else 0.0
