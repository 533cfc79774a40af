"""Is the gradient right? Nudge each number both ways and compare: slow, simple, independent of the tape."""

from collections.abc import Callable

import numpy as np

from nn.ops import Array


def central_differences(function: Callable[[], float], array: Array, step: float = 1e-5) -> Array:
    """d function() / d array by (f(+step) - f(-step)) / (2 step), entry by entry; same shape as `array`.

    `function` must read `array` itself, which is nudged in place and put back. The error of the method is
    of order step^2 plus rounding / step; in float64 about 1e-10 at the default step. ValueError for a
    step that is not positive or an array that is not float64.
    """
    if not step > 0:
        raise ValueError(f"step is {step}; it must be positive")
    if array.dtype != np.float64:
        raise ValueError(f"central differences need float64, not {array.dtype}")
    slopes = np.empty_like(array)
    for place in np.ndindex(array.shape):
        slopes[place] = _slope(function, array, place, step)
    return slopes


def _slope(function: Callable[[], float], array: Array, place: tuple[int, ...], step: float) -> float:
    # Nudging knows nothing of the chain rule, so that agreement to 1e-6 means something.
    kept = array[place]
    array[place] = kept + step
    above = function()
    array[place] = kept - step
    below = function()
    array[place] = kept
    return (above - below) / (2 * step)


def relative_error(gradient: Array, slopes: Array) -> float:
    """Return the largest difference of two arrays of one shape, relative to the largest entry of either."""
    largest = max(float(np.abs(gradient).max()), float(np.abs(slopes).max()), 1e-8)
    return float(np.abs(gradient - slopes).max()) / largest


def check_gradients(
    loss: Callable[[], float], parameters: dict[str, Array], gradients: dict[str, Array], step: float = 1e-5
) -> dict[str, float]:
    """Return the relative error of each named gradient against central differences; below 1e-6 is right.

    Each gradient has the shape of its parameter. A ReLU that sits exactly at its kink has no slope to compare with.
    """
    return {
        name: relative_error(gradients[name], central_differences(loss, array, step))
        for name, array in parameters.items()
    }
