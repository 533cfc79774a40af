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
    tokens: list[int] = np.asarray(prompt).tolist()
    start, rng = len(tokens), np.random.default_rng(seed)
    for _ in range(count):
        logits = model.forward(tokens[-model.context :])[0, -1]  # (vocabulary,)
        tokens.append(int(rng.choice(model.vocabulary, p=probabilities(logits, temperature))))
    return tokens[start:]
