"""A transformer that predicts the next token: a more interesting forward pass, and the same chain rule.

Pre-norm blocks as in GPT-2 (Radford et al., 2019), with ReLU as in the first paper (Vaswani et al., 2017). Parameters
of block n end in `.n`.
"""

import numpy as np

from nn.attention import attend
from nn.attention import drawn as attention_drawn
from nn.init import he, xavier
from nn.ops import Array
from nn.tape import Node, Tape

# The hidden layer of a block's own network is so many times as wide as what flows through the block.
WIDER = 4


def block_drawn(rng: np.random.Generator, width: int, suffix: str) -> dict[str, Array]:
    """Attention, a network of one hidden layer, and a gain and a shift before each."""
    arrays = {**_norm_drawn(width, f"a{suffix}"), **attention_drawn(rng, width, suffix)}
    arrays |= _norm_drawn(width, f"m{suffix}")
    arrays |= {f"W1{suffix}": he(rng, width, WIDER * width), f"b1{suffix}": np.zeros(WIDER * width)}
    return arrays | {f"W2{suffix}": xavier(rng, WIDER * width, width), f"b2{suffix}": np.zeros(width)}


def block(tape: Tape, leaves: dict[str, Node], x: Node, heads: int, suffix: str) -> Node:
    """x (batch, positions, width) plus what attention finds, plus what a small network makes of that; same shape."""
    found = attend(tape, leaves, layer_norm(tape, leaves, x, f"a{suffix}"), heads, suffix)
    x = tape.apply("add", x, found, name=f"x.a{suffix}")
    made = _mlp(tape, leaves, layer_norm(tape, leaves, x, f"m{suffix}"), suffix)
    return tape.apply("add", x, made, name=f"x.m{suffix}")


def layer_norm(tape: Tape, leaves: dict[str, Node], x: Node, which: str) -> Node:
    """Every position of x with mean 0 and variance 1, then times `gain` plus `shift` (Ba, Kiros and Hinton, 2016)."""
    scaled = tape.apply("multiply", tape.apply("normalise", x), leaves[f"gain.{which}"])
    return tape.apply("add", scaled, leaves[f"shift.{which}"], name=f"norm.{which}")


def _norm_drawn(width: int, which: str) -> dict[str, Array]:
    return {f"gain.{which}": np.ones(width), f"shift.{which}": np.zeros(width)}


def _mlp(tape: Tape, leaves: dict[str, Node], x: Node, suffix: str) -> Node:
    z = tape.apply("affine", x, leaves[f"W1{suffix}"], leaves[f"b1{suffix}"], name=f"z1{suffix}")
    hidden = tape.apply("relu", z, name=f"a1{suffix}")  # (batch, positions, WIDER * width)
    return tape.apply("affine", hidden, leaves[f"W2{suffix}"], leaves[f"b2{suffix}"], name=f"z2{suffix}")
