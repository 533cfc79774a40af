"""Why does XOR need a hidden layer? (Minsky and Papert, 1969)"""

from dataclasses import dataclass

import numpy as np

from nn.data import XOR_X
from nn.ensemble import Ensemble
from nn.experiments.result import Result, share
from nn.experiments.statistics import interval
from nn.ops import Array
from nn.spread import Asked, spread

QUESTION = "Can a network without a hidden layer learn XOR, as it learns AND and OR?"
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "XOR": [0, 1, 1, 0]}


@dataclass(frozen=True)
class Config(Asked):
    """`networks` networks per gate and shape."""

    steps: int = 2000
    learning_rate: float = 1.0


def run(config: Config) -> Result:
    """Train every gate with and without a hidden layer and count who gets all four cases right."""
    found, rows = spread(measure, config), []
    facts = {name: int((right == 4).sum()) for name, right in found.items()}
    for name, right in found.items():
        gate, shape = name.split()
        rows.append((gate, shape, facts[name], float(right.mean())))
    curves = {s: [(i, float(row[2])) for i, row in enumerate(rows[k::2], 1)] for k, s in ((0, "2-1"), (1, "2-4-1"))}
    columns = ("gate", "network", "solved", "mean cases right of 4")
    answer = f"{_answer(facts, config)} {_how_sure(facts['XOR 2-1'], config.networks)}"
    return Result(QUESTION, columns, rows, answer, facts, ("gate", "solved"), curves, False, names=tuple(GATES))


def measure(config: Config) -> dict[str, Array]:
    """For each gate and shape, how many cases each network gets right: (networks,)."""
    return {
        f"{gate} {'-'.join(map(str, sizes))}": correct_cases(sizes, np.array(y, float), config)
        for gate, y in GATES.items()
        for sizes in ([2, 1], [2, 4, 1])
    }


def correct_cases(sizes: list[int], y: Array, config: Config) -> Array:
    """Return how many of the four cases each network gets right, shape (networks,)."""
    ensemble = Ensemble(sizes, config.seeds, hidden="tanh")
    ensemble.train(XOR_X, y, config.steps, config.learning_rate)
    right: Array = ((ensemble.forward(XOR_X)[:, :, 0] > 0.5) == y).sum(axis=1)
    return right


def _answer(facts: dict[str, int], config: Config) -> str:
    without, with_hidden = facts["XOR 2-1"], facts["XOR 2-4-1"]
    others = min(facts[f"{gate} 2-1"] for gate in ("AND", "OR", "NAND"))
    verdict = "No: no single line separates XOR." if without == 0 < others else "Not clear from this run."
    return (
        f"{verdict} Without a hidden layer XOR was solved by {share(without, config.networks)}, "
        f"each other gate by at least {share(others, config.networks)}; "
        f"with one, XOR by {share(with_hidden, config.networks)}."
    )


def _how_sure(solved: int, networks: int) -> str:
    """What counting leaves open, and what a search through many lines adds."""
    _, most = interval(solved, networks)
    # That none of many networks solved it is no proof, so lines are searched for as well.
    drawn = lines()
    found = [gate for gate, y in GATES.items() if tuple(y) in drawn]
    return (
        f"Counting leaves up to {100 * most:.1f} % (95 % confidence). Of the 16 ways to label the four cases lines "
        f"through their square draw {len(drawn)}; of these gates {', '.join(found)}."
    )


def lines(steps: int = 8) -> set[tuple[int, ...]]:
    """Return the labels of the four cases that some line gives, of all with weights and bias in -1..1 on a grid."""
    grid = np.arange(-steps, steps + 1) / steps
    W = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    above = (W @ XOR_X.T)[:, None, :] + (grid + 0.5 / steps)[None, :, None] > 0
    return {tuple(map(int, labels)) for labels in np.unique(above.reshape(-1, 4), axis=0)}
