"""What a page can do by itself: every program that it may replay, first numbers of many seeds, and samples."""

import base64
import gzip
import json
from itertools import product
from typing import Any

import numpy as np

from nn.datasets import DATASETS, draw
from nn.init import INITS
from nn.lab.network_data import network_data, penalty_data
from nn.lab.rules import init_data, optimiser_data
from nn.ops import Array
from nn.optim import OPTIMISERS

HIDDEN = ("tanh", "relu", "sigmoid", "gelu")
HEADS = (
    ("sigmoid", "binary_cross_entropy"),
    ("softmax", "categorical_cross_entropy"),
    ("identity", "mean_squared_error"),
)
DEEPEST = 3  # hidden layers; up to two of them may have any activations, three have the same
SEEDS, DRAWN = 50, 80
SAMPLES = 200


def key(hidden: tuple[str, ...], output: str, loss: str) -> str:
    """By what a network's program is found on the menu."""
    return " ".join((*hidden, output, loss))


def programs() -> dict[str, Any]:
    """The programs of all networks on the menu, by `key`."""
    made = {}
    for output, loss in HEADS:
        for depth in range(DEEPEST):
            for hidden in product(HIDDEN, repeat=depth):
                made[key(hidden, output, loss)] = network_data(hidden, output, loss)
        for name in HIDDEN[:2]:
            made[key((name,) * DEEPEST, output, loss)] = network_data((name,) * DEEPEST, output, loss)
    return made


def menu() -> dict[str, Any]:
    """Programs, optimisers, penalties, ways to draw first weights, numbers for them, and samples."""
    return {
        "programs": programs(),
        "optimisers": {name: optimiser_data(name) for name in OPTIMISERS},
        "penalties": [penalty_data(depth) for depth in range(DEEPEST + 1)],
        "inits": {name: init_data(name) for name in INITS},
        "streams": streams(),
        "data": {name: samples(name) for name in DATASETS},
    }


def streams() -> dict[str, list[str]]:
    """For each seed the first numbers that numpy draws: even between 0 and 1, and standard normal."""
    seeds = range(SEEDS)
    return {
        "uniform": [packed(np.random.default_rng(seed).random(DRAWN)) for seed in seeds],
        "normal": [packed(np.random.default_rng(seed).standard_normal(DRAWN)) for seed in seeds],
    }


def samples(name: str) -> dict[str, Any]:
    """The samples of seed 0; four of xor, sixteen of parity, which has no more."""
    x, y = draw(name, 4 if name == "xor" else SAMPLES, 0)
    if name == "parity":
        x, places = np.unique(x, axis=0, return_index=True)
        y = y[places]
    return {"x": packed(x), "y": packed(y), "features": x.shape[1], "outputs": y.shape[1]}


def packed(numbers: Array) -> str:
    """Return an array of any shape as text, bit for bit: the bytes of float64, little end first, in base64."""
    return base64.b64encode(np.ascontiguousarray(numbers, "<f8").tobytes()).decode()


def unpacked(text: str) -> Array:
    """Return the numbers (count,) that `packed` made text of."""
    return np.frombuffer(base64.b64decode(text), "<f8").astype(np.float64)


def squeezed(data: Any) -> str:
    """JSON, compressed, in base64."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()
