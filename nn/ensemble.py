"""Many independent networks trained at once: the same numbers as one by one, without the loop.

Seen from outside the network axis comes first, W of shape (networks, inputs, outputs). Inside it comes last
(`nn.piece`). Networks are taken in pieces that fit the processor's cache, side by side on its cores: numpy lets
go of Python's lock while it computes. How they are cut depends on sizes alone, so results never depend on cores.
"""

import itertools
import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from nn.data import as_batch, as_targets, checked_seed, finite
from nn.losses import TERMS
from nn.network import PARTNER, Network, chosen, drawn
from nn.ops import Array, eager
from nn.optim import OPTIMISERS, SGD, Optimiser, Scaled, positive_rate
from nn.piece import Kind, Piece, forward, turned
from nn.progress import Told

# Networks in one piece, and the bytes they may need: found by measuring (docs/nn.md).
SMALLEST, PIECE, CACHE = 256, 5120, 3_000_000
LONG = 20  # Steps from which on threads are started.


class Ensemble:
    """`Ensemble([2, 4, 1], range(1000))`: the networks `Network(layer_sizes, ..., seed=seed)`, side by side.

    Activations, losses, initialisations and dtypes are those of `Network`. x is (features,) or (batch, features)
    for samples that all networks share, (networks, batch, features) for samples of their own; y likewise.
    ValueError for sizes, names, shapes or seeds that make no network.
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        seeds: Sequence[int],
        hidden: str = "relu",
        output: str = "sigmoid",
        loss: str | None = None,
        init: str | None = None,
        dtype: str = "float64",
    ) -> None:
        if not isinstance(seeds, Sequence | np.ndarray) or isinstance(seeds, str):
            raise ValueError(f"seeds is {seeds!r}; allowed: whole numbers in a row, such as range(1000)")
        if not len(seeds):
            raise ValueError("seeds is empty; an ensemble has at least one network")
        first = Network(layer_sizes, hidden, output, loss, init, seeds[0], dtype)
        self.dtype, self.networks = first.dtype, len(seeds)
        self.kind = Kind(first.layer_sizes, hidden, first.output, first.loss)
        self._vector = np.empty((first.parameters.vector.size, self.networks), self.dtype)
        # Making 10,000 whole networks took 0.80 s of processor time. Drawing their weights takes 0.17 s.
        for place, seed in enumerate(seeds):  # A whole Network for each would take longer than their training.
            arrays = drawn(first.layer_sizes, first.init, seed).values()
            self._vector[:, place] = np.concatenate([array.ravel() for array in arrays])

    @property
    def parameters(self) -> Array:
        """One row per network, (networks, parameters); a view to read and to write.

        A row is laid out like `Network.parameters.vector`.
        """
        return self._vector.T

    @property
    def weights(self) -> list[Array]:
        """W1, W2, ... of shapes (networks, inputs, outputs)."""
        return [np.moveaxis(layer[:-1], -1, 0) for layer in self.kind.layers(self._vector)]

    @property
    def biases(self) -> list[Array]:
        """b1, b2, ... of shapes (networks, outputs)."""
        return [layer[-1].T for layer in self.kind.layers(self._vector)]

    def forward(self, x: ArrayLike) -> Array:
        """Return outputs of shape (networks, batch, outputs)."""
        return np.moveaxis(self._passed(self._samples(x))[1], -1, 0)

    def losses(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the loss of each network, shape (networks,)."""
        samples = self._samples(x)
        z, a = self._passed(samples)
        seen, targets = z if self.kind.loss in PARTNER else a, self._targets(y, len(samples))
        with np.errstate(all="ignore"):
            terms = turned(self.kind.loss, lambda v, y: TERMS[self.kind.loss](eager, v, y), seen, targets)
            # Within the guard too: the sum over the samples of a diverged network overflows.
            summed = 1 if self.kind.loss == "categorical_cross_entropy" else terms.shape[1]
            return np.asarray(terms.sum(axis=(0, 1)) / (len(terms) * summed))

    def gradients(self, x: ArrayLike, y: ArrayLike) -> Array:
        """dL/d(parameters) of each network's own loss, shape (networks, parameters)."""
        pieces = self.training(x, y, 1.0).pieces
        with np.errstate(all="ignore"):
            for piece in pieces:
                piece.run()
        return np.concatenate([piece.gradient for piece in pieces], axis=-1).T

    def train(self, x: ArrayLike, y: ArrayLike, steps: int, learning_rate: float, optimiser: str = "sgd") -> None:
        """Take `steps` full-batch steps with every network: x (batch, features), y (batch, outputs).

        Both may be of shape (networks, batch, ...) instead: samples of its own for each network.
        """
        self.training(x, y, learning_rate, optimiser).advance(steps)

    def training(
        self,
        x: ArrayLike,
        y: ArrayLike,
        learning_rate: float,
        optimiser: str = "sgd",
        noise: float = 0.0,
        seed: int = 0,
    ) -> "Training":
        """Return a training that you advance bit by bit: x (batch, features), y (batch, outputs).

        Its optimiser keeps its state. `noise` is the standard deviation of fresh normal noise on every input at every
        step, drawn from `seed`. ValueError for a noise or a rate that is not allowed.
        """
        if not isinstance(noise, Real) or not 0 <= noise < math.inf:
            raise ValueError(f"noise is {noise!r}; it must be a number of at least 0")
        samples = self._samples(x)
        if noise and samples.ndim == 2:
            samples = np.repeat(samples[..., None], self.networks, axis=-1)
        make = OPTIMISERS[chosen("optimiser", optimiser, list(OPTIMISERS))]
        # Plain descent is linear in the gradient, so that the rate can go in where the gradient is small: at the loss.
        factor = positive_rate(learning_rate) if make is SGD else 1.0
        targets = self._targets(y, len(samples))
        cuts = self.cuts(len(samples))
        pieces = [
            Piece(self.kind, self._vector[:, cut].copy(), _cut(samples, cut), _cut(targets, cut), factor)
            for cut in cuts
        ]
        movers = [Scaled() if make is SGD else make(learning_rate, p.vector.shape, self.dtype) for p in pieces]
        return Training(self._vector, cuts, pieces, movers, noise, checked_seed(seed))

    def _passed(self, samples: Array) -> tuple[Array, Array]:
        """z and a of the last layer, (batch, outputs, networks)."""
        with np.errstate(all="ignore"):
            ends = [
                tuple(values[-1] for values in forward(eager, self.kind, layers, _cut(samples, cut)))
                for cut in self.cuts(len(samples))
                for layers in [self.kind.layers(np.ascontiguousarray(self._vector[:, cut]))]
            ]
        a, z = (np.concatenate(part, axis=-1) for part in zip(*ends, strict=True))
        return z, a

    def cuts(self, batch: int) -> list[slice]:
        """Return the networks, cut so that one piece's numbers for `batch` samples stay in the cache."""
        floats = 4 * batch * sum(self.kind.layer_sizes) + 2 * len(self._vector)
        # The price of a numpy call decides: 10,000 XOR networks took 2.2 s in pieces of 256 and 0.8 s in pieces of
        # 2,048.
        largest = min(max(CACHE // (floats * self.dtype.itemsize), SMALLEST), PIECE)
        count = math.ceil(self.networks / largest)
        count += count > 1 and count % 2  # An even number keeps two cores busy to the end.
        ends = [self.networks * i // count for i in range(count + 1)]
        return [slice(start, end) for start, end in pairwise(ends)]

    def _samples(self, x: ArrayLike) -> Array:
        """x as (batch, features), or (batch, features, networks) where each network has its own."""
        if np.ndim(x) != 3:
            return as_batch(x, self.kind.layer_sizes[0], self.dtype)
        own = finite("x", x, self.dtype)
        features = self.kind.layer_sizes[0]
        if own.shape[::2] != (self.networks, features) or not own.size:
            raise ValueError(f"x has shape {own.shape}; allowed: ({self.networks}, batch, {features})")
        return np.ascontiguousarray(np.moveaxis(own, 0, -1))

    def _targets(self, y: ArrayLike, batch: int) -> Array:
        """y as (batch, outputs, 1), or (batch, outputs, networks) where each network has its own."""
        outputs = self.kind.layer_sizes[-1]
        if np.ndim(y) != 3:
            return as_targets(y, batch, outputs, self.kind.loss, self.dtype)[:, :, None]
        if np.shape(y) != (self.networks, batch, outputs):
            raise ValueError(f"y has shape {np.shape(y)}; allowed: ({self.networks}, {batch}, {outputs})")
        rows = as_targets(np.reshape(y, (-1, outputs)), self.networks * batch, outputs, self.kind.loss, self.dtype)
        return np.ascontiguousarray(np.moveaxis(rows.reshape(self.networks, batch, outputs), 0, -1))


@dataclass(eq=False)
class Training:
    """An ensemble on its way: `advance(steps)` moves every network, and the ensemble shows where they are."""

    home: Array
    cuts: list[slice]
    pieces: list[Piece]
    optimisers: Sequence[Optimiser | Scaled]
    noise: float
    seed: int
    steps: int = 0

    def advance(self, steps: int) -> None:
        """`steps` full-batch steps for every network."""
        if not isinstance(steps, int | np.integer) or steps < 0:
            raise ValueError(f"steps is {steps!r}; it must be a whole number of at least 0")
        places, told = range(len(self.pieces)), Told(steps * len(self.pieces))
        # An experiment that looks after every step started 1,800 threads, and waited for them half of its time.
        if len(places) == 1 or steps < LONG:  # Threads would cost more than they save.
            for place in places:
                self._advance(place, steps, told)
        else:
            with ThreadPoolExecutor(min(len(places), os.cpu_count() or 1)) as pool:
                list(pool.map(lambda place: self._advance(place, steps, told), places))
        self.steps += steps

    def _advance(self, place: int, steps: int, told: Told | None = None) -> None:
        piece, optimiser, cut = self.pieces[place], self.optimisers[place], self.cuts[place]
        told = told or Told(steps)
        piece.vector[...] = self.home[:, cut]
        rng = np.random.default_rng([self.seed, place, self.steps])
        clean = piece.x.copy()
        with np.errstate(all="ignore"):
            for _ in itertools.chain.from_iterable(map(range, told.chunks(steps))):
                if self.noise:
                    rng.standard_normal(dtype=clean.dtype.type, out=piece.x)
                    np.add(clean, np.multiply(piece.x, self.noise, piece.x), piece.x)
                piece.run()
                optimiser.update(piece.vector, piece.gradient)
        piece.x[...] = clean
        self.home[:, cut] = piece.vector


def _cut(array: Array, cut: slice) -> Array:
    """The part of `array` that belongs to some networks; what all networks share stays whole."""
    return np.ascontiguousarray(array[..., cut]) if array.ndim == 3 and array.shape[-1] > 1 else array
