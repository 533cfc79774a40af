"""Do weights jump while they learn, which come to rest, which swing to and fro?"""

from dataclasses import dataclass

import numpy as np

from nn.data import XOR_X, XOR_Y
from nn.ensemble import Ensemble
from nn.experiments.result import Result
from nn.experiments.statistics import Mean, percent
from nn.experiments.xor import solved
from nn.ops import Array
from nn.spread import Asked, spread

QUESTION = "Do weights jump to their places, which come to rest, and which oscillate?"
RATES = (0.1, 1.0, 10.0)
WAYS = ("jump", "rest", "oscillate", "drift")
SAME_STEPS = (
    "Every rate had the same number of steps, so a low one is seen earlier on its way; what oscillates may be at rest "
    "by its range."
)


@dataclass(frozen=True)
class Config(Asked):
    """`networks` 2-`hidden`-1 networks on XOR, every parameter looked at after each of `steps` steps."""

    networks: int = 200
    hidden: int = 4
    steps: int = 1000


def run(config: Config) -> Result:
    """Follow all parameters at three learning rates, each ten times the last."""
    found, rows, facts, curves, which = spread(measure, config), [], {}, {}, []
    for rate in RATES:
        seen = {way: found[f"{rate:g} {way}"] for way in WAYS}
        # The parameters of one network are not independent of one another; the networks are.
        shares = (str(Mean.of(seen[way].mean(axis=1))) for way in WAYS)
        rows.append((rate, *shares, percent(int(found[f"{rate:g} solved"].sum()), config.networks)))
        which.append(f"At rate {rate:g} {_which(by_kind(seen, config.hidden))}.")
        facts[str(rate)] = {way: int(marks.sum()) for way, marks in seen.items()} | {"parameters": seen[WAYS[0]].size}
        curves[f"rate {rate:g}"] = [(i, float(value)) for i, value in enumerate(found[f"{rate:g} shown"][0])]
    columns = ("learning rate", *(f"share that {way}s" if way != "rest" else "share at rest" for way in WAYS))
    answer = f"{_answer(facts)} Which ones? {' '.join(which)} {SAME_STEPS}"
    return Result(
        QUESTION, (*columns, "solved XOR by then"), rows, answer, facts, ("sampled step", "one weight"), curves
    )


def measure(config: Config) -> dict[str, Array]:
    """Which way each parameter goes, (networks, parameters), who solved XOR, and one weight on its way, (1, marks)."""
    found: dict[str, Array] = {}
    for rate in RATES:
        path = followed(rate, config)
        found |= {f"{rate:g} {way}": marks for way, marks in ways(path).items()}
        # Told beside the ways, because at a high rate most networks have solved nothing by then.
        found[f"{rate:g} solved"] = solved(ended(path[-1], config))
        found[f"{rate:g} shown"] = path[:: max(len(path) // 200, 1), 0, 0][None]
    return found


def followed(rate: float, config: Config) -> Array:
    """Return every parameter after every step, (steps + 1, networks, parameters)."""
    ensemble = Ensemble([2, config.hidden, 1], config.seeds, "tanh")
    training = ensemble.training(XOR_X, XOR_Y, rate)
    path = np.empty((config.steps + 1, *ensemble.parameters.shape))
    for step in range(config.steps + 1):
        path[step] = ensemble.parameters
        training.advance(1)
    return path


def ended(parameters: Array, config: Config) -> Ensemble:
    """Return the networks with these `parameters`, (networks, parameters)."""
    ensemble = Ensemble([2, config.hidden, 1], range(len(parameters)), "tanh")
    ensemble.parameters[:] = parameters
    return ensemble


def by_kind(seen: dict[str, Array], hidden: int) -> dict[str, dict[str, Mean]]:
    """Return for each way what share of W1, b1, W2 and b2 goes it, a mean over networks.

    Each array of `seen` has shape (networks, parameters).
    """
    ends = {"W1": 2 * hidden, "b1": 3 * hidden, "W2": 4 * hidden, "b2": 4 * hidden + 1}
    starts = [0, *ends.values()]
    return {
        way: {
            name: Mean.of(marks[:, start:end].mean(axis=1))
            for (name, end), start in zip(ends.items(), starts, strict=False)
        }
        for way, marks in seen.items()
    }


def _which(found: dict[str, dict[str, Mean]]) -> str:
    """The kinds of parameters that go each way most and least, where the intervals tell them apart."""
    said = []
    for way in WAYS[:3]:
        ranked = sorted(found[way].items(), key=lambda item: item[1].value)
        (least, low), (most, high) = ranked[0], ranked[-1]
        if high.value - high.half > low.value + low.half:
            said.append(f"{most} {way}s most ({100 * high.value:.0f} %) and {least} least ({100 * low.value:.0f} %)")
    return ", ".join(said) or "no kind of parameter stands out"


def ways(path: Array) -> dict[str, Array]:
    """Return what each parameter does, each of shape path.shape[1:].

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
