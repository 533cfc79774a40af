"""Which hidden unit computes AND, which OR, which NAND?"""

from collections import Counter
from dataclasses import dataclass

from nn.data import XOR_X, XOR_Y
from nn.ensemble import Ensemble
from nn.experiments.result import Result, share
from nn.experiments.seeds import solution

QUESTION = "Do the hidden units of networks that solve XOR compute AND, OR and NAND?"
GATES = {"0001": "AND", "0111": "OR", "1110": "NAND", "1000": "NOR", "0000": "never", "1111": "always"}
FOLKLORE = ("AND", "OR", "NAND")


@dataclass(frozen=True)
class Config:
    """`networks` 2-`hidden`-1 networks with ReLU, seeds from `seed` on."""

    seed: int = 0
    networks: int = 1000
    hidden: int = 4
    steps: int = 3000
    learning_rate: float = 0.5


def run(config: Config) -> Result:
    """Name every hidden unit of every network that solves XOR by the cases in which it is active."""
    ensemble = Ensemble([2, config.hidden, 1], range(config.seed, config.seed + config.networks))
    ensemble.train(XOR_X, XOR_Y, config.steps, config.learning_rate)
    solved = ((ensemble.forward(XOR_X) > 0.5) == XOR_Y).all(axis=(1, 2))
    found = zip(ensemble.weights[0][solved], ensemble.biases[0][solved], strict=True)
    counts = Counter(gate(unit) for W, b in found for unit in solution(W, b))
    units = counts.total()
    rows = [(name, count, count / units) for name, count in counts.most_common()]
    curves = {"units": [(float(rank), float(row[1])) for rank, row in enumerate(rows, 1)]}
    answer = _answer(counts)
    return Result(QUESTION, ("gate", "units", "share"), rows, answer, dict(counts), ("rank", "units"), curves)


def gate(cases: str) -> str:
    """The name of a unit that is active in these of the cases 00 01 10 11; the cases where it has none."""
    return GATES.get(cases, cases)


def _answer(counts: Counter[str]) -> str:
    units, classic = counts.total(), sum(counts[name] for name in FOLKLORE)
    if not units:
        return "No network of this run solved XOR, so there is nothing to name."
    verdict = "Mostly" if classic > units / 2 else "Mostly not, against the folklore"
    return f"{verdict}: {share(classic, units)} units compute AND, OR or NAND."
