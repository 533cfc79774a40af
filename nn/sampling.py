"""Let a transformer write: draw the next token from its own guess, append it, ask again."""

import numpy as np
from numpy.typing import ArrayLike

from nn.ops import OPS, Array, eager
from nn.transformer import Transformer


def probabilities(logits: Array, temperature: float) -> Array:
    """softmax(logits / temperature): below 1 bolder, above 1 more surprising. ValueError unless it is positive."""
    if not 0 < temperature < float("inf"):
        raise ValueError(f"temperature is {temperature}; it must be a positive number")
    return OPS["softmax"].forward(eager, logits.astype(np.float64) / temperature)


def sample(model: Transformer, prompt: ArrayLike, count: int, seed: int = 0, temperature: float = 1.0) -> list[int]:
    """`count` tokens that go on from `prompt` (positions,); of a long text the model sees the last `context` tokens.

    The same seed gives the same tokens. ValueError for a prompt of no or unknown tokens or a negative count.
    """
    if count < 0:
        raise ValueError(f"count is {count}; it must be at least 0")
    tokens: list[int] = model.samples(np.asarray(prompt)[-model.context :])[0].tolist()
    start, rng = len(tokens), np.random.default_rng(seed)
    for _ in range(count):
        guess = probabilities(next_logits(model, tokens[-model.context :]), temperature)
        tokens.append(int(rng.choice(model.vocabulary, p=guess)))
    return tokens[start:]


def next_logits(model: Transformer, seen: list[int]) -> Array:
    """What the model thinks comes after 1..context tokens, (vocabulary,).

    The window is filled up to the full context with token 0: no position sees a later one, so the filling changes
    nothing, and one compiled shape serves prompts of every length.
    """
    window = seen + [0] * (model.context - len(seen))
    logits: Array = model.forward(window)[0, len(seen) - 1]
    return logits
