"""The page's interpreter in a real browser: each call gives numpy's numbers, and a hostile listing gives none."""

import numpy as np
import pytest

from nn import Network
from nn.data import XOR_X, XOR_Y
from nn.lab.menu import HEADS, HIDDEN
from nn.lab.network_data import model_data, network_data, penalty_data
from nn.lab.rules import init_data, optimiser_data
from nn.transformer import Transformer

EACH = """([listing, symbols, values]) => {
  const machine = new lab.Machine(listing, symbols);
  for (const [name, numbers] of Object.entries(values)) machine.fill(name, numbers);
  return machine.calls.map((call) => { call.run(); return [...machine.read(call.out)]; });
}"""
TRAIN = """([pass, step, symbols, start, x, y, rate, steps]) => {
  const parameters = Float64Array.from(start), gradient = new Float64Array(start.length);
  const network = new lab.Machine(pass, symbols, { parameters, gradient });
  const optimiser = new lab.Machine(step, { n: start.length }, { w: parameters, g: gradient });
  network.fill("x", x); network.fill("y", y); optimiser.fill("rate", [rate]);
  for (let i = 0; i < steps; i++) { network.run(); optimiser.run(); }
  return [...parameters];
}"""
SIZES = {"n": 6, "w0": 2, "w1": 5, "w2": 4, "w3": 3}


def listings():
    for hidden in HIDDEN:
        yield network_data((hidden, "tanh"), *HEADS[0]), SIZES
    for head in HEADS[1:]:
        yield network_data(("relu", "relu"), *head), SIZES
    yield penalty_data(2), SIZES
    for name in ("sgd", "momentum", "adam"):
        yield optimiser_data(name), {"n": 7}
    for name in ("he", "xavier", "plain"):
        yield init_data(name), {"n": 10}
    yield model_data(Transformer(5, 4, 4, 2, blocks=2, seed=1), [[1, 2, 3, 0]], [[2, 3, 0, 4]]), {}


def test_every_call_of_every_listing_gives_what_numpy_gives(interpreter, replay):
    for number, (listing, symbols) in enumerate(listings()):
        rng, again = np.random.default_rng(number), replay(listing, symbols)
        for name, view in again.names.items():
            if name not in ("output", "loss", "gradient", "weights"):
                view[...] = rng.integers(4, size=view.shape) if name == "tokens" else rng.random(view.shape) + 0.1
        values = {name: view.ravel().tolist() for name, view in again.names.items()}
        theirs = interpreter.evaluate(EACH, [listing, symbols, values])
        for (name, *_), own, other in zip(listing["calls"], again.run(), theirs, strict=True):
            np.testing.assert_allclose(other, own, rtol=1e-12, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam"])
def test_ten_thousand_steps_of_xor_end_where_those_of_python_end(interpreter, optimiser):
    network, rate = Network([2, 4, 1], "tanh", seed=1), 0.05
    start = network.parameters.vector.tolist()
    network.fit(XOR_X, XOR_Y, epochs=10_000, learning_rate=rate, optimiser=optimiser)
    data = [network_data(("tanh",), *HEADS[0]), optimiser_data(optimiser), {"n": 4, "w0": 2, "w1": 4, "w2": 1}]
    data += [start, XOR_X.ravel().tolist(), XOR_Y.ravel().tolist(), rate, 10_000]
    np.testing.assert_allclose(interpreter.evaluate(TRAIN, data), network.parameters.vector, rtol=1e-12, atol=1e-12)


def small(**changed):
    listing = {"buffers": [[2], [2]], "views": [[0, 0, [2], [1]], [1, 0, [2], [1]]], "names": {"x": 0}}
    return {**listing, "calls": [["exp", [0], 1]], **changed}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"calls": [["constructor", [0], 1]]}, "constructor is no function of the table"),
        ({"calls": [["alert(1)", [0], 1]]}, "is no function of the table"),
        ({"calls": [["exp", [7], 1]]}, "a view that is not there"),
        ({"calls": [["add", [0], 1]]}, "needs two"),
        ({"calls": [["dot", [0, 0], 1]]}, "shapes do not fit"),
        ({"views": [[0, 1, [2], [1]], [1, 0, [2], [1]]]}, "a view leaves its buffer"),
        ({"views": [[0, 0, [2], [-1]], [1, 0, [2], [1]]]}, "-1 is no size"),
        ({"views": [[9, 0, [2], [1]], [1, 0, [2], [1]]]}, "a view has no buffer"),
        ({"buffers": [[1e12], [2]]}, "is no size"),
        ({"buffers": [["n*constructor"], [2]]}, "undefined is no size"),
        ({"buffers": [[2]] + [[4e7]] * 2}, "the listing is too large"),
        ({"buffers": [[{}], [2]]}, "neither a number nor a text"),
    ],
)
def test_a_hostile_listing_is_refused_before_anything_runs(interpreter, changed, said):
    refused = "([listing]) => { try { new lab.Machine(listing); return ''; } catch (error) { return error.message; } }"
    assert said in interpreter.evaluate(refused, [small(**changed)])
    assert interpreter.evaluate(refused, [small()]) == ""
