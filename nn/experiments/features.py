"""Which hidden unit computes AND, which OR, which NAND?"""

from collections import Counter

from nn.experiments.result import Result, share
from nn.experiments.xor import Config, solutions, solved, trained

QUESTION = "Do the hidden units of networks that solve XOR compute AND, OR and NAND?"
GATES = {"0001": "AND", "0111": "OR", "1110": "NAND", "1000": "NOR", "0000": "never", "1111": "always"}
FOLKLORE = ("AND", "OR", "NAND")


def run(config: Config) -> Result:
    """Name every hidden unit of every network that solves XOR by the cases in which it is active."""
    ensemble = trained(config)
    counts = Counter(gate(unit) for units in solutions(ensemble, solved(ensemble)) for unit in units)
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
