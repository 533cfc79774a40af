"""What `steps` and `noise` share: networks with few samples of two blurred moons, judged on many unseen ones."""

from dataclasses import dataclass

import numpy as np

from nn.datasets import many
from nn.ensemble import Ensemble
from nn.ops import Array
from nn.spread import Asked

HELD_OUT_SEED = 1_000_003
Samples = tuple[Array, Array]


@dataclass(frozen=True)
class Setting(Asked):
    """`networks` 2-`hidden`-1 networks, each with `samples` points of two blurred moons of its own."""

    networks: int = 300
    samples: int = 20
    hidden: int = 16
    held_out: int = 500
    learning_rate: float = 0.1

    def own(self) -> Samples:
        """Return the samples that each network learns, x of shape (networks, samples, 2)."""
        return many("moons", self.samples, self.seeds)

    def new(self) -> Samples:
        """Return held-out samples, x (networks, samples, 2), drawn again for each network.

        So an interval over networks includes the luck of the draw.
        """
        # With one held-out draw for all, noise of 0.4 seemed to gain 0.58. With a draw for each network it gains 0.45.
        return many("moons", self.held_out, range(self.seeds.start + HELD_OUT_SEED, self.seeds.stop + HELD_OUT_SEED))

    def untrained(self) -> Ensemble:
        """Return the networks as they are drawn."""
        return Ensemble([2, self.hidden, 1], self.seeds, "tanh", dtype="float32")


def right(ensemble: Ensemble, x: Array, y: Array) -> Array:
    """Return the share of samples that each network gets right, shape (networks,)."""
    return np.asarray(((ensemble.forward(x) > 0.5) == (y > 0.5)).mean(axis=(1, 2)))
