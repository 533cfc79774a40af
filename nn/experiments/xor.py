"""What `seeds` and `features` share: networks trained on XOR, which of them solve it, and what their units do."""

from dataclasses import dataclass

import numpy as np

from nn.data import XOR_X, XOR_Y
from nn.ensemble import Ensemble
from nn.ops import Array
from nn.spread import Asked


@dataclass(frozen=True)
class Config(Asked):
    """`networks` 2-`hidden`-1 networks with ReLU."""

    hidden: int = 4
    steps: int = 3000
    learning_rate: float = 0.5


def measure(config: Config) -> dict[str, Array]:
    """Whether each network solves XOR, and what each of its hidden units does, (networks, hidden), before and after."""
    ensemble, every = trained(config), np.ones(config.networks, bool)
    units, drawn = (np.array(solutions(networks, every)) for networks in (ensemble, untrained(config)))
    return {"solved": solved(ensemble), "units": units, "drawn": drawn}


def untrained(config: Config) -> Ensemble:
    """Return the networks as they are drawn."""
    return Ensemble([2, config.hidden, 1], config.seeds)


def trained(config: Config) -> Ensemble:
    """Return the networks after their training on XOR."""
    ensemble = untrained(config)
    ensemble.train(XOR_X, XOR_Y, config.steps, config.learning_rate)
    return ensemble


def solved(ensemble: Ensemble) -> Array:
    """Return whether each network gets all four cases right, shape (networks,)."""
    return np.asarray(((ensemble.forward(XOR_X) > 0.5) == XOR_Y).all(axis=(1, 2)))


def solution(W: Array, b: Array) -> tuple[str, ...]:
    """For each hidden unit, in which of the four cases it is active, sorted: units have no order.

    W of shape (2, hidden), b of shape (hidden,); "0110" means active for 01 and 10 only.
    """
    active = np.dot(XOR_X, W) + b > 0
    return tuple(sorted("".join("01"[int(case)] for case in unit) for unit in active.T))


def solutions(ensemble: Ensemble, which: Array) -> list[tuple[str, ...]]:
    """Return the `solution` of every network that the mask `which` (networks,) names."""
    return [solution(W, b) for W, b in zip(ensemble.weights[0][which], ensemble.biases[0][which], strict=True)]
