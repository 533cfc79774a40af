"""Same architecture, different seeds: how many different solutions are there?"""

from collections import Counter

from nn.experiments.result import Result, share
from nn.experiments.xor import Config, solutions, solved, trained
from nn.experiments.xor import solution as solution

QUESTION = "Do networks that differ only in their seed find the same solution of XOR?"


def run(config: Config) -> Result:
    """Train, keep those that solve XOR, and count their distinct patterns of active hidden units."""
    ensemble = trained(config)
    which = solved(ensemble)
    kinds = Counter(solutions(ensemble, which))
    common = kinds.most_common()
    rows = [(" ".join(kind), count) for kind, count in common[:10]]
    facts = {"networks": config.networks, "solved": int(which.sum()), "distinct": len(kinds)}
    curves = {"solutions": [(float(rank), float(count)) for rank, (_, count) in enumerate(common, 1)]}
    columns = ("active cases of each hidden unit (00 01 10 11)", "networks")
    return Result(QUESTION, columns, rows, _answer(facts), facts, ("rank", "networks"), curves)


def _answer(facts: dict[str, int]) -> str:
    solved, distinct = facts["solved"], facts["distinct"]
    verdict = "No" if distinct > 1 else "Yes, as far as this run shows"
    return f"{verdict}: {share(solved, facts['networks'])} solved XOR, in {distinct} distinct ways."
