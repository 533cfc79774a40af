"""Slips of the pen: a word that was meant to be another."""

from __future__ import annotations

from collections.abc import Iterable


def meant(word: str, names: Iterable[str]) -> str:
    """Return the name of which this is a slip: a letter left out, doubled, or changed with its neighbour; else empty.

    Another letter is none: to match is not to watch, and to read is not to see red.
    """
    # `devtools tdd strat x` began a cycle about "strat x".
    return next((name for name in names if word != name and word[:1] == name[:1] and word in _slips(name)), "")


def _slips(name: str) -> set[str]:
    places = range(len(name))
    swapped = {name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :] for at in places}
    return swapped | {name[:at] + name[at + 1 :] for at in places} | {name[:at] + name[at] + name[at:] for at in places}
