"""Many independent networks trained at once: the same numbers as one by one, without the loop.

Seen from outside the network axis comes first, W of shape (networks, inputs, outputs). Inside it comes
last, and the small sums over inputs, outputs and samples are written out over it, so that every numpy
call works on long contiguous rows. Networks are taken in pieces that fit the processor's cache.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from nn.data import as_batch, as_targets
from nn.network import Network, checked_sizes, chosen
from nn.ops import Array, eager
from nn.tape import rule_of

PIECE = 2048
SUPPORTED = ("relu", "tanh", "sigmoid", "identity")


class Ensemble:
    """`Ensemble([2, 4, 1], range(1000))`: the networks `Network(layer_sizes, seed=seed)`, side by side.

    `hidden` is relu, tanh, sigmoid or identity; the output is a sigmoid with binary cross-entropy.
    ValueError for sizes, names or seeds that make no network.
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        seeds: Sequence[int],
        hidden: str = "relu",
        init: str | None = None,
        dtype: str = "float64",
    ) -> None:
        self.layer_sizes = checked_sizes(layer_sizes)
        self.hidden = chosen("hidden activation", hidden, SUPPORTED)
        if not len(seeds):
            raise ValueError("seeds is empty; an ensemble has at least one network")
        self.dtype = np.dtype(chosen("dtype", dtype, ("float64", "float32")))
        drawn = [Network(layer_sizes, hidden, init=init, seed=seed, dtype=dtype) for seed in seeds]
        # Inside: the network axis last, W (inputs, outputs, networks), b (outputs, networks).
        self._W = [_last([network.weights[i] for network in drawn]) for i in range(len(layer_sizes) - 1)]
        self._b = [_last([network.biases[i] for network in drawn]) for i in range(len(layer_sizes) - 1)]

    @property
    def weights(self) -> list[Array]:
        """W1, W2, ... of shapes (networks, inputs, outputs)."""
        return [np.moveaxis(W, -1, 0) for W in self._W]

    @property
    def biases(self) -> list[Array]:
        """b1, b2, ... of shapes (networks, outputs)."""
        return [np.moveaxis(b, -1, 0) for b in self._b]

    def forward(self, x: ArrayLike) -> Array:
        """Outputs of shape (networks, batch, outputs) for x of shape (features,) or (batch, features)."""
        samples = as_batch(x, self.layer_sizes[0], self.dtype)
        with np.errstate(all="ignore"):
            pieces = [piece.forward(samples)[-1] for piece in self._pieces()]
        return np.moveaxis(np.concatenate(pieces, axis=-1), -1, 0)

    def train(self, x: ArrayLike, y: ArrayLike, steps: int, learning_rate: float) -> None:
        """`steps` full-batch steps of gradient descent for every network, each on its own."""
        samples = as_batch(x, self.layer_sizes[0], self.dtype)
        outputs = self.layer_sizes[-1]
        targets = as_targets(y, len(samples), outputs, "binary_cross_entropy", self.dtype)[:, :, None]
        with np.errstate(all="ignore"):
            for piece in self._pieces():
                for _ in range(steps):
                    piece.step(samples, targets, learning_rate)
                piece.put_back()

    def _pieces(self) -> Iterator["Piece"]:
        for start in range(0, self._W[0].shape[-1], PIECE):
            here = slice(start, start + PIECE)
            yield Piece([W[..., here] for W in self._W], [b[..., here] for b in self._b], self.hidden)


class Piece:
    """Some of the networks, their numbers close together; arrays are (..., networks)."""

    def __init__(self, W: list[Array], b: list[Array], hidden: str) -> None:
        self._home, self.activation = (W, b), rule_of(hidden)
        self.W = [np.ascontiguousarray(array) for array in W]
        self.b = [np.ascontiguousarray(array) for array in b]

    def forward(self, x: Array) -> list[Array]:
        """a1, a2, ... of shapes (batch, outputs, networks) for x of shape (batch, features)."""
        a = [self._activated(0, _shared(x, self.W[0]))]
        for layer in range(1, len(self.W)):
            products = a[-1][:, :, None] * self.W[layer]  # (batch, inputs, outputs, networks)
            a.append(self._activated(layer, _sum(products, 1)))
        return a

    def step(self, x: Array, y: Array, learning_rate: float) -> None:
        """One step of gradient descent; y of shape (batch, outputs, 1)."""
        a = self.forward(x)
        g = (a[-1] - y) * (learning_rate / y.size)  # dL/dz of the last layer, times the rate
        for layer in range(len(self.W) - 1, 0, -1):
            before, W = a[layer - 1], self.W[layer]
            g_before = self._through(_sum(g[:, None] * W, 2), before)
            W -= _sum(before[:, :, None] * g[:, None], 0)
            self.b[layer] -= _sum(g, 0)
            g = g_before
        self.W[0] -= _shared(x.T, g)
        self.b[0] -= _sum(g, 0)

    def put_back(self) -> None:
        """Write what was learned to where the piece was taken from."""
        for target, source in zip([*self._home[0], *self._home[1]], [*self.W, *self.b], strict=True):
            target[...] = source

    def _through(self, g: Array, a: Array) -> Array:
        # The slopes of all supported activations follow from a alone, so z need not be kept.
        return np.asarray(self.activation.backward(eager, g, a, a)[0])

    def _activated(self, layer: int, z: Array) -> Array:
        z += self.b[layer]
        rule = self.activation if layer < len(self.W) - 1 else rule_of("sigmoid")
        return rule.forward(eager, z)


def _last(arrays: list[Array]) -> Array:
    return np.ascontiguousarray(np.moveaxis(np.stack(arrays), 0, -1))


def _sum(terms: Array, axis: int) -> Array:
    total: Array = np.add.reduce(terms, axis)
    return total


def _shared(x: Array, W: Array) -> Array:
    """x (rows, k) times W (k, n, networks): all networks see the same x, so it is one matrix product."""
    product: Array = np.dot(x, W.reshape(len(W), -1))
    return product.reshape(len(x), *W.shape[1:])
