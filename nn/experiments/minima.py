"""Has XOR local minima? A census of where training ends (Sprinkhuizen-Kuyper and Boers, 1999; Hamey, 1998)."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from nn.data import XOR_X, XOR_Y
from nn.ensemble import Ensemble
from nn.experiments.result import Result
from nn.experiments.statistics import percent
from nn.ops import Array

QUESTION = "When training on XOR gets stuck, is it in a local minimum?"
STEEP, FLAT, NUDGE = 1e-3, 1e-4, 1e-4
KINDS = ("solved", "still moving", "saddle", "flat", "minimum")


@dataclass(frozen=True)
class Config:
    """`networks` 2-`hidden`-1 networks per activation, float64, momentum, seeds from `seed` on."""

    seed: int = 0
    networks: int = 2000
    hidden: int = 2
    steps: int = 10_000
    learning_rate: float = 0.2


def run(config: Config) -> Result:
    """Train to convergence, group the ends by loss, and look at gradient and curvature of each."""
    rows, facts, curves = [], {}, {}
    for hidden in ("tanh", "relu"):
        losses, kinds = census(hidden, config)
        rows.extend(_grouped(hidden, losses, kinds))
        counts = Counter(kinds)
        facts[hidden] = {kind: counts[kind] for kind in KINDS}
        curves[hidden] = [(i / len(losses), float(loss)) for i, loss in enumerate(np.sort(losses))]
    columns = ("hidden", "loss", "end", "networks", "share with 95 % interval")
    return Result(
        QUESTION, columns, rows, _answer(facts), facts, ("share of networks", "last loss"), curves, lines=False
    )


def census(hidden: str, config: Config) -> tuple[Array, list[str]]:
    """The last loss of every network and what kind of place it ended in."""
    ensemble = Ensemble([2, config.hidden, 1], range(config.seed, config.seed + config.networks), hidden)
    ensemble.train(XOR_X, XOR_Y, config.steps, config.learning_rate, "momentum")
    steepest = np.abs(ensemble.gradients(XOR_X, XOR_Y)).max(axis=1)
    solved = ((ensemble.forward(XOR_X) > 0.5) == XOR_Y).all(axis=(1, 2))
    curvatures = np.linalg.eigvalsh(hessians(ensemble, XOR_X, XOR_Y))
    kinds = [kind(*place) for place in zip(solved, steepest, curvatures, strict=True)]
    return ensemble.losses(XOR_X, XOR_Y), kinds


def hessians(ensemble: Ensemble, x: Array, y: Array) -> Array:
    """Second derivatives by central differences of the gradient, (networks, parameters, parameters)."""
    start, columns = ensemble.parameters.copy(), []
    for place in range(start.shape[1]):
        sides = []
        for nudge in (NUDGE, -NUDGE):
            ensemble.parameters[:, place] = start[:, place] + nudge
            sides.append(ensemble.gradients(x, y))
        ensemble.parameters[:] = start
        columns.append((sides[0] - sides[1]) / (2 * NUDGE))
    matrix = np.stack(columns, axis=-1)
    return np.asarray((matrix + np.swapaxes(matrix, 1, 2)) / 2)


def kind(solved: bool, steepest: float, curvatures: Array) -> str:
    """What an end is, from whether it solves XOR, its largest slope, and its curvatures in ascending order."""
    if solved:
        return "solved"
    if not steepest < STEEP:
        return "still moving"
    if curvatures[0] < -FLAT:
        return "saddle"
    return "minimum" if curvatures[0] > FLAT else "flat"


def _grouped(hidden: str, losses: Array, kinds: list[str]) -> list[tuple[str, str, str, int, str]]:
    groups = Counter((f"{loss:.2f}", kind) for loss, kind in zip(losses, kinds, strict=True))
    common = sorted(groups.items(), key=lambda item: (-item[1], item[0]))
    return [(hidden, *group, count, percent(count, len(losses))) for group, count in common[:8]]


def _answer(facts: dict[str, dict[str, int]]) -> str:
    said = []
    for hidden, counts in facts.items():
        stuck = sum(counts.values()) - counts["solved"]
        found = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS[1:])
        said.append(f"{hidden}: {stuck} of {sum(counts.values())} did not solve XOR ({found})")
    minima = sum(counts["minimum"] for counts in facts.values())
    verdict = (
        "Sometimes" if minima else "Not in this run, against the folklore: no end curves upwards in every direction"
    )
    return f"{verdict}. {'; '.join(said)}. Flat means: no slope, and some direction without curvature."
