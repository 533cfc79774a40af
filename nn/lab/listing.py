"""A recorded pass as data: buffers, views into them, and the calls that read and write those views.

Whoever replays a listing needs array arithmetic and no idea of networks or derivatives: those stay in `nn`.
A size may be a symbol, so that one listing serves every batch and every width: record once with sizes that are
different prime numbers, and say which symbol each of them stands for.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from nn.ops import Array, scattered
from nn.reuse import owner
from nn.tape import Recorded

# All that a listing may call, by the name that it has there. `copy` moves a result to where it belongs.
FUNCTIONS: dict[str, Any] = {
    **{name: getattr(np, name) for name in ("add", "subtract", "multiply", "divide", "maximum", "greater", "power")},
    **{name: getattr(np, name) for name in ("negative", "positive", "absolute", "sign", "exp", "log", "log1p")},
    **{name: getattr(np, name) for name in ("sqrt", "reciprocal", "tanh", "dot", "matmul", "take")},
    "sum": np.add.reduce,
    "largest": np.maximum.reduce,
    "scattered": scattered,
    "copy": np.copyto,
}
# Compared by equality: `np.add.reduce` is a new object each time that it is asked for.
_NAMES = [(function, name) for name, function in FUNCTIONS.items()]

Size = int | str


class Listing:
    """Collect buffers, views and calls; `data()` is all of it, ready for JSON.

    `symbols` names sizes: with {11: "n"} a shape (11, 2) is written ["n", 2]. A number that was divided by such sizes
    is written with them, [1.0, "n"] for 1 / 11.
    """

    def __init__(self, symbols: Mapping[int, str] | None = None) -> None:
        self.symbols = dict(symbols or {})
        self.buffers: list[list[Any]] = []  # [size] for results, [size, numbers] for what never changes
        self.views: list[list[Any]] = []
        self.calls: list[list[Any]] = []
        self.names: dict[str, int] = {}
        self._homes: dict[int, int] = {}  # id of the array that owns memory -> buffer
        self._known: dict[Any, int] = {}
        self._placed: dict[int, int] = {}  # id of an array that is kept elsewhere -> view
        self._alive: list[Array] = []  # an id names an array only as long as there is that array

    def buffer(self, name: str, array: Array) -> int:
        """Give `array`, of any shape, which the reader of the listing fills, the name `name`; return its view."""
        self._own(array)
        self.names[name] = self.view(array)
        return self.names[name]

    def place(self, array: Array, home: Array) -> bool:
        """Let the result `array` be computed in `home`, of the same shape; False where it already lies elsewhere."""
        if id(array) in self._placed or id(owner(array)) in self._homes or array.base is not None:
            return False
        self._alive.append(array)
        self._placed[id(array)] = self.view(home)
        return True

    def view(self, array: Array) -> int:
        """Return the number of the view that shows `array`, whatever its shape.

        One that no call wrote is kept with its numbers.
        """
        if id(array) in self._placed:
            return self._placed[id(array)]
        base = owner(array)
        if id(base) not in self._homes:
            self._own(base, self._numbers(base))
        step = array.itemsize
        start = (array.__array_interface__["data"][0] - base.__array_interface__["data"][0]) // step
        shape = [self._size(size) for size in array.shape]
        entry = [self._homes[id(base)], self._offset(base, start), shape, self._strides(array)]
        return self._number(entry)

    def call(self, recorded: Recorded) -> None:
        """Write a recorded call down."""
        name = next((name for function, name in _NAMES if function == recorded.function), None)
        if name is None:
            raise ValueError(f"a listing cannot hold {recorded.function}; allowed: {', '.join(FUNCTIONS)}")
        arguments, settings = list(recorded.arguments), dict(recorded.keywords)
        settings.pop("order", None)
        if name in ("sum", "largest"):
            settings["axis"] = _axes(arguments.pop(1), arguments[0].ndim)
        if name in ("take", "scattered"):
            del arguments[2]  # along the first axis, as many rows as the result has
        read = [self.view(np.asarray(argument)) for argument in self._kept(arguments)]
        if id(recorded.out) not in self._placed and id(owner(recorded.out)) not in self._homes:
            self._own(owner(recorded.out))
        self.calls.append([name, read, self.view(recorded.out), *([settings["axis"]] if "axis" in settings else [])])

    def copy(self, source: Array, target: Array) -> None:
        """Let `target` have the numbers of `source`, an array of its shape."""
        self.calls.append(["copy", [self.view(source)], self.view(target)])

    def data(self) -> dict[str, Any]:
        """The listing as numbers, words and lists."""
        return {"buffers": self.buffers, "views": self.views, "calls": self.calls, "names": self.names}

    def _kept(self, arguments: Iterable[Any]) -> list[Any]:
        kept = [argument if isinstance(argument, np.ndarray) else np.array(float(argument)) for argument in arguments]
        self._alive.extend(kept)
        return kept

    def _own(self, base: Array, numbers: Any = None) -> None:
        self._alive.append(base)
        size = product(self._size(size) for size in base.shape)
        self._homes[id(base)] = len(self.buffers)
        self.buffers.append([size] if numbers is None else [size, numbers])

    def _number(self, entry: list[Any]) -> int:
        key = repr(entry)
        if key not in self._known:
            self._known[key] = len(self.views)
            self.views.append(entry)
        return self._known[key]

    def _size(self, size: int) -> Size:
        return self.symbols.get(size, size)

    def _strides(self, array: Array) -> list[Size]:
        # The stride of an axis is the product of the sizes of the axes that lie inside of it.
        order = sorted((axis for axis in range(array.ndim) if array.shape[axis] > 1), key=lambda a: array.strides[a])
        strides: list[Size] = [0] * array.ndim
        inside: list[int] = []
        for axis in order:
            dense = int(np.prod([array.shape[a] for a in inside], dtype=int)) == array.strides[axis] // array.itemsize
            sizes = [self._size(array.shape[a]) for a in inside]
            strides[axis] = product(sizes) if dense else array.strides[axis] // array.itemsize
            inside.append(axis)
        return strides

    def _offset(self, base: Array, start: int) -> Size:
        return start

    def _numbers(self, base: Array) -> Any:
        first = base.ravel()[0].item()
        if base.size == 1 or (base == first).all():
            return self._literal(float(first))
        return [float(number) for number in base.ravel()]

    def _literal(self, number: float) -> Any:
        # 1 / 143 is 1 / (n w1) where 11 stands for n and 13 for w1.
        for count in (1, 2):
            for sizes in combinations(self.symbols, count):
                over = int(np.prod(sizes))
                if number in (1.0 / over, 2.0 / over):
                    return {"times": round(number * over), "over": product(self.symbols[size] for size in sizes)}
        return number


class Vector(Listing):
    """A listing in which parameters are parts of one vector; where a part begins is written as a sum of sizes."""

    def __init__(self, symbols: Mapping[int, str] | None = None) -> None:
        super().__init__(symbols)
        self._starts: dict[int, dict[int, Size]] = {}

    def vector(self, name: str, vector: Array, parts: Mapping[str, Array]) -> None:
        """Put `vector` (parameters,) into the listing; `parts` are the views of it, each of its own shape, in order."""
        terms: list[Size] = []
        self._starts[id(vector)] = starts = {}
        start = 0
        for part in parts.values():
            starts[start] = total(terms)
            terms.append(product(self._size(size) for size in part.shape))
            start += part.size
        self._alive.append(vector)
        self._homes[id(vector)] = len(self.buffers)
        self.buffers.append([total(terms)])
        self.names[name] = self._number([self._homes[id(vector)], 0, [total(terms)], [1]])

    def _offset(self, base: Array, start: int) -> Size:
        return self._starts.get(id(base), {}).get(start, start)


def product(sizes: Iterable[Size]) -> Size:
    """The product of sizes, as a number where all of them are numbers: "4*n"."""
    number, symbols = 1, []
    for size in sizes:
        if isinstance(size, int):
            number *= size
        else:
            symbols.append(size)
    return "*".join(([str(number)] if number != 1 else []) + symbols) if symbols else number


def total(terms: Sequence[Size]) -> Size:
    """The sum of sizes, as a number where all of them are numbers: "2*n+n"."""
    if all(isinstance(term, int) for term in terms):
        return sum(int(term) for term in terms)
    return "+".join(map(str, terms))


def _axes(axis: Any, ndim: int) -> list[int]:
    whole = range(ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return sorted(each % ndim for each in whole)
