"""Some networks of an ensemble, their numbers close together, and one recorded pass over all of them.

Arrays are (..., networks): the network axis comes last, so that every numpy call runs along long contiguous
rows. The pass is recorded by the tape and replayed as a `Program`, as for a single network; activations and
losses are the rows of the same tables.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nn.network import PARTNER
from nn.ops import Array, Call, Gradients
from nn.program import Program
from nn.tape import Tape, rule_of

# These look along the outputs, which their rules expect last.
ALONG_OUTPUTS = ("softmax", "categorical_cross_entropy")


@dataclass(frozen=True)
class Kind:
    """What all networks of an ensemble have in common."""

    layer_sizes: tuple[int, ...]
    hidden: str
    output: str
    loss: str

    def layers(self, vector: Array) -> list[Array]:
        """Return views of `vector` (parameters, networks) by layer: W over b, (inputs + 1, outputs, networks)."""
        layers, start = [], 0
        for inputs, outputs in pairwise(self.layer_sizes):
            end = start + (inputs + 1) * outputs
            layers.append(vector[start:end].reshape(inputs + 1, outputs, -1))
            start = end
        return layers


class Piece:
    """Networks with parameters `vector` (parameters, networks), compiled for the samples x and targets y.

    x is (batch, features) if all networks see the same, else (batch, features, networks); y is
    (batch, outputs, 1) or (batch, outputs, networks). `run` fills `gradient`, laid out like `vector`, with `factor`
    times the gradient: a learning rate put in here costs nothing.
    """

    def __init__(self, kind: Kind, vector: Array, x: Array, y: Array, factor: float = 1.0) -> None:
        self.vector, self.gradient, self.x = vector, np.zeros_like(vector), x
        layers, places = kind.layers(vector), kind.layers(self.gradient)
        tape = Tape()
        a, z = forward(tape.call, kind, layers, x)
        # The rule averages over all networks as well: times their number, each has the gradient of its own.
        start = tape.constant(np.array(factor * vector.shape[-1], vector.dtype))
        g = _from_loss(tape.call, kind, start, z[-1], a[-1], y)
        moves: list[tuple[Array, Array]] = []
        for layer in range(len(layers) - 1, -1, -1):
            moves.extend(_to_parameters(tape.call, a[layer], g, places[layer]))
            if layer:
                g_before = _to_inputs(tape.call, g, layers[layer][:-1])
                g = _through(tape.call, kind.hidden, g_before, a[layer], z[layer - 1])
        wanted, into = zip(*moves, strict=True)
        # Only the gradient is looked at, and with an array for each result a step takes several times a core's cache.
        self.run = Program(tape.calls, wanted, into, frugal=True).run


def forward(call: Call, kind: Kind, layers: Sequence[Array], x: Array) -> tuple[list[Array], list[Array]]:
    """Return the inputs a of every layer with the output at the end, and z of every layer.

    Each has shape (batch, units, networks). x is (batch, inputs) where all networks see the same samples, else (batch,
    inputs, networks); a layer is (inputs + 1, outputs, networks), its biases in the last row.
    """
    ones = np.ones((len(x), 1, *x.shape[2:]), x.dtype)
    a, z = [np.concatenate([x, ones], axis=1) if x.ndim == 2 else x], []
    for number, layer in enumerate(layers, 1):
        z.append(_affine(call, a[-1], layer))
        name = kind.hidden if number < len(layers) else kind.output
        a.append(turned(name, lambda v, name=name: rule_of(name).forward(call, v), z[-1]))
    return a, z


def turned(name: str, rule: Callable[..., Array], *arrays: Array) -> Array:
    """Return `rule` of arrays (batch, outputs, networks), seen with the outputs last where the row `name` needs it."""
    if name not in ALONG_OUTPUTS:
        return rule(*arrays)
    return np.moveaxis(rule(*(np.moveaxis(array, -1, 1) for array in arrays)), 1, -1)


def _first(gradients: Gradients) -> Array:
    assert gradients[0] is not None
    return gradients[0]


def _from_loss(call: Call, kind: Kind, start: Array, z: Array, a: Array, y: Array) -> Array:
    """`start` * dL/dz of the last layer."""
    seen = z if kind.loss in PARTNER else a
    g = turned(kind.loss, lambda v, y: _first(rule_of(kind.loss).backward(call, start, v, v, y)), seen, y)
    return g if kind.loss in PARTNER else _through(call, kind.output, g, a, z)


def _through(call: Call, name: str, g: Array, a: Array, z: Array) -> Array:
    return turned(name, lambda g, a, z: _first(rule_of(name).backward(call, g, a, z)), g, a, z)


def _affine(call: Call, a: Array, layer: Array) -> Array:
    if a.ndim == 2:  # Shared samples, with a column of ones for the bias: one matrix product for all networks.
        return call(np.dot, a, layer.reshape(len(layer), -1)).reshape(len(a), *layer.shape[1:])
    # einsum multiplies and adds in one pass over memory; a product and a sum would take two.
    return call(np.add, call(np.einsum, "bkn,kmn->bmn", a, layer[:-1]), layer[-1])


def _to_parameters(call: Call, a: Array, g: Array, place: Array) -> Iterator[tuple[Array, Array]]:
    """dL/dW and dL/db, each with the part of `place` where it belongs."""
    if a.ndim == 2:
        yield call(np.dot, a.T, g.reshape(len(g), -1)), place.reshape(len(place), -1)
    else:
        yield call(np.einsum, "bkn,bmn->kmn", a, g), place[:-1]
        yield call(np.add.reduce, g, 0), place[-1]


def _to_inputs(call: Call, g: Array, W: Array) -> Array:
    if W.shape[1] == 1:  # One output: nothing to sum over.
        return call(np.multiply, g, W[:, 0])
    return call(np.einsum, "bmn,kmn->bkn", g, W)
