"""Has XOR local minima? A census of where training ends (Sprinkhuizen-Kuyper and Boers, 1999; Hamey, 1998)."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from nn.data import XOR_X, XOR_Y
from nn.ensemble import Ensemble
from nn.experiments.result import Result
from nn.experiments.statistics import percent
from nn.experiments.xor import solved
from nn.ops import Array
from nn.spread import Asked, spread

QUESTION = "When training on XOR gets stuck, is it in a local minimum?"
STEEP, FLAT, NUDGE = 1e-3, 1e-4, 1e-4
PUSH, LOWER = 0.1, 0.05  # the ends' losses differ by 0.13 or more
KINDS = ("solved", "still moving", "saddle", "flat", "minimum")


@dataclass(frozen=True)
class Config(Asked):
    """`networks` 2-`hidden`-1 networks per activation, float64, momentum."""

    networks: int = 2000
    hidden: int = 2
    steps: int = 10_000
    learning_rate: float = 0.2


def run(config: Config) -> Result:
    """Train to convergence, group the ends by loss, look at gradient and curvature of each, and nudge it."""
    found, rows, facts, curves, stay = spread(measure, config), [], {}, {}, []
    for hidden in ("tanh", "relu"):
        losses, left = found[f"{hidden} loss"], found[f"{hidden} left"]
        kinds = found[f"{hidden} kind"].tolist()
        rows.extend(_grouped(hidden, losses, kinds, left))
        counts = Counter(kinds)
        facts[hidden] = {kind: counts[kind] for kind in KINDS}
        stay.append((hidden, int((~left[np.array(kinds) == "flat"]).sum()), counts["flat"]))
        curves[hidden] = [(i / len(losses), float(loss)) for i, loss in enumerate(np.sort(losses))]
    columns = ("hidden", "loss", "end", "networks", "share with 95 % interval", "lower after a nudge")
    answer = f"{_answer(facts)} {_flats(stay)}"
    return Result(QUESTION, columns, rows, answer, facts, ("share of networks", "last loss"), curves, lines=False)


def measure(config: Config) -> dict[str, Array]:
    """The loss of each network, the kind of place where it ended and whether a nudge brought it out: (networks,)."""
    found: dict[str, Array] = {}
    for hidden in ("tanh", "relu"):
        ensemble = trained(hidden, config)
        losses, kinds = ends(ensemble)
        found |= {f"{hidden} loss": losses, f"{hidden} kind": np.array(kinds)}
        # Curvature cannot tell a plateau from a minimum that is not strict. A push and more training can.
        found[f"{hidden} left"] = losses - nudged(ensemble, config) > LOWER
    return found


def trained(hidden: str, config: Config) -> Ensemble:
    """Return the networks at the end of their training."""
    ensemble = Ensemble([2, config.hidden, 1], config.seeds, hidden)
    ensemble.train(XOR_X, XOR_Y, config.steps, config.learning_rate, "momentum")
    return ensemble


def ends(ensemble: Ensemble) -> tuple[Array, list[str]]:
    """Return the loss of every network, (networks,), and what kind of place it is in."""
    steepest = np.abs(ensemble.gradients(XOR_X, XOR_Y)).max(axis=1)
    curvatures = np.linalg.eigvalsh(hessians(ensemble, XOR_X, XOR_Y))
    kinds = [kind(*place) for place in zip(solved(ensemble), steepest, curvatures, strict=True)]
    return ensemble.losses(XOR_X, XOR_Y), kinds


def nudged(ensemble: Ensemble, config: Config) -> Array:
    """Return the loss of every network, (networks,), pushed at random and trained as long again."""
    rng = np.random.default_rng([config.seeds.start, len(ensemble.parameters)])
    ensemble.parameters[:] += rng.normal(0.0, PUSH, ensemble.parameters.shape)
    ensemble.train(XOR_X, XOR_Y, config.steps, config.learning_rate, "momentum")
    return ensemble.losses(XOR_X, XOR_Y)


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


def kind(right: bool, steepest: float, curvatures: Array) -> str:
    """Return what an end is, from whether it solves XOR, its largest slope and its curvatures.

    The curvatures have shape (parameters,) and ascend: the eigenvalues of the Hessian.
    """
    if right:
        return "solved"
    if not steepest < STEEP:
        return "still moving"
    if curvatures[0] < -FLAT:
        return "saddle"
    return "minimum" if curvatures[0] > FLAT else "flat"


def _grouped(hidden: str, losses: Array, kinds: list[str], left: Array) -> list[tuple[str, str, str, int, str, int]]:
    names = [(f"{loss:.2f}", kind) for loss, kind in zip(losses, kinds, strict=True)]
    lower = Counter(name for name, gone in zip(names, left, strict=True) if gone)
    common = sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    return [(hidden, *group, count, percent(count, len(losses)), lower[group]) for group, count in common[:8]]


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


def _flats(stay: list[tuple[str, int, int]]) -> str:
    """What curvature cannot tell: a flat may be a minimum all the same, only not a strict one."""
    said = ", ".join(f"{count} of {flats} flats of {hidden}" for hidden, count, flats in stay)
    mostly = 2 * sum(count for _, count, _ in stay) > sum(flats for *_, flats in stay)
    verdict = "In effect most of them hold a network as minima would" if mostly else "Most of them let a network go"
    return (
        f"A flat may still be a minimum that is not strict: pushed by {PUSH} at random and trained on, {said} came no "
        f"lower by {LOWER}. {verdict}."
    )
