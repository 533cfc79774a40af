"""The training loop: mini-batches, early stop, divergence, checkpoints, and resuming bit for bit."""

import hashlib
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nn.checkpoint import load, save
from nn.data import chosen, minibatches
from nn.model import Compiled, Model
from nn.ops import Array
from nn.optim import OPTIMISERS, Optimiser, positive_rate
from nn.pace import SCHEDULES, Paced

# The loss is measured in pieces of so many numbers of x, or of a batch where that is more: memory has an end.
PIECE = 4096
# A training that settles at the best constant answer comes near it from above: so much of its first loss is no worse.
SLACK = 0.01


# The least that each whole number of a plan may be.
WHOLE = {"epochs": 0, "batch_size": 0, "patience": 0, "checkpoint_every": 1, "warmup": 0}


@dataclass(frozen=True)
class Plan:
    """How to train: `patience` epochs without improvement stop it, 0 never; `batch_size` 0 is all at once.

    `schedule` says how the learning rate changes from the first step to the last, after it rose for `warmup` steps; a
    gradient longer than `clip` is shortened to it, 0 never (see `nn.pace`).
    `checkpoint` is a file to resume from and to write every `checkpoint_every` epochs. ValueError names what is not
    allowed.
    """

    epochs: int = 1000
    learning_rate: float = 0.5
    optimiser: str = "sgd"
    batch_size: int = 0
    patience: int = 0
    checkpoint: str | os.PathLike[str] | None = None
    checkpoint_every: int = 100
    schedule: str = "constant"
    warmup: int = 0
    clip: float = 0.0

    def __post_init__(self) -> None:
        # When the plan is made: a patience of -1 stopped after the first epoch.
        for name, least in WHOLE.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
                raise ValueError(f"{name} is {value!r}; it must be a whole number of at least {least}")
        positive_rate(self.learning_rate)
        chosen("optimiser", self.optimiser, list(OPTIMISERS))
        chosen("schedule", self.schedule, list(SCHEDULES))
        if not isinstance(self.clip, Real) or not 0 <= self.clip < math.inf:
            raise ValueError(f"clip is {self.clip!r}; it must be a number of at least 0")
        if not isinstance(self.checkpoint, str | os.PathLike | None):
            raise ValueError(f"checkpoint is {self.checkpoint!r}; allowed: a file name")

    def resumable(self) -> dict[str, Any]:
        """Return what must be the same for a training to go on as if it had never stopped."""
        names = ("optimiser", "learning_rate", "batch_size", "schedule", "warmup", "clip")
        # How far along its schedule a step is depends on how many there will be.
        return {name: getattr(self, name) for name in (*names, *(["epochs"] if self.schedule != "constant" else []))}

    def optimiser_for(self, model: Model, samples: int) -> Optimiser | Paced:
        """Return the optimiser of the plan, for a training on so many samples an epoch."""
        plain = OPTIMISERS[self.optimiser](self.learning_rate, model.parameters.vector.size, model.dtype)
        if (self.schedule, self.warmup, self.clip) == ("constant", 0, 0):
            return plain
        steps = self.epochs * math.ceil(samples / (self.batch_size or samples))
        return Paced(plain, self.schedule, steps, self.warmup, self.clip)


