"""Arrays that write down what is done with them, so that plain numpy code becomes a list of calls."""

from typing import Any

import numpy as np

from nn.ops import Array
from nn.tape import Recorded


class Traced(np.ndarray[Any, np.dtype[Any]]):
    """An array on a record: each arithmetic operation with it is computed and appended to `calls`.

    What is computed in place gets memory of its own, so that the numbers before it can still be looked at; `latest`
    says which array holds the newest value of one that was changed.
    """

    calls: list[Recorded]
    latest: dict[int, Array]

    def __array_finalize__(self, source: Any) -> None:
        self.calls = getattr(source, "calls", [])
        self.latest = getattr(source, "latest", {})

    def __array_ufunc__(self, ufunc: Any, method: Any, *inputs: Any, **keywords: Any) -> Any:
        """Compute, and write the call down."""
        out = keywords.pop("out", None)
        read = [self._now(value) for value in inputs]
        made = np.asarray(getattr(ufunc, method)(*read, **keywords))
        self.calls.append(Recorded(ufunc, tuple(read), keywords, made))
        if out is not None:
            changed = out[0].view(np.ndarray)
            changed[...] = made
            self.latest[id(out[0])] = made
            return out[0]
        return self._like(made)

    def item(self, *place: Any) -> Any:
        """The array itself: a number of Python's would leave the record."""
        return self

    def _now(self, value: Any) -> Any:
        if id(value) in self.latest:
            return self.latest[id(value)]
        return value.base if isinstance(value, Traced) and value.base is not None else value

    def _like(self, made: Array) -> "Traced":
        traced = made.view(Traced)
        traced.calls, traced.latest = self.calls, self.latest
        return traced


def on_record(arrays: dict[str, Array]) -> dict[str, Traced]:
    """Return the same memory, shapes and all, under arrays that share one record."""
    first = Traced((0,))
    first.calls, first.latest = [], {}
    return {name: first._like(array) for name, array in arrays.items()}
