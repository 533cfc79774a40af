"""The training loop: mini-batches, early stop, divergence, checkpoints, and resuming bit for bit."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from nn.checkpoint import load, save
from nn.data import as_batch, as_targets, minibatches
from nn.network import Network, chosen
from nn.ops import Array
from nn.optim import OPTIMISERS, Optimiser


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


@dataclass
class Outcome:
    """What happened: the loss after each epoch, and why it ended: "finished", "stopped early", "diverged"."""

    losses: list[float] = field(default_factory=list)
    ended: str = "finished"


def train(
    network: Network,
    x: ArrayLike,
    y: ArrayLike,
    plan: Plan,
    watch: Callable[[int, float], None] | None = None,
) -> Outcome:
    """Train `network` in place. The order of samples in epoch e depends on its seed and e alone."""
    if plan.epochs < 0:
        raise ValueError(f"epochs is {plan.epochs}; it must be at least 0")
    samples = as_batch(x, network.layer_sizes[0], network.dtype)
    targets = as_targets(y, len(samples), network.layer_sizes[-1], network.loss, network.dtype)
    optimiser, outcome = _optimiser(network, plan), Outcome()
    _resume(plan, network, optimiser, outcome)
    with np.errstate(all="ignore"):
        while outcome.ended == "finished" and len(outcome.losses) < plan.epochs:
            _epoch(network, samples, targets, plan, optimiser, len(outcome.losses))
            outcome.losses.append(network.cost(samples, targets))
            outcome.ended = _verdict(outcome.losses, plan.patience)
            _keep(plan, network, optimiser, outcome)
            if watch:
                watch(len(outcome.losses), outcome.losses[-1])
    return outcome


def _optimiser(network: Network, plan: Plan) -> Optimiser:
    make = OPTIMISERS[chosen("optimiser", plan.optimiser, list(OPTIMISERS))]
    return make(plan.learning_rate, network.parameters.vector.size, network.dtype)


def _epoch(network: Network, x: Array, y: Array, plan: Plan, optimiser: Optimiser, epoch: int) -> None:
    rng = np.random.default_rng([network.seed, epoch])
    for x_part, y_part in minibatches(x, y, plan.batch_size or len(x), rng):
        compiled = network.compile(x_part, y_part)
        compiled.run_gradient()
        optimiser.update(network.parameters.vector, compiled.gradient)


def _verdict(losses: list[float], patience: int) -> str:
    if not np.isfinite(losses[-1]):
        return "diverged"
    best = losses.index(min(losses))
    return "stopped early" if patience and len(losses) - 1 - best >= patience else "finished"


def _keep(plan: Plan, network: Network, optimiser: Optimiser, outcome: Outcome) -> None:
    due = len(outcome.losses) % plan.checkpoint_every == 0 or len(outcome.losses) == plan.epochs
    if plan.checkpoint and (due or outcome.ended != "finished"):
        progress = {"losses": outcome.losses, "ended": outcome.ended, "optimiser": plan.optimiser}
        save(network, plan.checkpoint, optimiser.state, progress)


def _resume(plan: Plan, network: Network, optimiser: Optimiser, outcome: Outcome) -> None:
    if plan.checkpoint is None or not plan.checkpoint.exists():
        return
    stored, state, progress = load(plan.checkpoint)
    if stored.settings() != network.settings() or progress["optimiser"] != plan.optimiser:
        raise ValueError(f"{plan.checkpoint} is of another training; use its settings or another file")
    network.parameters.vector[:] = stored.parameters.vector
    for name, array in optimiser.state.items():
        array[...] = state[name]
    outcome.losses, outcome.ended = progress["losses"], progress["ended"]
