"""A text as tokens: its characters as numbers, windows to learn from, and what counting alone would predict."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import numpy as np

from nn.ops import Array

# Counts of what never followed what begin here; the baseline gets the best of them for the text that it is judged on.
BEGINNINGS = (1.0, 0.3, 0.1, 0.03, 0.01)


class Vocabulary:
    """The characters of a text in their order as numbers; the token of each is its place."""

    def __init__(self, text: str) -> None:
        self.characters = "".join(sorted(set(text)))
        self._places = {character: place for place, character in enumerate(self.characters)}

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> Array:
        """Return tokens of shape (characters,). ValueError for a character that the vocabulary lacks."""
        unknown = sorted(set(text) - set(self.characters))
        if unknown:
            raise ValueError(f"the character {unknown[0]!r} is not in the vocabulary; allowed: {self.characters!r}")
        return np.array([self._places[character] for character in text], np.intp)

    def decode(self, tokens: Iterable[int]) -> str:
        """Return the text of tokens 0..len - 1."""
        return "".join(self.characters[token] for token in tokens)


def shipped() -> str:
    """Return the text that comes with the package: three stories about clocks, written for it, 24,000 characters."""
    return files("nn").joinpath("texts", "apprentice.txt").read_text(encoding="utf-8")


def text_of(path: Path) -> str:
    """Return the text in a file. ValueError for one that is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 text: {error.reason} at byte {error.start}") from None


def windows(tokens: Array, context: int, stride: int) -> tuple[Array, Array]:
    """Return pieces of `context` tokens, one every `stride`, and the same one token further: both (windows, context).

    ValueError for a text that is not longer than one window.
    """
    if len(tokens) <= context:
        raise ValueError(f"the text has {len(tokens)} characters; a context of {context} needs at least {context + 1}")
    pieces = np.lib.stride_tricks.sliding_window_view(tokens, context + 1)[::stride]
    return pieces[:, :-1].copy(), pieces[:, 1:].copy()


def split(tokens: Array, share: float) -> tuple[Array, Array]:
    """Return the beginning of tokens (characters,) to learn from, and the last `share` to be judged on.

    The second part is never learned from. ValueError unless the share lies between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"the held-out share is {share}; it must lie between 0 and 1")
    cut = len(tokens) - max(1, round(share * len(tokens)))
    return tokens[:cut], tokens[cut:]


def counted(learned: Array, judged: Array, size: int, before: int) -> float:
    """Return nats per token of judged (characters,) for whoever only counted in learned (characters,).

    What is counted is what follows the last `before` tokens, 0 or 1. The counts of what never happened begin at the
    number, of a few, that suits `judged` best: a strong baseline.
    """
    counts = np.zeros((size, size))
    np.add.at(counts, (learned[:-1], learned[1:]), 1.0)
    if not before:
        counts = np.broadcast_to(counts.sum(axis=0), counts.shape)
    return min(_cross_entropy(counts + start, judged) for start in BEGINNINGS)


def _cross_entropy(counts: Array, judged: Array) -> float:
    log_shares = np.log(counts) - np.log(counts.sum(axis=1, keepdims=True))
    return -float(log_shares[judged[:-1], judged[1:]].mean())
