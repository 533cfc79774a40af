"""Do the first weights decide whether a deep network learns at all?"""

from dataclasses import dataclass

import numpy as np

from nn.datasets import many
from nn.ensemble import Ensemble
from nn.experiments.result import Result
from nn.experiments.statistics import Mean
from nn.init import INITS
from nn.ops import Array
from nn.spread import Asked, spread

QUESTION = "Do the first weights of a deep network decide whether it learns, and does the best kind fit the activation?"
# What the papers say fits (Glorot and Bengio, 2010; He et al., 2015).
FITTING = {"tanh": "xavier", "relu": "he"}


@dataclass(frozen=True)
class Config(Asked):
    """`networks` networks, with `depth` hidden layers of `width` units, on `samples` of moons."""

    networks: int = 60
    depth: int = 6
    width: int = 16
    samples: int = 40
    steps: int = 300
    learning_rate: float = 0.1


def run(config: Config) -> Result:
    """Train each activation from each kind of first weights; what is compared are the same seeds and samples."""
    found, rows, facts, right = spread(measure, config), [], {}, {}
    for hidden in FITTING:
        for init in INITS:
            size, solved = (found[f"{hidden} {init} {name}"] for name in ("size", "right"))
            right[hidden, init] = solved
            facts[f"{hidden} {init}"] = {"right": Mean.of(solved).value, "spread": float(np.median(size))}
            rows.append((hidden, init, float(np.median(size)), str(Mean.of(solved))))
    names = tuple(INITS)
    curves = {hidden: [_point(place, right[hidden, init]) for place, init in enumerate(names, 1)] for hidden in FITTING}
    columns = ("hidden", "first weights", "size of the last activations at first", "right on own samples")
    answer = _answer({hidden: {init: right[hidden, init] for init in names} for hidden in FITTING})
    axes = ("first weights", "share right")
    return Result(QUESTION, columns, rows, answer, facts, axes, curves, lines=False, names=names)


def measure(config: Config) -> dict[str, Array]:
    """What `trained` says of each activation and each kind of first weights, (networks,)."""
    found: dict[str, Array] = {}
    for hidden in FITTING:
        for init in INITS:
            size, right = trained(hidden, init, config)
            found |= {f"{hidden} {init} size": size, f"{hidden} {init} right": right}
    return found


def trained(hidden: str, init: str, config: Config) -> tuple[Array, Array]:
    """Return how large the last hidden activations were at first (root mean square), and the share right at the end.

    Both of shape (networks,).

    A signal that dies out or saturates on its way forward has no gradient on its way back.
    """
    seeds = config.seeds
    x, y = many("moons", config.samples, seeds)
    sizes = [2, *[config.width] * config.depth, 1]
    inside = Ensemble(sizes[:-1], seeds, hidden, output=hidden, init=init, loss="mean_squared_error")
    size = np.sqrt((inside.forward(x) ** 2).mean(axis=(1, 2)))
    ensemble = Ensemble(sizes, seeds, hidden, init=init, dtype="float32")
    ensemble.train(x, y, config.steps, config.learning_rate)
    return size, np.asarray(((ensemble.forward(x) > 0.5) == (y > 0.5)).mean(axis=(1, 2)))


def _point(place: int, right: Array) -> tuple[float, float, float]:
    mean = Mean.of(right)
    return float(place), mean.value, mean.half


def _answer(right: dict[str, dict[str, Array]]) -> str:
    said, fits = [], []
    for hidden, kinds in right.items():
        best, worst = (pick(kinds, key=lambda init: float(kinds[init].mean())) for pick in (max, min))
        more, fitting = Mean.of(kinds[best] - kinds[worst]), FITTING[hidden]
        behind = Mean.of(kinds[best] - kinds[fitting])
        fits.append(best == fitting or not behind.sign)
        sure = "" if more.sign else ", which is no measurable difference"
        beside = "" if best == fitting else f"; {fitting}, which should fit, is {behind} behind the best"
        said.append(f"With {hidden} {best} is best and {worst} worst, by {more} of the answers{sure}{beside}.")
    verdict = "Yes" if all(fits) else "Not always the fitting kind, against the folklore"
    return " ".join([f"{verdict}.", *said])
