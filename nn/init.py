"""Initial weights: W of shape (inputs, outputs), drawn from an explicit generator."""

from collections.abc import Callable

import numpy as np

from nn.ops import Array

# The generator is an argument, because a hidden global seed makes two experiments one.
Draw = Callable[[np.random.Generator, int, int], Array]


def he(rng: np.random.Generator, inputs: int, outputs: int) -> Array:
    """Draw W (inputs, outputs), normal with variance 2 / inputs.

    This keeps the signal's size through ReLU (He et al., 2015).
    """
    return rng.normal(0.0, np.sqrt(2.0 / inputs), (inputs, outputs))


def xavier(rng: np.random.Generator, inputs: int, outputs: int) -> Array:
    """Draw W (inputs, outputs), uniform with variance 2 / (inputs + outputs).

    For tanh and sigmoid (Glorot and Bengio, 2010).
    """
    bound = np.sqrt(6.0 / (inputs + outputs))
    return rng.uniform(-bound, bound, (inputs, outputs))


def plain(rng: np.random.Generator, inputs: int, outputs: int) -> Array:
    """Draw W (inputs, outputs), standard normal whatever the size: what one writes before reading the papers."""
    return rng.normal(0.0, 1.0, (inputs, outputs))


INITS: dict[str, Draw] = {"he": he, "xavier": xavier, "plain": plain}
