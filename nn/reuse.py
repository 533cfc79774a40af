"""Memory that nobody reads any more serves again: fewer bytes, so that more networks fit the processor's cache."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nn.ops import Array
from nn.tape import Recorded


def owner(array: Array) -> Array:
    """Return the array whose memory `array`, of any shape, shows: itself, or the base of the view."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def arrays_of(recorded: Recorded) -> list[Array]:
    """Return the arrays that a call reads, of whatever shape."""
    return [argument for argument in recorded.arguments if isinstance(argument, np.ndarray)]


def reused(calls: Sequence[Recorded], lasting: Iterable[Array]) -> list[Recorded]:
    """Return the same calls with as few arrays as they need: each takes one of its shape that is read no longer.

    `lasting` and what no call computes keep their memory.
    """
    # By owner: a view that is read keeps the whole array alive, and an array lives until its last reader.
    last = {id(owner(array)): i for i, recorded in enumerate(calls) for array in arrays_of(recorded)}
    kept = {id(owner(array)) for array in lasting}
    homes: dict[int, Array] = {}
    free: list[Array] = []
    placed = []
    for i, recorded in enumerate(calls):
        read = {id(owner(array)) for array in arrays_of(recorded)}
        dying = [homes[name] for name in read if name in homes and last[name] == i]
        moved = replace(recorded, arguments=tuple(_at_home(argument, homes) for argument in recorded.arguments))
        # A scalar saves nothing, and a view has no memory of its own to give or to take.
        if id(recorded.out) not in kept and recorded.out.ndim and recorded.out.base is None and _plain(recorded.out):
            moved = replace(moved, out=_place(moved, dying, free))
            homes[id(recorded.out)] = owner(moved.out)
        free.extend(base for base in dying if base is not owner(moved.out))
        placed.append(moved)
    return placed


def _place(recorded: Recorded, dying: list[Array], free: list[Array]) -> Array:
    """Where a call may write: over an operand that dies with it, into free memory, or where it did."""
    out = recorded.out
    for base in dying:
        if _fits(base, out) and _in_place(recorded, base):
            return base.reshape(out.shape)
    for i in range(len(free) - 1, -1, -1):  # The memory used last is the likeliest to be in the cache.
        if _fits(free[i], out):
            return free.pop(i).reshape(out.shape)
    return out


def _in_place(recorded: Recorded, base: Array) -> bool:
    """Whether each number of `base` is read by this call for the very place that it is written to, and no other."""
    one_by_one = isinstance(recorded.function, np.ufunc) and recorded.function.signature is None
    views = [array for array in arrays_of(recorded) if owner(array) is base]
    return one_by_one and all(view.shape == recorded.out.shape and _plain(view) for view in views)


def _fits(base: Array, out: Array) -> bool:
    return base.size == out.size and base.dtype == out.dtype


def _plain(array: Array) -> bool:
    return array.flags.c_contiguous


def _at_home(argument: Any, homes: dict[int, Array]) -> Any:
    """The view `argument` of memory that has moved, at its new place."""
    if not isinstance(argument, np.ndarray) or id(owner(argument)) not in homes:
        return argument
    old = owner(argument)
    # numpy tells an array's address alone: the difference of two is where the view begins in its owner.
    start = argument.__array_interface__["data"][0] - old.__array_interface__["data"][0]
    return np.ndarray(argument.shape, argument.dtype, homes[id(old)], start, argument.strides)
