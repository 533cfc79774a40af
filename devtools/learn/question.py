"""The words of a question: set right where they are mistyped, and joined by those that people use for them."""

from __future__ import annotations

from collections.abc import Sequence

from devtools.learn.kindred import NEAR
from devtools.learn.lookup import Lookup
from devtools.learn.query import Term
from devtools.learn.ranking import Asked, rarity
from devtools.learn.spelling import allowed, nearest, pieces
from devtools.learn.stems import STOP, parts, stem, stems, words

FORMS = 40  # words that a prefix may stand for
# What a word is worth that is set right, that is kin to the one that was asked, that begins like it.
TYPED, KIN, FORM = 0.8, 0.35, 0.5
SHORTEST = 5  # signs with which two words must begin alike


def asked(lookup: Lookup, terms: Sequence[Term]) -> list[Asked]:
    """Return the words that tell something, each with the stems that stand for it.

    Where none tells anything, all of them.
    """
    said = [(word, term.prefix) for term in terms for word in term.text.split()]
    simple = {word: prefix for whole, prefix in said for word in _known(lookup, whole)}
    telling = {word: prefix for word, prefix in simple.items() if word not in STOP or prefix} or simple
    near = {word: _near(lookup, word, prefix) for word, prefix in telling.items()}
    counts = lookup.counts({base for each in near.values() for base in each})
    found = []
    for word, each in near.items():
        known = {base: worth for base, worth in each.items() if base in counts}
        often = counts.get(stem(word)) or max((counts[base] for base in known), default=1)
        most = rarity(often, lookup.size)  # no kin tells more than the word itself, be it ever so rare
        # Among three entries on caches the one that said stale came first, because a rare synonym outweighed the word.
        values = {base: worth * min(most, rarity(counts[base], lookup.size)) for base, worth in known.items()}
        found.append(Asked(values, most))
    return found


def phrases(terms: Sequence[Term]) -> list[str]:
    """Return the terms of several words, by their stems: they must stand together."""
    return [" ".join(stems(term.text)) for term in terms if len(term.text.split()) > 1]


def _known(lookup: Lookup, whole: str) -> list[str]:
    """The words of what stands between blanks; a name in camel case is its parts where nobody wrote it so."""
    apart = parts(whole)
    joined = whole.casefold()
    if apart and whole.isalnum() and (lookup.counts([stem(joined)]) or nearest(joined, _alike(lookup, joined))):
        return [joined]
    return apart if apart and whole.isalnum() else words(whole)


def _near(lookup: Lookup, word: str, prefix: bool) -> dict[str, float]:
    """The stems that may stand for a word, and how well."""
    if prefix:
        return {base: 1.0 for _, base in lookup.beginning(word)[:FORMS]}
    base = stem(word)
    found = {base: 1.0}
    if not lookup.counts([base]):
        # One error changes the beginning or the end of a word and never both, so the candidates are two ranges of an
        # index.
        right = nearest(word, _alike(lookup, word))
        found |= {stem(other): TYPED for other in right}
        if not right and len(base) > SHORTEST:
            begin = base[: max(SHORTEST, len(base) - 2)]
            found |= {other: FORM for _, other in lookup.beginning(begin)[:FORMS]}
    for known in list(found):
        for other in NEAR.get(known, ()):
            found.setdefault(other, KIN * found[known])
    return found


def _alike(lookup: Lookup, word: str) -> list[str]:
    """The words of the vocabulary with the same beginning or the same end, and about as long."""
    most = allowed(word)
    begin, end = pieces(word)
    near = [other for other, _ in lookup.beginning(begin)] if begin else []
    near += lookup.ending(end) if end else []
    return [other for other in dict.fromkeys(near) if abs(len(other) - len(word)) <= most]
