"""A transformer that predicts the next token: a more interesting forward pass, and the same chain rule.

Pre-norm blocks as in GPT-2 (Radford et al., 2019), with ReLU as in the first paper (Vaswani et al., 2017), or with GELU
as in GPT-2. Parameters of block n end in `.n`.
"""

from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nn.attention import Past, attend, checked_heads
from nn.attention import drawn as attention_drawn
from nn.data import checked_dtype, checked_seed, chosen, one_hot
from nn.init import he, xavier
from nn.losses import constant_cost
from nn.model import Model
from nn.network import RECTIFYING
from nn.ops import Array
from nn.tape import Node, Tape

# The hidden layer of a block's own network is so many times as wide as what flows through the block.
WIDER = 4
# Standard deviation of the embeddings at first, as in GPT-2.
EMBEDDED = 0.02
HYPERPARAMETERS = ("vocabulary", "context", "width", "heads", "blocks", "seed", "wider", "embedded", "hidden", "tied")


class Transformer(Model):
    """`Transformer(vocabulary=65, context=64)`: from the tokens so far, a guess at the next, at every position.

    Tokens are whole numbers 0..vocabulary-1, of shape (positions,) or (batch, positions) with at most `context`
    positions; targets are the same, one step ahead. `forward` gives logits of shape (batch, positions, vocabulary),
    softmax of which are probabilities; `cost` is in nats per token, log(vocabulary) for a blind guess. In the trace
    `weights.n` are the shares of attention in block n. The hidden layer of a block is `wider` times as wide as the
    block, with the activation `hidden`; 0 leaves attention alone. Embeddings begin with standard deviation `embedded`.
    With `tied` a token is guessed by the row of E that stands for it, without a matrix W (Press and Wolf, 2017).
    Everything random comes from `seed`. ValueError names any value that is not allowed.
    """

    loss = "categorical_cross_entropy"

    def __init__(
        self,
        vocabulary: int,
        context: int,
        width: int = 64,
        heads: int = 4,
        blocks: int = 2,
        seed: int = 0,
        dtype: str = "float64",
        wider: int = WIDER,
        embedded: float = EMBEDDED,
        hidden: str = "relu",
        tied: bool = False,
    ) -> None:
        self.vocabulary, self.context = _whole("vocabulary", vocabulary), _whole("context", context)
        self.width, self.heads = _whole("width", width), _whole("heads", heads)
        checked_heads(width, heads)
        self.blocks, self.seed = _whole("blocks", blocks), checked_seed(seed)
        self.wider = _whole("wider", wider, 0)
        self.embedded = _positive("embedded", embedded)
        self.hidden, self.tied = chosen("hidden activation", hidden, RECTIFYING), bool(tied)
        super().__init__(self._drawn(), checked_dtype(dtype), self.vocabulary)

    def samples(self, x: ArrayLike) -> Array:
        """Return tokens as (batch, positions)."""
        return self._tokens("tokens", x)

    def targets(self, y: ArrayLike, samples: Array) -> Array:
        """Return the tokens to be guessed as (batch, positions), one for each of `samples`."""
        aims = self._tokens("targets", y)
        if samples.shape != aims.shape:
            raise ValueError(f"targets have shape {aims.shape}; allowed: that of the tokens, {samples.shape}")
        return aims

    def attention_maps(self, tokens: ArrayLike) -> list[Array]:
        """Return who looks at whom: for each block the shares of attention, (batch, heads, positions, positions).

        Row t of a map says how position t divides its attention among positions 0..t; it sums to 1. These are the
        values of `weights.n` in the trace.
        """
        tape, _, _ = self.record(tokens, tokens)
        names = {f"weights.{number}" for number in range(1, self.blocks + 1)}
        return [node.value for node in tape.nodes if node.name in names]

    def settings(self) -> dict[str, Any]:
        """Return the arguments that make this transformer again, apart from what it has learned."""
        return {**{name: getattr(self, name) for name in HYPERPARAMETERS}, "dtype": self.dtype.name}

    def constant_cost(self, targets: Array) -> float:
        """Return the loss, a scalar in nats, of guessing by how often each token of targets (batch, positions) comes.

        The guess is the same at every position.
        """
        shares = np.bincount(targets.ravel(), minlength=self.vocabulary) / targets.size
        return constant_cost(self.loss, shares[None, :])

    def aims(self, targets: Array) -> Array:
        """Return the tokens as rows with a single 1, (batch, positions, vocabulary)."""
        return one_hot(targets.ravel(), self.vocabulary).reshape(*targets.shape, -1)

    def _places(self, samples: Array) -> tuple[int, ...]:
        return samples.shape

    def _tokens(self, name: str, tokens: ArrayLike) -> Array:
        array = np.atleast_2d(np.asarray(tokens))
        if array.ndim != 2 or not array.size or array.shape[1] > self.context:
            allowed = f"(positions,) or (batch, positions) with 1..{self.context} positions"
            raise ValueError(f"{name} have shape {np.shape(tokens)}; allowed: {allowed}")
        wrong = array[~np.isin(array, np.arange(self.vocabulary))]
        if wrong.size:
            raise ValueError(f"{name} contain {wrong[0]}; allowed: whole numbers 0..{self.vocabulary - 1}")
        return array.astype(np.intp)

    def _drawn(self) -> dict[str, Array]:
        rng = np.random.default_rng(self.seed)
        arrays = {
            "E": rng.normal(0, self.embedded, (self.vocabulary, self.width)),
            "P": rng.normal(0, self.embedded, (self.context, self.width)),
        }
        for number in range(1, self.blocks + 1):
            arrays |= block_drawn(rng, self.width, f".{number}", self.wider)
        arrays |= _norm_drawn(self.width, "out")
        out = {} if self.tied else {"W": xavier(rng, self.width, self.vocabulary)}
        return arrays | out | {"b": np.zeros(self.vocabulary)}

    def following(self, tokens: ArrayLike, past: Past) -> Array:
        """Logits (vocabulary,) of what comes after `tokens` (positions,), which follow those that `past` has read.

        `past` keeps what was computed of them, so that the next call reads its own tokens alone. ValueError where they
        would be more than `context` together.
        """
        fresh = self.samples(tokens)[:1]
        if past.positions + fresh.shape[1] > self.context:
            count = past.positions + fresh.shape[1]
            raise ValueError(f"these would be {count} tokens; allowed: a context of {self.context}")
        tape = Tape()
        leaves = {name: tape.leaf(name, array) for name, array in self.parameters.named.items()}
        logits: Array = self._logits(tape, leaves, fresh, past).value[0, -1]
        past.positions += fresh.shape[1]
        return logits

    def _recipe(self, tape: Tape, leaves: dict[str, Node], tokens: Array, y: Array) -> tuple[Node, Node]:
        z = self._logits(tape, leaves, tokens)
        return z, tape.apply("categorical_cross_entropy", z, tape.leaf("y", y, trainable=False), name="L")

    def _logits(self, tape: Tape, leaves: dict[str, Node], tokens: Array, past: Past | None = None) -> Node:
        first = 0 if past is None else past.positions
        what = tape.apply("embed", leaves["E"], tape.leaf("tokens", tokens, trainable=False), name="what")
        places = tape.leaf("positions", np.arange(first, first + tokens.shape[1]), trainable=False)
        where = tape.apply("embed", leaves["P"], places, name="where")  # (positions, width)
        x = tape.apply("add", what, where, name="x")  # (batch, positions, width)
        for number in range(1, self.blocks + 1):
            x = block(tape, leaves, x, self.heads, f".{number}", self.hidden, past)
        W = tape.apply("transpose", leaves["E"], name="E.T") if self.tied else leaves["W"]  # (width, vocabulary)
        return tape.apply("affine", layer_norm(tape, leaves, x, "out"), W, leaves["b"], name="z")


