"""Same architecture, different seeds: how many different solutions are there?"""

from collections import Counter

from nn.experiments.result import Result, share
from nn.experiments.statistics import percent
from nn.experiments.xor import Config, measure
from nn.experiments.xor import solution as solution
from nn.spread import spread

QUESTION = "Do networks that differ only in their seed find the same solution of XOR?"


def run(config: Config) -> Result:
    """Train, keep those that solve XOR, and count their distinct patterns of active hidden units."""
    found = spread(measure, config)
    which = found["solved"]
    kinds = Counter(map(tuple, found["units"][which].tolist()))
    common = kinds.most_common()
    rows = [(" ".join(kind), count) for kind, count in common[:10]]
    facts = {"networks": config.networks, "solved": int(which.sum()), "distinct": len(kinds)}
    facts["seen once"] = sum(count == 1 for count in kinds.values())
    curves = {"solutions": [(float(rank), float(count)) for rank, (_, count) in enumerate(common, 1)]}
    columns = ("active cases of each hidden unit (00 01 10 11)", "networks")
    return Result(QUESTION, columns, rows, f"{_answer(facts)} {_how_sure(facts)}", facts, ("rank", "networks"), curves)


def _answer(facts: dict[str, int]) -> str:
    distinct = facts["distinct"]
    verdict = "No" if distinct > 1 else "Yes, as far as this run shows"
    return f"{verdict}: {share(facts['solved'], facts['networks'])} solved XOR, in {distinct} distinct ways."


def _how_sure(facts: dict[str, int]) -> str:
    """How much of this the next run would show as well.

    The share of networks whose way was seen once estimates the chance that the next one brings a new way (Good, 1953).
    """
    sure = f"With 95 % confidence {percent(facts['solved'], facts['networks'])} of such networks solve it."
    if not facts["solved"]:
        return sure
    # 216 ways of 640 networks say little without how many more there would be.
    new = 100 * facts["seen once"] / facts["solved"]
    more = f"More networks would show more ways: the next to solve XOR brings a new one with a chance of {new:.1f} %."
    return f"{sure} {more}" if facts["seen once"] else sure