@dataclass
class Outcome:
    """What happened: the loss after each epoch, and why it ended: "finished", "stopped early", "diverged".

    Diverged is a training whose loss is no number, or which ends worse, on what it learned from, than the best answer
    that is the same for every sample, unless it was still getting better.

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
    """Train `model` in place on x (samples, ...) and y (samples, ...).

    The order of samples in epoch e depends on its seed and e alone. `held_out` are samples and targets that are only
    judged, never learned from: early stop watches them.
    """
    if not isinstance(plan, Plan):
        raise ValueError(f"plan is {plan!r}; allowed: a Plan")
    own = _checked(model, x, y)
    judged = own if held_out is None else _checked(model, *held_out)
    optimiser, outcome = plan.optimiser_for(model, len(own[0])), Outcome()
    data = fingerprint(*own, *judged) if plan.checkpoint else ""
    _resume(plan, model, optimiser, outcome, data)
    epochs = _epochs(model, own, None if held_out is None else judged, plan, optimiser, outcome)
    losses, met = outcome.losses, outcome.met
    best = int(np.argmin(losses)) if losses else 0
    with np.errstate(all="ignore"):
        # Of a small network this loop costs as much as the passes do: it calls nothing that it need not.
        while outcome.ended == "finished" and len(losses) < plan.epochs:
            before, loss = next(epochs)
            met.append(before)
            losses.append(loss)
            # Remembered: after 40,000 epochs a search through all losses took 0.7 ms of the 0.8 ms of an epoch.
            if loss < losses[best]:
                best = len(losses) - 1
            elif not math.isfinite(loss):
                outcome.ended = "diverged"
            elif plan.patience and len(losses) - 1 - best >= plan.patience:
                outcome.ended = "stopped early"
            if len(losses) == plan.epochs or outcome.ended != "finished":
                seen = losses if held_out is None else met  # to be wrong about unseen samples is no divergence
                outcome.ended = _ending(outcome, seen, model.constant_cost(own[1]))
            if plan.checkpoint:
                _keep(plan, model, optimiser, outcome, data)
            if watch:
                watch(len(losses), loss)
    return outcome


def _ending(outcome: Outcome, seen: list[float], constant: float) -> str:
    # A training that was still on its way down when it ended has not diverged, however high its loss may be.
    worse = seen[-1] > max(constant + SLACK * outcome.met[0], min(seen))
    return "diverged" if worse else outcome.ended


class _Passes:
    """The compiled passes of one training, one for each batch shape; what goes in was checked at the door."""

    def __init__(self, model: Model) -> None:
        self.model, self._made = model, dict[tuple[int, ...], Compiled]()

    def filled(self, x: Array, y: Array) -> Compiled:
        """The pass for these samples, with them in it."""
        if x.shape not in self._made:
            self._made[x.shape] = self.model.compile(x, y)
        compiled = self._made[x.shape]
        compiled.x[...], compiled.y[...] = x, self.model.aims(y)
        return compiled

    def cost(self, x: Array, y: Array) -> float:
        """The mean loss, measured alone."""
        compiled = self.filled(x, y)
        compiled.run_loss()
        return compiled.loss


def _epochs(
    model: Model,
    own: tuple[Array, Array],
    held_out: tuple[Array, Array] | None,
    plan: Plan,
    optimiser: Optimiser | Paced,
    outcome: Outcome,
) -> Iterator[tuple[float, float]]:
    """For each epoch the mean loss met on the way and the loss after it, as `Outcome` has them."""
    passes, size = _Passes(model), plan.batch_size or len(own[0])
    if size >= len(own[0]) and held_out is None:
        yield from _whole_epochs(model, passes.filled(*own), plan, optimiser, outcome)
    while True:
        met = _epoch(model, *own, size, passes, optimiser, len(outcome.losses))
        yield met, measured(model, *(held_out or own), plan.batch_size, passes)


def _whole_epochs(
    model: Model, compiled: Compiled, plan: Plan, optimiser: Optimiser | Paced, outcome: Outcome
) -> Iterator[tuple[float, float]]:
    # All samples at once: the loss after a step is the one met by the next, so one pass serves both.
    compiled.run_both()
    met = compiled.loss
    while True:
        optimiser.update(model.parameters.vector, compiled.gradient)
        (compiled.run_loss if len(outcome.losses) + 1 == plan.epochs else compiled.run_both)()
        loss = compiled.loss
        yield met, loss
        met = loss


def measured(model: Model, x: Array, y: Array, batch_size: int = 0, passes: _Passes | None = None) -> float:
    """Return the mean loss, a scalar, over all samples x (samples, ...) and y (samples, ...).

    They are passed piece by piece; with `batch_size` 0 in one piece.
    """
    cost = passes.cost if passes else model.cost
    size = max(batch_size or len(x), PIECE // x[0].size)
    starts = range(0, len(x), size)
    parts = [(len(x[i : i + size]), cost(x[i : i + size], y[i : i + size])) for i in starts]
    return parts[0][1] if len(parts) == 1 else sum(count * cost for count, cost in parts) / len(x)


def fingerprint(*arrays: Array) -> str:
    """Return a name for these very numbers, so that a checkpoint is not resumed on others."""
    whole = hashlib.sha256()
    for array in arrays:
        whole.update(str(array.shape).encode() + array.tobytes())
    return whole.hexdigest()


def _checked(model: Model, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    samples = model.samples(x)
    return samples, model.targets(y, samples)


def _epoch(
    model: Model, x: Array, y: Array, size: int, passes: _Passes, optimiser: Optimiser | Paced, epoch: int
) -> float:
    # From the seed and the epoch alone, so that a resumed training has nothing of the past to replay.
    rng, total = np.random.default_rng([model.seed, epoch]), 0.0
    for x_part, y_part in minibatches(x, y, size, rng):
        compiled = passes.filled(x_part, y_part)
        compiled.run_both()
        total += len(x_part) * compiled.loss
        optimiser.update(model.parameters.vector, compiled.gradient)
    return total / len(x)


def _keep(plan: Plan, model: Model, optimiser: Optimiser | Paced, outcome: Outcome, data: str) -> None:
    due = len(outcome.losses) % plan.checkpoint_every == 0 or len(outcome.losses) == plan.epochs
    if plan.checkpoint and (due or outcome.ended != "finished"):
        said = {"losses": outcome.losses, "ended": outcome.ended, "met": outcome.met}
        save(model, plan.checkpoint, optimiser.state, {**said, **plan.resumable(), "data": data})


def _resume(plan: Plan, model: Model, optimiser: Optimiser | Paced, outcome: Outcome, data: str) -> None:
    if plan.checkpoint is None or not Path(plan.checkpoint).exists():
        return
    stored, state, progress = load(plan.checkpoint)
    same = type(stored) is type(model) and stored.settings() == model.settings()
    # Resumed on other samples it would go on in silence, and nobody could repeat it.
    if not same or progress.get("data") != data:
        raise ValueError(f"{plan.checkpoint} is of another training; use its settings and data or another file")
    for name, value in plan.resumable().items():
        if progress.get(name, value) != value:
            raise ValueError(
                f"{plan.checkpoint} was trained with {name} {progress[name]}, not {value}; use that or another file"
            )
    if state.keys() != optimiser.state.keys():
        raise ValueError(f"{plan.checkpoint} lacks the state of its optimiser")
    model.parameters.vector[:] = stored.parameters.vector
    for name, array in optimiser.state.items():
        array[...] = state[name]
    outcome.losses, outcome.ended, outcome.met = (progress[name] for name in ("losses", "ended", "met"))
