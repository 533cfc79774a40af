"""How long a step may be, and how its length changes on the way: gradient clipping and learning-rate schedules."""

import math
from collections.abc import Callable

import numpy as np

from nn.data import chosen
from nn.ops import Array
from nn.optim import Optimiser

# Share of the learning rate by the share of the training that is done, 0 to 1.
SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": lambda done: 1.0,
    "linear": lambda done: 1.0 - done,
    # Half a wave from 1 to 0 (Loshchilov and Hutter, 2017).
    "cosine": lambda done: 0.5 * (1.0 + math.cos(math.pi * done)),
}


def clipped(gradient: Array, most: float) -> Array:
    """`gradient` itself, shortened in place to length `most` where it is longer (Pascanu et al., 2013)."""
    length = math.sqrt(float(np.vdot(gradient, gradient)))
    if length > most:
        gradient *= most / length
    return gradient


def share(schedule: str, step: int, steps: int, warmup: int = 0) -> float:
    """By what the learning rate is multiplied in step 0..steps-1, 0 to 1.

    During the first `warmup` steps it rises from 1 / warmup in equal parts to 1; the schedule begins after them and
    does not quite reach its end, so that the last step still moves. ValueError for an unknown schedule.
    """
    name = chosen("schedule", schedule, list(SCHEDULES))
    if step < warmup:
        return (step + 1) / warmup
    return SCHEDULES[name](min(1.0, (step - warmup) / max(1, steps - warmup)))


class Paced:
    """An optimiser on a schedule over `steps` steps whose gradients are no longer than `clip`; 0 clips nothing.

    How many steps are done is part of the state, so that a resumed training goes on at the rate where it stopped.
    """

    def __init__(self, optimiser: Optimiser, schedule: str, steps: int, warmup: int = 0, clip: float = 0.0) -> None:
        self.optimiser, self.rate = optimiser, optimiser.learning_rate
        self.schedule, self.steps, self.warmup, self.clip = schedule, steps, warmup, clip
        self.state: dict[str, Array] = {**optimiser.state, "steps": np.zeros(())}

    def update(self, vector: Array, gradient: Array) -> None:
        """Move `vector` one step in place; arrays of shape (parameters,). The gradient is shortened in place."""
        done = self.state["steps"]
        self.optimiser.learning_rate = self.rate * share(self.schedule, int(done), self.steps, self.warmup)
        self.optimiser.update(vector, clipped(gradient, self.clip) if self.clip else gradient)
        done += 1
