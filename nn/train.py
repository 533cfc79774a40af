"""The training loop: mini-batches, early stop, divergence, checkpoints, and resuming bit for bit."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from nn.checkpoint import load, save
from nn.data import chosen, minibatches
from nn.model import Model
from nn.ops import Array
from nn.optim import OPTIMISERS, Optimiser

# The loss is measured in pieces of so many numbers of x, or of a batch where that is more: memory has an end.
PIECE = 4096


@dataclass(frozen=True)
class Plan:
    """How to train: `patience` epochs without improvement stop it, 0 never; `batch_size` 0 is all at once."""

    epochs: int = 1000
    learning_rate: float = 0.5
    optimiser: str = "sgd"
    batch_size: int = 0
    patience: int = 0
    checkpoint: Path | None = None
    checkpoint_every: int = 100

    def __post_init__(self) -> None:
        for name, least in (("epochs", 0), ("batch_size", 0), ("patience", 0), ("checkpoint_every", 1)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least {least}")


@dataclass
class Outcome:
    """What happened: the loss after each epoch, and why it ended: "finished", "stopped early", "diverged".

    `losses` is measured on the held-out samples if there are any, else on those trained on; `met` is the mean loss of
    an epoch's mini-batches, each taken just before it was learned from.
    """

    losses: list[float] = field(default_factory=list)
    ended: str = "finished"
    met: list[float] = field(default_factory=list)


def train(
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    plan: Plan,
    watch: Callable[[int, float], None] | None = None,
    held_out: tuple[ArrayLike, ArrayLike] | None = None,
) -> Outcome:
    """Train `model` in place. The order of samples in epoch e depends on its seed and e alone.

    `held_out` are samples and targets that are only judged, never learned from: early stop watches them.
    """
    own = _checked(model, x, y)
    judged = own if held_out is None else _checked(model, *held_out)
    optimiser, outcome = _optimiser(model, plan), Outcome()
    data = fingerprint(*own, *judged)
    _resume(plan, model, optimiser, outcome, data)
    best = int(np.argmin(outcome.losses)) if outcome.losses else 0
    with np.errstate(all="ignore"):
        while outcome.ended == "finished" and len(outcome.losses) < plan.epochs:
            outcome.met.append(_epoch(model, *own, plan, optimiser, len(outcome.losses)))
            outcome.losses.append(measured(model, *judged, plan.batch_size))
            best = len(outcome.losses) - 1 if outcome.losses[-1] < outcome.losses[best] else best
            outcome.ended = _verdict(outcome.losses, best, plan.patience)
            _keep(plan, model, optimiser, outcome, data)
            if watch:
                watch(len(outcome.losses), outcome.losses[-1])
    return outcome


def measured(model: Model, x: Array, y: Array, batch_size: int = 0) -> float:
    """The mean loss over all samples, piece by piece; with `batch_size` 0 in one piece."""
    size = max(batch_size or len(x), PIECE // x[0].size)
    starts = range(0, len(x), size)
    parts = [(len(x[i : i + size]), model.cost(x[i : i + size], y[i : i + size])) for i in starts]
    return parts[0][1] if len(parts) == 1 else sum(count * cost for count, cost in parts) / len(x)


def fingerprint(*arrays: Array) -> str:
    """A name for these very numbers, so that a checkpoint is not resumed on others."""
    whole = hashlib.sha256()
    for array in arrays:
        whole.update(str(array.shape).encode() + array.tobytes())
    return whole.hexdigest()


def _checked(model: Model, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    samples = model.samples(x)
    return samples, model.targets(y, samples)


def _optimiser(model: Model, plan: Plan) -> Optimiser:
    make = OPTIMISERS[chosen("optimiser", plan.optimiser, list(OPTIMISERS))]
    return make(plan.learning_rate, model.parameters.vector.size, model.dtype)


def _epoch(model: Model, x: Array, y: Array, plan: Plan, optimiser: Optimiser, epoch: int) -> float:
    rng, total = np.random.default_rng([model.seed, epoch]), 0.0
    for x_part, y_part in minibatches(x, y, plan.batch_size or len(x), rng):
        compiled = model.compile(x_part, y_part)
        compiled.run_both()
        total += len(x_part) * compiled.loss
        optimiser.update(model.parameters.vector, compiled.gradient)
    return total / len(x)


def _verdict(losses: list[float], best: int, patience: int) -> str:
    if not np.isfinite(losses[-1]):
        return "diverged"
    return "stopped early" if patience and len(losses) - 1 - best >= patience else "finished"


def _keep(plan: Plan, model: Model, optimiser: Optimiser, outcome: Outcome, data: str) -> None:
    due = len(outcome.losses) % plan.checkpoint_every == 0 or len(outcome.losses) == plan.epochs
    if plan.checkpoint and (due or outcome.ended != "finished"):
        said = {"losses": outcome.losses, "ended": outcome.ended, "met": outcome.met}
        save(model, plan.checkpoint, optimiser.state, {**said, "optimiser": plan.optimiser, "data": data})


def _resume(plan: Plan, model: Model, optimiser: Optimiser, outcome: Outcome, data: str) -> None:
    if plan.checkpoint is None or not plan.checkpoint.exists():
        return
    stored, state, progress = load(plan.checkpoint)
    same = type(stored) is type(model) and stored.settings() == model.settings()
    if not same or (progress.get("optimiser"), progress.get("data")) != (plan.optimiser, data):
        raise ValueError(f"{plan.checkpoint} is of another training; use its settings and data or another file")
    model.parameters.vector[:] = stored.parameters.vector
    for name, array in optimiser.state.items():
        array[...] = state[name]
    outcome.losses, outcome.ended, outcome.met = (progress[name] for name in ("losses", "ended", "met"))
