"""How parameters begin and how a gradient moves them, as data: recorded from `nn.init` and `nn.optim` themselves."""

from typing import Any

import numpy as np

from nn.init import INITS
from nn.lab.listing import Listing
from nn.lab.traced import Traced, on_record
from nn.ops import Array
from nn.optim import OPTIMISERS

# What a step of each optimiser does, for people; what it computes is recorded.
FORMULAS: dict[str, tuple[str, ...]] = {
    "sgd": ("w - rate * g",),
    "momentum": ("v = 0.9 * v + g", "w - rate * v"),
    "adam": (
        "m = m + 0.1 * (g - m)",
        "v = v + 0.001 * (g^2 - v)",
        "w - rate * sqrt(1 - 0.999^t) / (1 - 0.9^t) * m / (sqrt(v) + 0.00000001)",
    ),
}
COUNT = 11  # any number that is not 1: the symbol n stands for it


def optimiser_data(name: str) -> dict[str, Any]:
    """One step of the optimiser `name` for n parameters: reads w, g, rate and its state, and moves w and the state."""
    plain = OPTIMISERS[name](1.0, COUNT, np.dtype(np.float64))
    arrays = {"w": np.ones(COUNT), "g": np.ones(COUNT), "rate": np.array(1.0), **plain.state}
    traced = on_record(arrays)
    plain.learning_rate = traced["rate"]  # type: ignore[assignment]
    plain.state.update({state: traced[state] for state in plain.state})
    with np.errstate(all="ignore"):
        plain.update(traced["w"], traced["g"])
    data = _listing(traced, arrays, {COUNT: "n"})
    return {**data, "state": list(plain.state), "formulas": list(FORMULAS[name])}


def init_data(name: str) -> dict[str, Any]:
    """The first weights by the rule `name`, from n numbers drawn evenly from 0..1 or from the standard normal."""
    arrays = {"drawn": np.full(COUNT, 0.5), "inputs": np.array(2.0), "outputs": np.array(3.0)}
    traced = on_record(arrays)
    stream = _Stream(traced["drawn"])
    weights = INITS[name](stream, traced["inputs"], traced["outputs"])  # type: ignore[arg-type]
    return {**_listing(traced, {**arrays, "weights": weights.view(np.ndarray)}, {COUNT: "n"}), "stream": stream.kind}


class _Stream:
    """Stands for a generator: what it would draw comes from outside, as numpy itself would scale it."""

    def __init__(self, drawn: Traced) -> None:
        self.drawn, self.kind = drawn, ""

    def uniform(self, low: Any, high: Any, size: Any) -> Any:
        """Even between `low` and `high`."""
        self.kind = "uniform"
        return self.drawn * (high - low) + low

    def normal(self, mean: float, deviation: Any, size: Any) -> Any:
        """Normal with this standard deviation; the mean is 0 in all of our rules."""
        self.kind = "normal"
        return self.drawn * deviation


def _listing(traced: dict[str, Traced], arrays: dict[str, Array], symbols: dict[int, str]) -> dict[str, Any]:
    listing = Listing(symbols)
    for name in traced:
        listing.buffer(name, arrays[name])
    first = next(iter(traced.values()))
    for recorded in first.calls:
        listing.call(recorded)
    if "weights" in arrays:
        listing.names["weights"] = listing.view(first.calls[-1].out)
    # The copies that end a step come last: before them every number can be looked at.
    computed = len(listing.calls)
    for name, array in traced.items():
        if id(array) in first.latest:
            listing.copy(first.latest[id(array)], arrays[name])
    return {**listing.data(), "computed": computed}
