"""Too few steps, enough, too many: when does a network know the rule, and when its samples by heart?"""

from dataclasses import dataclass

import numpy as np

from nn.ensemble import Training
from nn.experiments.moons import Setting
from nn.experiments.moons import right as right
from nn.experiments.result import Result
from nn.experiments.statistics import Mean
from nn.ops import Array
from nn.spread import spread

QUESTION = "After few and after many steps: has a network learned the rule, or its samples by heart?"
MEASURED = ("right on own", "right on new", "own", "new", "right on shuffled labels")
MARKS = (0, 3, 10, 30, 100, 300, 1000, 3000)


@dataclass(frozen=True)
class Config(Setting):
    """The setting of `nn.experiments.moons`; trained with momentum."""


def run(config: Config) -> Result:
    """Return losses on the own samples and on 500 new ones along the way; beside it the same with shuffled labels."""
    found = spread(measure, config)
    measured = [[found[name][:, place] for name in MEASURED] for place in range(len(MARKS))]
    rows = [(mark, *map(str, map(Mean.of, row))) for mark, row in zip(MARKS, measured, strict=True)]
    own, new = (np.array([row[i] for row in measured]) for i in (2, 3))
    facts = _facts(own, new, np.array([row[1] for row in measured]), measured[-1][4])
    curves = {
        name: [_point(mark, Mean.of(loss)) for mark, loss in zip(MARKS, losses, strict=True)]
        for name, losses in (("own samples", own), ("new samples", new))
    }
    columns = ("steps", "right on own", "right on new", "loss on own", "loss on new", "right on shuffled labels")
    return Result(QUESTION, columns, rows, _answer(facts), facts, ("log10 steps", "loss"), curves)


def measure(config: Config) -> dict[str, Array]:
    """What is measured of each network at each mark, (networks, marks)."""
    (x, y), test = config.own(), config.new()
    # Labels without a rule can only be memorised, which tells learning by heart from the rest.
    shuffled = np.random.default_rng(config.seeds.start).permuted(y, axis=1)
    real, random = (config.untrained() for _ in range(2))
    trainings = [
        e.training(x, labels, config.learning_rate, "momentum") for e, labels in ((real, y), (random, shuffled))
    ]
    measured = []
    for mark in MARKS:
        _advance_to(trainings, mark)
        own, new = real.losses(x, y), real.losses(*test)
        measured.append((right(real, x, y), right(real, *test), own, new, right(random, x, shuffled)))
    return {name: np.stack([row[i] for row in measured], axis=1) for i, name in enumerate(MEASURED)}


def _point(mark: int, loss: Mean) -> tuple[float, float, float]:
    return float(np.log10(max(mark, 1))), loss.value, loss.half


def _advance_to(trainings: list[Training], mark: int) -> None:
    for training in trainings:
        training.advance(mark - training.steps)


def _facts(own: Array, new: Array, right_new: Array, shuffled: Array) -> dict[str, float]:
    """`own`, `new`, `right_new` are (marks, networks). Differences are taken network by network."""
    best, early = int(new.mean(axis=1).argmin()), 1
    gaps = [Mean.of(new[mark] - own[mark]) for mark in (early, best, len(MARKS) - 1)]
    rise, lost = Mean.of(new[-1] - new[best]), Mean.of(right_new[best] - right_new[-1])
    return {
        "best steps": MARKS[best],
        "early gap": gaps[0].value,
        "early gap half": gaps[0].half,
        "best gap": gaps[1].value,
        "last gap": gaps[2].value,
        "rise of new loss": rise.value,
        "rise half": rise.half,
        "right answers lost": lost.value,
        "lost half": lost.half,
        "right on shuffled labels": float(shuffled.mean()),
    }


def _answer(facts: dict[str, float]) -> str:
    rise, lost = (
        Mean(facts["rise of new loss"], facts["rise half"]),
        Mean(facts["right answers lost"], facts["lost half"]),
    )
    early = Mean(facts["early gap"], facts["early gap half"])
    first = "neither yet" if abs(early.value) < 0.02 or not early.sign else "already its own samples better"
    rises = "rises again" if rise.sign > 0 else "does not rise again"
    if lost.sign > 0:
        forgets = f"{100 * lost.value:.1f} points of right answers are lost ({lost})"
    # A gain of its own: the answer once read that right answers are not lost (-0.0359).
    elif lost.sign < 0:
        won = Mean(-lost.value, lost.half)
        forgets = f"right answers are not lost: {100 * won.value:.1f} points more are right ({won})"
    else:
        forgets = f"right answers are not lost ({lost})"
    return (
        f"After {MARKS[1]} steps {first} (loss on new minus own samples {early}). New samples are judged best after "
        f"{facts['best steps']:.0f} steps; then their loss {rises} (by {rise}) and {forgets}, while the gap "
        f"to the own samples goes from {facts['best gap']:.3f} to {facts['last gap']:.3f}. Shuffled labels, which have "
        f"no rule, are known by heart to {100 * facts['right on shuffled labels']:.1f} %."
    )
