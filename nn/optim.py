"""How a gradient becomes a step. Each optimiser moves one vector of parameters in place, or many side by side."""

import math
from numbers import Real

import numpy as np

from nn.ops import Array

Shape = int | tuple[int, ...]


class SGD:
    """w -= learning_rate * g."""

    def __init__(self, learning_rate: float, size: Shape, dtype: np.dtype[np.floating]) -> None:
        self.learning_rate = positive_rate(learning_rate)
        self._move = np.zeros(size, dtype)
        self.state: dict[str, Array] = {}

    def update(self, vector: Array, gradient: Array) -> None:
        """Move `vector` one step in place; arrays of shape (parameters,)."""
        np.multiply(gradient, self.learning_rate, self._move)
        np.subtract(vector, self._move, vector)


class Scaled:
    """Gradient descent for gradients that come times the learning rate: w -= g, one pass over memory, not two."""

    def __init__(self) -> None:
        self.state: dict[str, Array] = {}

    def update(self, vector: Array, gradient: Array) -> None:
        """Move `vector` one step in place; arrays of one shape."""
        # One call reads and writes a third less than multiplying by the rate first.
        np.subtract(vector, gradient, vector)


class Momentum:
    """v = 0.9 v + g, w -= learning_rate * v (Polyak, 1964)."""

    def __init__(self, learning_rate: float, size: Shape, dtype: np.dtype[np.floating]) -> None:
        self.learning_rate = positive_rate(learning_rate)
        self.state = {"v": np.zeros(size, dtype)}

    def update(self, vector: Array, gradient: Array) -> None:
        """Move `vector` one step in place; arrays of shape (parameters,)."""
        v = self.state["v"]
        v *= 0.9
        v += gradient
        vector -= self.learning_rate * v


class Adam:
    """Steps of about learning_rate whatever the gradient's size (Kingma and Ba, 2015)."""

    def __init__(self, learning_rate: float, size: Shape, dtype: np.dtype[np.floating]) -> None:
        self.learning_rate = positive_rate(learning_rate)
        self.state = {"m": np.zeros(size, dtype), "v": np.zeros(size, dtype), "t": np.zeros(())}

    def update(self, vector: Array, gradient: Array) -> None:
        """Move `vector` one step in place; arrays of shape (parameters,)."""
        m, v, t = self.state["m"], self.state["v"], self.state["t"]
        t += 1
        m += 0.1 * (gradient - m)
        v += 0.001 * (gradient * gradient - v)
        # Both averages began at 0 and are too small by 1 - beta^t; one factor corrects the two.
        steps = t.item()
        rate = self.learning_rate * (1 - 0.999**steps) ** 0.5 / (1 - 0.9**steps)
        vector -= rate * m / (np.sqrt(v) + 1e-8)


Optimiser = SGD | Momentum | Adam
OPTIMISERS: dict[str, type[Optimiser]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "adam": Adam,
}


def positive_rate(learning_rate: float) -> float:
    """Return the learning rate if it is a positive number; else ValueError."""
    if not isinstance(learning_rate, Real) or not 0 < learning_rate < math.inf:
        raise ValueError(f"learning rate is {learning_rate}; it must be a positive number")
    return float(learning_rate)
