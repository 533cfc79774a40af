"""How much of the gradient is left at the first layers of a deep network?"""

from dataclasses import dataclass

import numpy as np

from nn.datasets import draw
from nn.ensemble import Ensemble
from nn.experiments.result import Result
from nn.experiments.statistics import Mean
from nn.ops import Array
from nn.spread import Asked, spread

QUESTION = "Does the gradient vanish on its way through a deep network, and does the activation decide it?"
HIDDEN, DEPTHS = ("sigmoid", "tanh", "relu"), (2, 4, 8, 16)


@dataclass(frozen=True)
class Config(Asked):
    """`networks` untrained networks, of layers of `width` units, on `samples` points of moons."""

    networks: int = 200
    width: int = 16
    samples: int = 50


def run(config: Config) -> Result:
    """For each activation and depth, the gradient at the first square layer beside that at the last."""
    found, rows, facts, curves = spread(measure, config), [], {}, {}
    for hidden in HIDDEN:
        points = []
        for depth in DEPTHS:
            left = Mean.of(np.log10(found[f"{hidden} {depth}"]))
            layer = 10 ** (left.value / (depth - 1))
            points.append((float(depth), left.value, left.half))
            rows.append((hidden, depth, 10**left.value, f"10^({left.value:.2f} ± {left.half:.2f})", layer))
            facts[f"{hidden} {depth}"] = {"log10 left": left.value, "half": left.half, "by layer": layer}
        curves[hidden] = points
    columns = ("hidden", "layers between", "share left at the first", "with its interval", "by layer")
    axes = ("layers between", "log10 of the gradient's share left")
    return Result(QUESTION, columns, rows, _answer(facts), facts, axes, curves)


def measure(config: Config) -> dict[str, Array]:
    """The share left in each network for each activation and depth, (networks,)."""
    return {f"{hidden} {depth}": shares_left(hidden, depth, config) for hidden in HIDDEN for depth in DEPTHS}


def shares_left(hidden: str, depth: int, config: Config) -> Array:
    """Return the length of dL/dW of the first of `depth` square layers by that of the last, (networks,).

    Initial weights are those that fit the activation, so what is lost here is lost in spite of them.
    """
    sizes = [2, *[config.width] * (depth + 1), 1]
    ensemble = Ensemble(sizes, config.seeds, hidden)
    gradients = ensemble.gradients(*draw("moons", config.samples, config.seed))
    layers = ensemble.kind.layers(gradients.T)  # W over b: (inputs + 1, outputs, networks)
    first, last = (np.sqrt((layers[place][:-1] ** 2).sum(axis=(0, 1))) for place in (1, depth))
    # A ReLU network that is dead for all samples has no gradient anywhere: 0 of 0 is left.
    return np.asarray(np.maximum(first, 1e-300) / np.maximum(last, 1e-300))


def _answer(facts: dict[str, dict[str, float]]) -> str:
    deepest = DEPTHS[-1]
    said = []
    for hidden in HIDDEN:
        fact = facts[f"{hidden} {deepest}"]
        said.append(f"{hidden} {10 ** fact['log10 left']:.2g} ({fact['by layer']:.2f} by layer)")
    ends = {hidden: facts[f"{hidden} {deepest}"] for hidden in HIDDEN}
    gone = [hidden for hidden, fact in ends.items() if fact["log10 left"] + fact["half"] < -2]
    verdict = f"Yes, with {' and '.join(gone)}" if gone else "Not in this run, against the folklore"
    kept = [hidden for hidden in HIDDEN if hidden not in gone]
    but = f"; with {' and '.join(kept)} more than a hundredth is left" if gone and kept else ""
    return f"{verdict}{but}. Left after {deepest} layers, of the last layer's gradient: {', '.join(said)}."
