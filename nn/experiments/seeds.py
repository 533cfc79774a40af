"""Same architecture, different seeds: how many different solutions are there?"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from nn.data import XOR_X, XOR_Y
from nn.ensemble import Ensemble
from nn.experiments.result import Result, share
from nn.ops import Array

QUESTION = "Do networks that differ only in their seed find the same solution of XOR?"


@dataclass(frozen=True)
class Config:
    """`networks` 2-`hidden`-1 networks with ReLU, seeds from `seed` on."""

    seed: int = 0
    networks: int = 1000
    hidden: int = 4
    steps: int = 3000
    learning_rate: float = 0.5


def run(config: Config) -> Result:
    """Train, keep those that solve XOR, and count their distinct patterns of active hidden units."""
    seeds = range(config.seed, config.seed + config.networks)
    ensemble = Ensemble([2, config.hidden, 1], seeds)
    ensemble.train(XOR_X, XOR_Y, config.steps, config.learning_rate)
    solved = ((ensemble.forward(XOR_X) > 0.5) == XOR_Y).all(axis=(1, 2))
    kinds = Counter(
        solution(W, b) for W, b in zip(ensemble.weights[0][solved], ensemble.biases[0][solved], strict=True)
    )
    common = kinds.most_common()
    rows = [(" ".join(kind), count) for kind, count in common[:10]]
    facts = {"networks": config.networks, "solved": int(solved.sum()), "distinct": len(kinds)}
    curves = {"solutions": [(float(rank), float(count)) for rank, (_, count) in enumerate(common, 1)]}
    columns = ("active cases of each hidden unit (00 01 10 11)", "networks")
    return Result(QUESTION, columns, rows, _answer(facts), facts, ("rank", "networks"), curves)


def solution(W: Array, b: Array) -> tuple[str, ...]:
    """For each hidden unit, in which of the four cases it is active, sorted: units have no order.

    W of shape (2, hidden), b of shape (hidden,); "0110" means active for 01 and 10 only.
    """
    active = np.dot(XOR_X, W) + b > 0
    return tuple(sorted("".join("01"[int(case)] for case in unit) for unit in active.T))


def _answer(facts: dict[str, int]) -> str:
    solved, distinct = facts["solved"], facts["distinct"]
    verdict = "No" if distinct > 1 else "Yes, as far as this run shows"
    return f"{verdict}: {share(solved, facts['networks'])} solved XOR, in {distinct} distinct ways."
