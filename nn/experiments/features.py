"""Which hidden unit computes AND, which OR, which NAND?"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from nn.experiments.result import Result, share
from nn.experiments.statistics import Mean
from nn.experiments.xor import Config, measure
from nn.spread import spread

QUESTION = "Do the hidden units of networks that solve XOR compute AND, OR and NAND?"
GATES = {"0001": "AND", "0111": "OR", "1110": "NAND", "1000": "NOR", "0000": "never", "1111": "always"}
FOLKLORE = ("AND", "OR", "NAND")


def run(config: Config) -> Result:
    """Name every hidden unit of every network that solves XOR by the cases in which it is active."""
    found = spread(measure, config)
    after, before = (named(found[name][found["solved"]].tolist()) for name in ("units", "drawn"))
    # A share of 14.4 % means nothing without what chance gives, which is twice as much.
    counts, drawn = (Counter(name for units in found for name in units) for found in (after, before))
    units = counts.total() or 1
    rows = [
        (name, counts[name], counts[name] / units, drawn[name] / units) for name, _ in (counts | drawn).most_common()
    ]
    names = tuple(row[0] for row in rows)
    shares = {"after training": [row[2] for row in rows], "before": [row[3] for row in rows]}
    curves = {title: [(float(place), share) for place, share in enumerate(of, 1)] for title, of in shares.items()}
    columns = ("gate", "units", "share", "share before training")
    answer = f"{_answer(counts)}{_compared(after, before)}"
    return Result(QUESTION, columns, rows, answer, dict(counts), ("gate", "share of units"), curves, False, names=names)


def named(found: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the gates of the hidden units of each network."""
    return [[gate(unit) for unit in units] for units in found]


def gate(cases: str) -> str:
    """Return the name of a unit that is active in these of the cases 00 01 10 11; the cases where it has none."""
    return GATES.get(cases, cases)


def _answer(counts: Counter[str]) -> str:
    units, classic = counts.total(), sum(counts[name] for name in FOLKLORE)
    if not units:
        return "No network of this run solved XOR, so there is nothing to name."
    verdict = "Mostly" if classic > units / 2 else "Mostly not, against the folklore"
    return f"{verdict}: {share(classic, units)} units compute AND, OR or NAND."


def _compared(after: list[list[str]], before: list[list[str]]) -> str:
    """Against what the same units computed before training; an interval over networks, for these are independent."""
    if not after:
        return ""
    shares = np.array([[np.mean([name in FOLKLORE for name in units]) for units in found] for found in (after, before)])
    learned = Mean.of(shares[0] - shares[1])
    verdict = {
        1: "training makes more of them",
        0: "training makes no measurable difference",
        -1: "training makes fewer",
    }
    return (
        f" A network's share is {Mean.of(shares[0])}, before training it was {Mean.of(shares[1])}: "
        f"{verdict[learned.sign]} ({learned})."
    )
