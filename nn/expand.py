"""One number of a trace, written as what it was computed from: a sum of products, or the formula with numbers in it.

The formula of the step says how. Nothing is computed here, so what is read can be checked against the step's value.
"""

import itertools
import re
from collections.abc import Iterator, Mapping

import numpy as np

from nn.ops import Array

# {0} @ {1}, each perhaps turned by .T, and perhaps something added.
PRODUCT = re.compile(r"\{(\w+)\}(\.T)? @ \{(\w+)\}(\.T)?(?: \+ \{(\w+)\})?")
TURNED = re.compile(r"\{(\w+)\}\.T")
ROWS = re.compile(r"sum\(\{(\w+)\}, rows\)")
REDUCED = re.compile(r"\b(sum|mean|var|softmax|split|merge|rows of|log)\b|\}\[\{")
NAMED = re.compile(r"\{(\w+)\}")
DIGITS = 6


def expanded(template: str, values: Mapping[str, Array], shape: tuple[int, ...], place: tuple[int, ...]) -> str:
    """Return the number at `place` of an array of `shape` as text: "0.5 * 1 + 0.25 * 0 + 0.1".

    `template` is the step's formula with {names} of arrays in `values`. Empty where one number follows from a whole
    row, such as a softmax: the formula shows it better. IndexError for a place outside `shape`.
    """
    if len(place) != len(shape) or not all(0 <= at < size for at, size in zip(place, shape, strict=True)):
        raise IndexError(f"place {place} is not in an array of shape {shape}")
    product, turned, rows = (pattern.fullmatch(template) for pattern in (PRODUCT, TURNED, ROWS))
    if product:
        return " + ".join(_products(product, values, shape, place))
    if turned:
        return _number(np.swapaxes(values[turned[1]], -1, -2)[place])
    if rows:
        return " + ".join(map(_number, _flat(values[rows[1]])[:, place[-1]]))
    if REDUCED.search(template):
        return ""
    return " + ".join(_uses(template, values, shape, place))


def _uses(template: str, values: Mapping[str, Array], shape: tuple[int, ...], place: tuple[int, ...]) -> Iterator[str]:
    """The formula at every place where the number was used: one, or several where it was stretched over an axis."""
    whole = np.broadcast_shapes(shape, *(values[name].shape for name in NAMED.findall(template)))
    own = (*[None] * (len(whole) - len(shape)), *place)
    sizes = (1,) * (len(whole) - len(shape)) + shape
    axes = [
        range(size) if at is None or (kept == 1 and size > 1) else (at,)
        for at, kept, size in zip(own, sizes, whole, strict=True)
    ]
    for used in itertools.product(*axes):

        def number(name: re.Match[str], used: tuple[int, ...] = used) -> str:
            return _number(np.broadcast_to(values[name[1]], whole)[used])

        yield NAMED.sub(number, template)


def _products(
    product: re.Match[str], values: Mapping[str, Array], shape: tuple[int, ...], place: tuple[int, ...]
) -> Iterator[str]:
    left, right = _turned(values[product[1]], product[2], shape), _turned(values[product[3]], product[4], shape)
    *leading, i, j = place if len(place) > 1 else (0, *place)
    batch = tuple(leading)
    row, column = _at(left, batch)[i, :], _at(right, batch)[:, j]
    for a, b in zip(row, column, strict=True):
        yield f"{_number(a)} * {_number(b)}"
    if product[5]:
        yield _number(np.broadcast_to(values[product[5]], shape)[place])


def _turned(array: Array, turn: str | None, shape: tuple[int, ...]) -> Array:
    # The gradient of a matrix that all samples share: their rows stand below one another.
    whole = _flat(array) if len(shape) == 2 and array.ndim > 2 else array
    return np.swapaxes(whole, -1, -2) if turn else whole


def _at(array: Array, batch: tuple[int, ...]) -> Array:
    return array[batch] if array.ndim > 2 else array


def _flat(array: Array) -> Array:
    return array.reshape(-1, array.shape[-1])


def _number(value: Array | np.floating) -> str:
    # A minus sign that follows an operator would read as part of it.
    text = f"{float(value):.{DIGITS}g}"
    return f"({text})" if text.startswith("-") else text
