"""A training of a small network with every step recorded, for a page to show and to go on with."""

from typing import Any

import numpy as np

from nn.data import chosen
from nn.datasets import DATASETS
from nn.lab.menu import HEADS, HIDDEN, key, menu, packed, samples, unpacked
from nn.lab.network_data import network_data
from nn.network import Network
from nn.optim import OPTIMISERS, positive_rate

MOST_STEPS, MOST_UNITS, MOST_LAYERS = 100_000, 16, 3


def recorded(
    data: str = "xor",
    units: tuple[int, ...] = (4,),
    hidden: tuple[str, ...] = ("tanh",),
    optimiser: str = "sgd",
    rate: float = 0.5,
    steps: int = 1000,
    seed: int = 1,
) -> dict[str, Any]:
    """Train on all samples at once and keep the parameters before the first step and after each.

    ValueError for what the page cannot show: more than three hidden layers, layers of more than 16 units.
    """
    shown = samples(chosen("data set", data, list(DATASETS)))
    chosen("optimiser", optimiser, list(OPTIMISERS))
    layers = _layers(units, hidden)
    if not 0 <= steps <= MOST_STEPS:
        raise ValueError(f"steps is {steps}; allowed: 0 to {MOST_STEPS:,}")
    x, y = (unpacked(shown[name]).reshape(-1, shown[size]) for name, size in (("x", "features"), ("y", "outputs")))
    network = Network([x.shape[1], *units, y.shape[1]], [name for name, _ in layers], seed=seed)
    moving = OPTIMISERS[optimiser](positive_rate(rate), network.parameters.vector.size, network.dtype)
    compiled, rows = network.compile(x, y), [network.parameters.vector.copy()]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            compiled.run_gradient()
            moving.update(network.parameters.vector, compiled.gradient)
            # Parameters alone: the page computes the rest from them, so that 1,000 steps of XOR take 180 kB.
            rows.append(network.parameters.vector.copy())
    settings = {"data": data, "hidden": layers, "head": 0, "optimiser": optimiser, "init": network.init}
    return {"settings": {**settings, "rate": rate, "seed": seed}, "recorded": packed(np.stack(rows))}


def menu_for(kept: dict[str, Any]) -> dict[str, Any]:
    """The menu, with the program of this recording where it is not on it."""
    hidden, whole = tuple(name for name, _ in kept["settings"]["hidden"]), menu()
    name = key(hidden, *HEADS[0])
    if name not in whole["programs"]:
        whole["programs"][name] = network_data(hidden, *HEADS[0])
    return whole


def _layers(units: tuple[int, ...], hidden: tuple[str, ...]) -> list[tuple[str, int]]:
    names = hidden * len(units) if len(hidden) == 1 else hidden
    for name in names:
        chosen("hidden activation", name, HIDDEN)
    if len(names) != len(units):
        raise ValueError(f"{len(names)} activations for {len(units)} hidden layers; allowed: one, or one for each")
    if len(units) > MOST_LAYERS or any(not 1 <= count <= MOST_UNITS for count in units):
        limits = f"at most {MOST_LAYERS} hidden layers of 1 to {MOST_UNITS} units"
        raise ValueError(f"hidden layers are {list(units)}; allowed: {limits}")
    return list(zip(names, units, strict=True))
