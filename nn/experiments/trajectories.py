"""Do weights jump while they learn, which come to rest, which swing to and fro?"""

from dataclasses import dataclass

import numpy as np

from nn.data import XOR_X, XOR_Y
from nn.ensemble import Ensemble
from nn.experiments.result import Result
from nn.experiments.statistics import Mean
from nn.ops import Array

QUESTION = "Do weights jump to their places, which come to rest, and which oscillate?"
RATES = (0.1, 1.0, 10.0)
WAYS = ("jump", "rest", "oscillate", "drift")


@dataclass(frozen=True)
class Config:
    """`networks` 2-`hidden`-1 networks on XOR, every parameter looked at after each of `steps` steps."""

    seed: int = 0
    networks: int = 200
    hidden: int = 4
    steps: int = 1000


def run(config: Config) -> Result:
    """Follow all parameters at three learning rates, each ten times the last."""
    rows, facts, curves = [], {}, {}
    for rate in RATES:
        path = followed(rate, config)
        seen = ways(path)
        # The parameters of one network are not independent of one another; the networks are.
        rows.append((rate, *(str(Mean.of(seen[way].mean(axis=1))) for way in WAYS)))
        facts[str(rate)] = {way: int(marks.sum()) for way, marks in seen.items()} | {"parameters": path[0].size}
        curves[f"rate {rate:g}"] = [
            (i, float(value)) for i, value in enumerate(path[:: max(len(path) // 200, 1), 0, 0])
        ]
    columns = ("learning rate", *(f"share that {way}s" if way != "rest" else "share at rest" for way in WAYS))
    return Result(QUESTION, columns, rows, _answer(facts), facts, ("sampled step", "one weight"), curves)


def followed(rate: float, config: Config) -> Array:
    """Every parameter after every step, (steps + 1, networks, parameters)."""
    ensemble = Ensemble([2, config.hidden, 1], range(config.seed, config.seed + config.networks), "tanh")
    training = ensemble.training(XOR_X, XOR_Y, rate)
    path = np.empty((config.steps + 1, *ensemble.parameters.shape))
    for step in range(config.steps + 1):
        path[step] = ensemble.parameters
        training.advance(1)
    return path


def ways(path: Array) -> dict[str, Array]:
    """What each parameter does, each of shape path.shape[1:].

    jump: one step is more than a tenth of the whole range it ever moves in. rest: in the last tenth of the steps it
    stays within a hundredth of that range. oscillate: in the last half more than a quarter of its moves turn back.
    drift: it does not rest and does not oscillate.
    """
    moves, reach = np.diff(path, axis=0), np.ptp(path, axis=0)
    late = moves[len(moves) // 2 :]
    jump = np.abs(moves).max(axis=0) > reach / 10
    rest = np.ptp(path[-len(path) // 10 :], axis=0) <= reach / 100
    oscillate = (late[1:] * late[:-1] < 0).mean(axis=0) > 0.25
    return {"jump": jump, "rest": rest, "oscillate": oscillate, "drift": ~rest & ~oscillate}


def _answer(facts: dict[str, dict[str, int]]) -> str:
    return " ".join(_sentence(rate, found) for rate, found in facts.items())


def _sentence(rate: str, found: dict[str, int]) -> str:
    whole = found["parameters"]
    said = ", ".join(f"{100 * found[way] / whole:.1f} % {way}" for way in WAYS)
    most = max(WAYS[1:], key=lambda way: found[way])
    return (
        f"At rate {rate} {said}: {'most jump' if found['jump'] > whole / 2 else 'most do not jump'}, most often {most}."
    )
