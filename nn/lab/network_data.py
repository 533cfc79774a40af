"""A model as data: its pass, what each step of the story reads and computes, and where its parameters lie."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.lab.listing import Vector
from nn.model import Model, record
from nn.network import Network
from nn.tape import Node, Step, Tape, rule_of

# Different primes, so that each size in the record tells which symbol it stands for.
N = 11  # samples
WIDTHS = (13, 17, 19, 23, 29, 31)  # the layers, from the inputs on


def network_data(hidden: tuple[str, ...], output: str, loss: str) -> dict[str, Any]:
    """One listing for every network with these activations: "n" samples, layers of "w0", "w1", ... units."""
    sizes, symbols = _layers(len(hidden))
    network = Network(sizes, hidden, output, loss, "xavier")
    x, y = np.zeros((N, sizes[0])), np.zeros((N, sizes[-1]))
    y[:, 0] = 1.0
    return model_data(network, x, y, symbols)


def _layers(hidden: int) -> tuple[tuple[int, ...], dict[int, str]]:
    sizes = WIDTHS[: hidden + 2]
    return sizes, {N: "n", **{width: f"w{layer}" for layer, width in enumerate(sizes)}}


def penalty_data(hidden: int) -> dict[str, Any]:
    """The penalties l1 and l2 of a network with so many hidden layers: reads the loss and moves loss and gradient."""
    sizes, symbols = _layers(hidden)
    # A listing of its own, so that the page can turn penalties without another program for each network.
    network = Network(sizes, l1=1.0, l2=1.0)
    tape, listing = Tape(), Vector(symbols)
    leaves = {name: tape.leaf(name, array) for name, array in network.parameters.named.items()}
    before = tape.leaf("L", np.array(1.0))
    after = network._penalised(tape, leaves, before)
    totals, gradient = tape.backward(after), np.zeros_like(network.parameters.vector)
    listing.vector("parameters", network.parameters.vector, network.parameters.named)
    places = network.parameters.split(gradient)
    listing.vector("gradient", gradient, places)
    for node in tape.nodes:
        if node.name in ("L", "l1", "l2"):
            listing.buffer(node.name, node.value)
    moved = [(tape.call(np.add, totals[name], places[name]), places[name]) for name in leaves if name in totals]
    for recorded in tape.calls:
        listing.call(recorded)
    computed = len(listing.calls)
    for source, target in moved:
        listing.copy(source, target)
    listing.names["loss"] = listing.view(after.value)
    return {**listing.data(), "computed": computed, "rows": _rows(tape, listing)}


def model_data(model: Model, x: Any, y: Any, symbols: Mapping[int, str] | None = None) -> dict[str, Any]:
    """The whole pass of `model` over samples like `x` and targets like `y`, as data.

    Fill the names x, y and parameters, run the calls, read the gradient. `rows` tells the story of the pass.
    """
    samples = model.samples(x)
    aims = model.aims(model.targets(y, samples)).astype(model.dtype)
    samples = samples.copy()
    tape, output, loss = record(model._recipe, model.parameters, samples, aims, to_inputs=True)
    totals = tape.backward(loss)
    listing = Vector(symbols)
    gradient = np.zeros_like(model.parameters.vector)
    named, places = model.parameters.named, model.parameters.split(gradient)
    listing.vector("parameters", model.parameters.vector, named)
    listing.vector("gradient", gradient, places)
    for node in tape.nodes:
        if not node.op and node.name in ("x", "y", "tokens"):
            listing.buffer(node.name, node.value)
    copied = [name for name in named if name in totals and not listing.place(totals[name], places[name])]
    for recorded in tape.calls:
        listing.call(recorded)
    computed = len(listing.calls)
    for name in copied:
        listing.copy(totals[name], places[name])
    listing.names |= {"output": listing.view(output.value), "loss": listing.view(loss.value)}
    shapes = {name: [listing._size(size) for size in array.shape] for name, array in named.items()}
    data = {**listing.data(), "computed": computed, "rows": _rows(tape, listing)}
    return {**data, "parameters": shapes, "loss": model.loss}


def _rows(tape: Tape, listing: Vector) -> list[dict[str, Any]]:
    return [_forward(node, listing) for node in tape.nodes] + [_backward(step, listing) for step in tape.steps]


def _words(template: str, node: Node, g: str = "", out: str = "") -> str:
    return template.format(*(source.name for source in node.inputs), g=g, out=out, n="n", **node.settings)


def _forward(node: Node, listing: Vector) -> dict[str, Any]:
    formula = _words(rule_of(node.op).formula, node) if node.op else node.name
    read = [[source.name, listing.view(source.value)] for source in node.inputs]
    row = {"phase": "forward" if node.op else "input", "name": node.name, "op": node.op, "formula": formula}
    return {**row, "read": read, "view": listing.view(node.value)}


def _backward(step: Step, listing: Vector) -> dict[str, Any]:
    row: dict[str, Any] = {"phase": "backward", "name": f"dL/d{step.node.name}", "op": "", "formula": "1", "read": []}
    if step.through is not None:
        through, g = step.through, f"dL/d{step.through.name}"
        rule = rule_of(through.op)
        row |= {"op": through.op, "formula": _words(rule.gradients[step.place], through, g, through.name)}
        row["read"] = [[g, listing.view(step.arriving)], [through.name, listing.view(through.value)]]
        row["read"] += [[source.name, listing.view(source.value)] for source in through.inputs]
        if rule.note:
            row["note"] = _words(rule.note, through, g, through.name)
    return {**row, "view": listing.view(step.share), "total": listing.view(step.total)}
