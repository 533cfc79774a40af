"""Causal multi-head self-attention: every position asks those before it, and no later one (Vaswani et al., 2017).

A composition of rows of `nn.ops`, so the trace shows each step: what a position asks for (q), what each offers (k),
how well they match (scores), the shares it takes (weights) of what they hold (v).
"""

import numpy as np

from nn.init import xavier
from nn.ops import Array
from nn.tape import Node, Tape

# Added to the score of a later position: after softmax exactly 0, and finite, so that a trace can be JSON.
NEVER = -1e9


def checked_heads(width: int, heads: int) -> int:
    """Return the size of one head, `width / heads`; ValueError unless both are positive and it is whole."""
    if heads < 1 or width < 1 or width % heads:
        allowed = [count for count in range(1, max(width, 1) + 1) if width % count == 0]
        raise ValueError(f"{heads} heads do not divide a width of {width}; allowed: {allowed}")
    return width // heads


def drawn(rng: np.random.Generator, width: int, suffix: str = "") -> dict[str, Array]:
    """Wq, Wk, Wv, Wo of shape (width, width) and their biases, named with `suffix`."""
    arrays: dict[str, Array] = {}
    for letter in "qkvo":
        arrays[f"W{letter}{suffix}"] = xavier(rng, width, width)
        arrays[f"b{letter}{suffix}"] = np.zeros(width)
    return arrays


class Past:
    """The keys and values of the positions that were read so far, so that a next one need not read them again.

    For writing only: what is put in front here is not differentiated.
    """

    def __init__(self) -> None:
        self.positions = 0
        self._kept: dict[str, Array] = {}

    def before(self, tape: Tape, name: str, fresh: Node) -> Node:
        """`fresh` (batch, heads, positions, size) with what was kept under `name` in front, and kept for next time."""
        kept = self._kept.get(name)
        whole = fresh.value if kept is None else np.concatenate([kept, fresh.value], axis=2)
        self._kept[name] = whole
        return fresh if kept is None else tape.leaf(f"{name}.all", whole, trainable=False)


def causal_mask(positions: int, dtype: np.dtype[np.floating]) -> Array:
    """(positions, positions) to add to scores: 0 up to the position itself, NEVER for later ones."""
    return np.triu(np.full((positions, positions), NEVER, dtype), k=1)


def attend(
    tape: Tape, leaves: dict[str, Node], x: Node, heads: int, suffix: str = "", past: Past | None = None
) -> Node:
    """Return what each position of x (batch, positions, width) learns from itself and those before it; same shape.

    `leaves` holds the parameters of `drawn`; the shares are the node `weights`. The positions of `past` come before
    those of x. ValueError for heads that do not divide the width.
    """
    size = checked_heads(x.value.shape[-1], heads)
    q, k, v = (
        _projected(tape, leaves, x, heads, letter, suffix) for letter in "qkv"
    )  # (batch, heads, positions, size)
    if past is not None:
        k, v = (past.before(tape, f"{letter}{suffix}", node) for letter, node in (("k", k), ("v", v)))
    k_turned = tape.apply("transpose", k, name=f"k.T{suffix}")  # (batch, heads, size, positions)
    match = tape.apply("matmul", q, k_turned, name=f"q@k.T{suffix}")  # (batch, heads, positions, positions)
    # A sum of `size` products has a variance of `size`: unscaled, softmax would look at one place alone and learn
    # nothing (Vaswani et al., 2017, section 3.2.1).
    scale = _constant(tape, f"scale{suffix}", np.array(size**-0.5), x)
    scaled = tape.apply("multiply", match, scale, name=f"scaled{suffix}")
    # With a past the rows of the new positions are the last ones of the whole mask.
    allowed = causal_mask(k.value.shape[2], x.value.dtype)[-x.value.shape[1] :]  # (positions, positions read)
    mask = _constant(tape, f"mask{suffix}", allowed, x)
    scores = tape.apply("add", scaled, mask, name=f"scores{suffix}")
    # A node of their own, so that the trace and the maps can show who looks at whom.
    weights = tape.apply("softmax", scores, name=f"weights{suffix}")
    taken = tape.apply("matmul", weights, v, name=f"taken{suffix}")  # (batch, heads, positions, size)
    merged = tape.apply("merge_heads", taken, name=f"merged{suffix}")  # (batch, positions, width)
    return tape.apply("affine", merged, leaves[f"Wo{suffix}"], leaves[f"bo{suffix}"], name=f"attended{suffix}")


def _projected(tape: Tape, leaves: dict[str, Node], x: Node, heads: int, letter: str, suffix: str) -> Node:
    leaf = leaves[f"W{letter}{suffix}"], leaves[f"b{letter}{suffix}"]
    whole = tape.apply("affine", x, *leaf, name=f"{letter}.whole{suffix}")  # all heads side by side
    return tape.apply("split_heads", whole, heads=heads, name=f"{letter}{suffix}")


def _constant(tape: Tape, name: str, value: Array, like: Node) -> Node:
    return tape.leaf(name, value.astype(like.value.dtype), trainable=False)
