"""What does a learning rate do that is ten times too high?"""

from dataclasses import dataclass

import numpy as np

from nn.experiments.result import Result, share
from nn.network import Network
from nn.ops import Array
from nn.train import Outcome, Plan, train

QUESTION = "Does a learning rate ten times too high only waste time, or does training diverge?"
RATES = (0.03, 0.3, 3.0)


@dataclass(frozen=True)
class Config:
    """Least squares on `samples` points with inputs of standard size; `networks` seeds from `seed` on."""

    seed: int = 0
    networks: int = 20
    samples: int = 50
    epochs: int = 300


def run(config: Config) -> Result:
    """Fit noiseless planes at three rates, each ten times the last, and count how training ended."""
    rows, curves, facts = [], {}, {}
    for rate in RATES:
        fits = [fit(config.seed + i, rate, config) for i in range(config.networks)]
        diverged = sum(outcome.ended == "diverged" or hopeless(losses, y) for outcome, losses, y in fits)
        rows.append((rate, diverged, float(np.median([outcome.losses[-1] for outcome, *_ in fits]))))
        facts[f"diverged at {rate}"] = diverged
        curves[f"rate {rate}"] = [(i, float(np.log10(v + 1e-300))) for i, v in enumerate(fits[0][0].losses[:30])]
    columns = ("learning rate", "diverged", "median last loss")
    answer = _answer([row[1] for row in rows], config)
    return Result(QUESTION, columns, rows, answer, facts, ("epoch", "log10 loss"), curves)


def hopeless(losses: list[float], y: Array) -> bool:
    """Whether the whole last tenth of a training is worse than the best constant answer, whose loss is y's variance.

    A loss above the first is no sign: a lucky start may be better than a good end, and a bad start worse than chance.
    """
    return min(losses[-max(len(losses) // 10, 1) :]) > float(y.var())


def fit(seed: int, rate: float, config: Config) -> tuple[Outcome, list[float], Array]:
    """Train one linear network on data drawn from `seed`: the outcome, its losses, and the targets."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(config.samples, 3))
    y = x @ rng.normal(size=(3, 1))
    network = Network([3, 1], output="identity", seed=seed)
    outcome = train(network, x, y, Plan(epochs=config.epochs, learning_rate=rate))
    return outcome, outcome.losses, y


def _answer(diverged: list[int], config: Config) -> str:
    best, high = diverged[1], diverged[2]
    verdict = "It diverges" if high > best else "No divergence in this run"
    return (
        f"{verdict}: at {RATES[2]}, ten times {RATES[1]}, {share(high, config.networks)} diverged; "
        f"at {RATES[1]} {share(best, config.networks)}, at {RATES[0]} {share(diverged[0], config.networks)}."
    )
