"""Words with typing errors, set right by the words that are there."""

from __future__ import annotations

from collections.abc import Iterable

_SHORT = 4  # with fewer letters every word is near to some other
_SURE = 5  # with so many or fewer, the first letter must be right
_LONG = 8  # with so many, two errors are forgiven


def allowed(word: str) -> int:
    """Return how many errors a word of this length may hold; a number may hold none."""
    if len(word) < _SHORT or any(map(str.isdigit, word)):
        return 0
    return 1 if len(word) < _LONG else 2


def pieces(word: str) -> tuple[str, str]:
    """Return a beginning and an end, one of which stays whole where one sign is wrong or two are exchanged."""
    count = (len(word) - 1) // 2 if allowed(word) < 2 else len(word) // 3
    return word[:count], word[len(word) - count :]


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Return those of the known words that lie nearest to this one, where its length allows so many errors."""
    most = allowed(word)
    letters = set(word)
    close = (other for other in known if len(letters.symmetric_difference(other)) <= 2 * most and _begins(word, other))
    found = [(distance(word, other, most), other) for other in close]
    least = min(found, default=(0, ""))[0]
    return [other for errors, other in found if 0 < errors == least <= most]


def _begins(word: str, other: str) -> bool:
    """Whether a short word begins as the other, be its first two letters swapped: else bread would be read."""
    # A question on bread was answered by what had been read: typing errors seldom hit the first letter.
    return len(word) > _SURE or word[0] == other[0] or word[:2] == other[1::-1]


def distance(one: str, other: str, most: int) -> int:
    """Return the fewest signs to insert, delete, replace or swap with a neighbour; `most` + 1 where it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        row = [i]
        for j, letter in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (sign != letter))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == letter:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)
