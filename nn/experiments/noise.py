"""Does noise on the inputs during training help a network to generalise? (Bishop, 1995: it acts like a penalty)"""

from dataclasses import dataclass

import numpy as np

from nn.experiments.moons import Setting, right
from nn.experiments.result import Result
from nn.experiments.statistics import Mean
from nn.ops import Array
from nn.spread import spread

QUESTION = "Does fresh noise on the inputs at every step help a network on samples that it has never seen?"
MEASURED = ("own", "new", "right")
LEVELS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8)


@dataclass(frozen=True)
class Config(Setting):
    """The setting of `nn.experiments.moons`; trained with momentum for `steps` steps."""

    steps: int = 1000


def run(config: Config) -> Result:
    """Return the same networks on the same samples at every level of noise, compared with themselves without noise."""
    found = spread(measure, config)
    measured = [tuple(found[name][:, place] for name in MEASURED) for place in range(len(LEVELS))]
    rows, facts = [], {}
    for level, (own, new, correct) in zip(LEVELS, measured, strict=True):
        gain, won = Mean.of(measured[0][1] - new), Mean.of(correct - measured[0][2])
        rows.append((level, *map(str, (Mean.of(own), Mean.of(new), gain, Mean.of(correct), won))))
        facts[str(level)] = {"gain": gain.value, "gain half": gain.half, "won": won.value, "won half": won.half}
    curves = {
        name: [_point(level, Mean.of(row[i])) for level, row in zip(LEVELS, measured, strict=True)]
        for i, name in enumerate(("own samples", "new samples"))
    }
    columns = ("noise", "loss on own", "loss on new", "lower than without", "right on new", "more than without")
    return Result(QUESTION, columns, rows, _answer(facts), facts, ("noise", "loss"), curves)


def measure(config: Config) -> dict[str, Array]:
    """What is measured of each network at each level of noise, (networks, levels)."""
    test = config.new()
    rows = [trained(level, test, config) for level in LEVELS]
    return {name: np.stack([row[i] for row in rows], axis=1) for i, name in enumerate(MEASURED)}


def _point(level: float, loss: Mean) -> tuple[float, float, float]:
    return level, loss.value, loss.half


def trained(level: float, test: tuple[Array, Array], config: Config) -> tuple[Array, Array, Array]:
    """Loss on own and on new samples and share right on new ones, each (networks,), after training with noise."""
    (x, y), ensemble = config.own(), config.untrained()
    training = ensemble.training(x, y, config.learning_rate, "momentum", noise=level, seed=config.seeds.start)
    training.advance(config.steps)
    return ensemble.losses(x, y), ensemble.losses(*test), right(ensemble, *test)


def _answer(facts: dict[str, dict[str, float]]) -> str:
    helped = [level for level, fact in facts.items() if fact["gain"] > fact["gain half"]]
    harmed = [level for level, fact in facts.items() if fact["gain"] < -fact["gain half"]]
    # Asked apart: noise of 0.8 lowers the loss on new samples, and yet loses right answers.
    fewer = [level for level, fact in facts.items() if fact["won"] < -fact["won half"]]
    best = max(facts, key=lambda level: facts[level]["gain"])
    fact = facts[best]
    gain, won = Mean(fact["gain"], fact["gain half"]), Mean(fact["won"], fact["won half"])
    if not helped:
        return f"No, against the folklore: no level of noise lowered the loss on new samples; best {best} with {gain}."
    accuracy = {
        1: "and more answers are right",
        0: "but not measurably more answers are right",
        -1: "but fewer are right",
    }
    lost = f" Fewer answers are right with noise of {', '.join(fewer)}." if fewer else ""
    both = sorted({*harmed, *fewer}, key=float)
    return (
        f"Yes: noise of {', '.join(helped)} lowered the loss on new samples, {best} the most, by {gain}, "
        f"{accuracy[won.sign]} ({won}).{lost} Noise of {', '.join(both) or 'no level'} harmed."
    )
