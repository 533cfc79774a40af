"""In which commit an insight clicked: the one whose trailer says it, else the one that wrote it into LEARNINGS.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from devtools.learn.markdown import Entry, alike, key, words_of

_RARE = 3
_COMMON = 100  # a word that stands in more trailers identifies none


def commits(texts: Iterable[str], logged: Sequence[Entry], noted: Sequence[Entry]) -> dict[str, str]:
    """Return the commit of each insight, by its key.

    `logged` is oldest first, `noted` newest first; the oldest commit counts. A trailer in other words counts before the
    commit that only wrote the bullet down.
    """
    found = {key(entry.text): entry.commit for entry in noted}
    exact = {key(entry.text): entry.commit for entry in reversed(logged)}
    # Four of nine insights here were written down together, commits after they had clicked and in other words.
    trailers = _Trailers(logged)
    for text in texts:
        if key(text) not in exact:
            commit = trailers.commit(text)
            if commit:
                exact[key(text)] = commit
    return found | exact


class _Trailers:
    """Trailers by their words, so that each text is compared with a few of them and not with all."""

    def __init__(self, logged: Sequence[Entry]) -> None:
        self.entries = [(words_of(entry.text), entry.commit) for entry in logged]
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        for number, (words, _) in enumerate(self.entries):
            for word in words:
                self.places[word].append(number)

    def commit(self, text: str) -> str:
        """The oldest commit with a trailer that says the same. It shares a rare word with the text."""
        words = words_of(text)
        known = sorted(
            (word for word in words if 0 < len(self.places.get(word, ())) <= _COMMON),
            key=lambda word: len(self.places[word]),
        )
        numbers = {number for word in known[:_RARE] for number in self.places[word]}
        return next((self.entries[n][1] for n in sorted(numbers) if alike(words, self.entries[n][0])), "")
