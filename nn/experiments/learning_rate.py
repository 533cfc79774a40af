"""What does a learning rate do that is ten times too high?"""

from dataclasses import dataclass

import numpy as np

from nn.datasets import STREAM
from nn.ensemble import Ensemble
from nn.experiments.result import Result, share
from nn.ops import Array
from nn.spread import Asked, spread

QUESTION = "Does a learning rate ten times too high only waste time, or does training diverge?"
RATES = (0.03, 0.3, 3.0)


@dataclass(frozen=True)
class Config(Asked):
    """Least squares on `samples` points with inputs of standard size, others for each of `networks`."""

    samples: int = 50
    epochs: int = 300


def run(config: Config) -> Result:
    """Fit noiseless planes at three rates, each ten times the last, and count how training ended."""
    found = spread(measure, config)
    rows, curves, facts, foretold = [], {}, {}, 0
    for rate in RATES:
        ended, last = found[f"{rate} diverged"], found[f"{rate} last"]
        # Above 2 / curvature each step overshoots by more than it corrects: a high rate is no gradual loss but a cliff.
        too_high = rate * found["curvature"] > 2
        rows.append((rate, int(ended.sum()), float(np.median(last)), int(too_high.sum())))
        facts[f"diverged at {rate}"] = int(ended.sum())
        foretold += int((ended == too_high).sum())
        curves[f"rate {rate}"] = [(i, float(np.log10(v + 1e-300))) for i, v in enumerate(found[f"{rate} shown"][0])]
    columns = ("learning rate", "diverged", "median last loss", "rate above 2 / curvature")
    answer = f"{_answer([row[1] for row in rows], config)} {_foretold(foretold, len(RATES) * config.networks)}"
    return Result(QUESTION, columns, rows, answer, facts, ("epoch", "log10 loss"), curves)


def measure(config: Config) -> dict[str, Array]:
    """How each network ended at each rate, (networks,), and the first losses of one of them, (1, epochs)."""
    planes = [plane(seed, config) for seed in config.seeds]
    x, y = (np.stack(part) for part in zip(*planes, strict=True))
    found = {"curvature": np.array([curvature(part) for part in x])}
    for rate in RATES:
        losses = fits(rate, x, y, config)
        pairs = zip(losses.T.tolist(), y, strict=True)
        found[f"{rate} diverged"] = np.array([diverged(own, targets) for own, targets in pairs])
        found[f"{rate} last"], found[f"{rate} shown"] = losses[-1], losses[:30, :1].T
    return found


def plane(seed: int, config: Config) -> tuple[Array, Array]:
    """Return points on a plane drawn from `seed`, x of shape (samples, 3), y (samples, 1)."""
    rng = np.random.default_rng([STREAM, seed])
    x = rng.normal(size=(config.samples, 3))
    return x, x @ rng.normal(size=(3, 1))


def curvature(x: Array) -> float:
    """Return the largest curvature of the mean squared error of a plane through points x (samples, features).

    It is the same everywhere. Along that direction a step makes (1 - rate * curvature) e of an error e: it grows where
    the rate is above 2 / curvature.
    """
    with_bias = np.column_stack([x, np.ones(len(x))])
    return float(np.linalg.eigvalsh(2 / len(x) * with_bias.T @ with_bias)[-1])


def fits(rate: float, x: Array, y: Array, config: Config) -> Array:
    """The loss after every epoch for linear networks with samples of their own, (epochs, networks); inf for NaN."""
    ensemble = Ensemble([3, 1], config.seeds, output="identity")
    training, losses = ensemble.training(x, y, rate), []
    for _ in range(config.epochs):
        training.advance(1)
        losses.append(ensemble.losses(x, y))
    seen = np.stack(losses)
    return np.where(np.isnan(seen), np.inf, seen)


def diverged(losses: list[float], y: Array) -> bool:
    """Return whether a training ran away from y (samples, outputs): its losses are not finite, or `hopeless`."""
    return not np.isfinite(losses[-1]) or hopeless(losses, y)


def hopeless(losses: list[float], y: Array) -> bool:
    """Return whether the whole last tenth of a training is worse than the best constant answer to y (samples, outputs).

    The loss of that answer is the variance of y. A loss above the first is no sign: a lucky start may be better than a
    good end, and a bad start worse than chance.
    """
    return min(losses[-max(len(losses) // 10, 1) :]) > float(y.var())


def _answer(diverged: list[int], config: Config) -> str:
    best, high = diverged[1], diverged[2]
    verdict = "It diverges" if high > best else "No divergence in this run"
    return (
        f"{verdict}: at {RATES[2]}, ten times {RATES[1]}, {share(high, config.networks)} diverged; "
        f"at {RATES[1]} {share(best, config.networks)}, at {RATES[0]} {share(diverged[0], config.networks)}."
    )


def _foretold(right: int, endings: int) -> str:
    return f"Whether the rate is above 2 / curvature foretells {share(right, endings)} of the endings."