def _whole(name: str, value: int, least: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} is {value!r}; allowed: a whole number of at least {least}")
    return int(value)


def block_drawn(rng: np.random.Generator, width: int, suffix: str, wider: int = WIDER) -> dict[str, Array]:
    """Return the arrays of one block: attention (width, width), a hidden layer (width, wider * width), two norms.

    There is no hidden layer if `wider` is 0. A norm is a gain and a shift, (width,).
    """
    arrays = {**_norm_drawn(width, f"a{suffix}"), **attention_drawn(rng, width, suffix)}
    if not wider:
        return arrays
    arrays |= _norm_drawn(width, f"m{suffix}")
    arrays |= {f"W1{suffix}": he(rng, width, wider * width), f"b1{suffix}": np.zeros(wider * width)}
    return arrays | {f"W2{suffix}": xavier(rng, wider * width, width), f"b2{suffix}": np.zeros(width)}


def block(
    tape: Tape,
    leaves: dict[str, Node],
    x: Node,
    heads: int,
    suffix: str,
    hidden: str = "relu",
    past: Past | None = None,
) -> Node:
    """x (batch, positions, width) plus what attention finds, plus what a small network makes of that; same shape.

    Without the parameters of a network there is only attention, which reads the positions of `past` as well.
    """
    found = attend(tape, leaves, layer_norm(tape, leaves, x, f"a{suffix}"), heads, suffix, past)
    # Added to what flows by and never in its place, so that a gradient reaches the first block undiminished.
    x = tape.apply("add", x, found, name=f"x.a{suffix}")
    if f"W1{suffix}" not in leaves:
        return x
    made = _mlp(tape, leaves, layer_norm(tape, leaves, x, f"m{suffix}"), suffix, hidden)
    return tape.apply("add", x, made, name=f"x.m{suffix}")


def layer_norm(tape: Tape, leaves: dict[str, Node], x: Node, which: str) -> Node:
    """Give every position of x (batch, positions, width) mean 0 and variance 1, then multiply by `gain`, add `shift`.

    Layer normalisation (Ba, Kiros and Hinton, 2016).
    """
    # Without it the signal of so deep a sum grows from block to block.
    even = tape.apply("normalise", x, name=f"even.{which}")
    scaled = tape.apply("multiply", even, leaves[f"gain.{which}"], name=f"scaled.{which}")
    return tape.apply("add", scaled, leaves[f"shift.{which}"], name=f"norm.{which}")


def _positive(name: str, value: float) -> float:
    if not isinstance(value, Real) or not 0 < value < float("inf"):
        raise ValueError(f"{name} is {value!r}; it must be a positive number")
    return float(value)


def _norm_drawn(width: int, which: str) -> dict[str, Array]:
    return {f"gain.{which}": np.ones(width), f"shift.{which}": np.zeros(width)}


def _mlp(tape: Tape, leaves: dict[str, Node], x: Node, suffix: str, hidden: str) -> Node:
    z = tape.apply("affine", x, leaves[f"W1{suffix}"], leaves[f"b1{suffix}"], name=f"z1{suffix}")
    a = tape.apply(hidden, z, name=f"a1{suffix}")  # (batch, positions, wider * width)
    return tape.apply("affine", a, leaves[f"W2{suffix}"], leaves[f"b2{suffix}"], name=f"z2{suffix}")
