"""What goes in: samples and targets checked at the door, and mini-batches in a repeatable order."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from nn.ops import Array

XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([[0.0], [1.0], [1.0], [0.0]])

APART = 2**32  # more networks than any experiment has


def finite(name: str, values: ArrayLike, dtype: np.dtype[np.floating] | None = None) -> Array:
    """Return `values` as an array of floats of the same shape. ValueError for what is no number, NaN or infinite."""
    try:
        with np.errstate(over="ignore"):  # What is too large for the dtype becomes infinite, and that is told below.
            array = np.asarray(values, dtype=dtype or np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers in a rectangular array: {error}") from None
    # At the door, and with its place: a NaN that enters is a NaN everywhere three steps later, with nobody to blame.
    if not np.isfinite(array).all():
        place = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
        where = f"{array[place]} at {list(place)}" if place else f"{array}"
        raise ValueError(f"{name} contains NaN or infinity ({where}); every value must be finite")
    return array


def chosen(what: str, name: str, allowed: Sequence[str]) -> str:
    """`name` if it is allowed; ValueError listing what is."""
    if name not in allowed:
        raise ValueError(f"unknown {what} {name!r}; allowed: {', '.join(allowed)}")
    return name


def checked_seed(seed: int) -> int:
    """Return a whole number of at least 0; else ValueError."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed is {seed!r}; allowed: a whole number of at least 0")
    return int(seed)


def seeds_of(seed: int, networks: int) -> range:
    """Seeds for the networks of one experiment; those of another `seed` share none with them."""
    # Neighbouring seeds once shared all networks but one, so that asking again with the next seed repeated nothing.
    first = checked_seed(seed) * APART
    return range(first, first + networks)


def checked_dtype(dtype: str | type[np.floating] | np.dtype[np.floating]) -> np.dtype[np.floating]:
    """float64 or float32, by name or as a type; else ValueError."""
    return np.dtype(chosen("dtype", getattr(dtype, "__name__", str(dtype)), ("float64", "float32")))


def as_batch(x: ArrayLike, features: int, dtype: np.dtype[np.floating] | None = None) -> Array:
    """x of shape (features,) or (batch, features) as (batch, features). ValueError names any other shape."""
    array = finite("x", x, dtype)
    if array.ndim not in (1, 2) or array.shape[-1] != features or not array.size:
        raise ValueError(f"x has shape {array.shape}; allowed: ({features},) or (batch, {features})")
    return array.reshape(-1, features)


def as_targets(y: ArrayLike, batch: int, outputs: int, loss: str, dtype: np.dtype[np.floating] | None = None) -> Array:
    """y as (batch, outputs), checked against what `loss` can be asked to learn.

    Categorical targets are class numbers of shape (batch,) or rows of probabilities. ValueError for a
    wrong shape, or a label outside 0..1 (binary), 0..outputs-1 (classes), or rows that do not sum to 1.
    """
    array = finite("y", y, dtype)
    if loss == "categorical_cross_entropy" and array.shape in ((batch,), ()):
        return one_hot(np.atleast_1d(array), outputs)
    if array.size != batch * outputs or array.shape not in allowed_shapes(batch, outputs):
        raise ValueError(f"y has shape {array.shape}; allowed: ({batch}, {outputs})")
    array = array.reshape(batch, outputs)
    if loss != "mean_squared_error" and ((array < 0) | (array > 1)).any():
        raise ValueError(f"y contains {array[(array < 0) | (array > 1)][0]}; labels must lie in 0..1")
    if loss == "categorical_cross_entropy" and not np.allclose(array.sum(axis=-1), 1, atol=1e-5):
        raise ValueError(f"a row of y sums to {array.sum(axis=-1).tolist()}; class probabilities sum to 1")
    return array


def allowed_shapes(batch: int, outputs: int) -> list[tuple[int, ...]]:
    """(batch, outputs), and its shorthands: no axis of outputs for one, no axis of batch for one sample."""
    shapes: list[tuple[int, ...]] = [(batch, outputs)]
    if outputs == 1:
        shapes.append((batch,))
    if batch == 1:
        shapes.append((outputs,))
    return [*shapes, ()]


def one_hot(labels: Array, classes: int) -> Array:
    """Return class numbers (batch,) as rows with a single 1, (batch, classes). ValueError if one is out of range."""
    wrong = labels[(labels != np.floor(labels)) | (labels < 0) | (labels >= classes)]
    if wrong.size:
        raise ValueError(f"y contains the label {wrong[0]:g}; allowed: whole numbers 0..{classes - 1}")
    # Not rows of an identity matrix: for a vocabulary of 12,000 that took 1.1 GB, of which three rows were read.
    hot: Array = np.zeros((len(labels), classes), labels.dtype)
    hot[np.arange(len(labels)), labels.astype(int)] = 1
    return hot


def minibatches(x: Array, y: Array, size: int, rng: np.random.Generator) -> Iterator[tuple[Array, Array]]:
    """Yield every sample once, in an order drawn from `rng`, as x (size, ...) and y (size, ...).

    The last piece may be smaller.
    """
    if size < 1:
        raise ValueError(f"batch size is {size}; it must be at least 1")
    order = rng.permutation(len(x))
    for start in range(0, len(x), size):
        piece = order[start : start + size]
        yield x[piece], y[piece]
