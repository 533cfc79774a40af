"""A model as data: replayed, every number is the one that the model itself computes."""

import json

import numpy as np
import pytest

from nn import Network
from nn.data import XOR_X, XOR_Y
from nn.lab.network_data import model_data, network_data, penalty_data
from nn.transformer import Transformer

SIZES = {"n": 4, "w0": 2, "w1": 3, "w2": 1}


def network(hidden=("tanh",), output="sigmoid", loss="binary_cross_entropy", **settings):
    return Network([2, 3, 1], list(hidden), output, loss, seed=3, **settings)


@pytest.mark.parametrize("hidden", ["tanh", "relu", "sigmoid", "gelu"])
def test_one_listing_serves_every_batch_and_width(replay, hidden):
    model, data = network([hidden]), network_data((hidden,), "sigmoid", "binary_cross_entropy")
    again = replay(json.loads(json.dumps(data)), SIZES)
    for name, value in (("x", XOR_X), ("y", XOR_Y), ("parameters", model.parameters.vector)):
        again.names[name][...] = value
    again.run()
    compiled = model.compile(XOR_X, XOR_Y)
    compiled.run_both()
    np.testing.assert_allclose(again.names["gradient"], compiled.gradient, rtol=1e-13, atol=1e-16)
    assert again.names["loss"] == pytest.approx(compiled.loss, rel=1e-14)
    np.testing.assert_allclose(again.names["output"], model.forward(XOR_X), rtol=1e-14)


def test_the_rows_tell_the_story_that_the_trace_tells():
    data = network_data(("tanh",), "sigmoid", "binary_cross_entropy")
    story = network().trace(XOR_X, XOR_Y)
    assert [(row["phase"], row["name"], row["formula"]) for row in data["rows"]] == [
        (step.phase, step.name, step.formula) for step in story
    ]
    assert {row["name"]: len(row["read"]) for row in data["rows"] if row["op"] == "affine"}["z1"] == 3
    assert [row["note"][:20] for row in data["rows"] if "note" in row] == ["with a = sigmoid(z2)"]


def test_the_penalties_are_a_listing_that_moves_loss_and_gradient(replay):
    plain, penalised = network(), network(l1=0.1, l2=0.2)
    compiled, wanted = plain.compile(XOR_X, XOR_Y), penalised.compile(XOR_X, XOR_Y)
    compiled.run_both()
    wanted.run_both()
    again = replay(penalty_data(1), SIZES)
    filled = {"parameters": plain.parameters.vector, "gradient": compiled.gradient, "L": compiled.loss}
    for name, value in (filled | {"l1": 0.1, "l2": 0.2}).items():
        again.names[name][...] = value
    again.run()
    np.testing.assert_allclose(again.names["gradient"], wanted.gradient, rtol=1e-13)
    assert again.names["loss"] == pytest.approx(wanted.loss, rel=1e-14)
    assert [row["name"] for row in penalty_data(0)["rows"]][-1] == "dL/dW1"


def test_a_transformer_is_a_listing_without_symbols(replay):
    model, tokens = Transformer(5, 4, 4, 2, blocks=1, seed=1), [[1, 2, 3, 0]]
    aims = [[2, 3, 0, 4]]
    again = replay(model_data(model, tokens, aims))
    again.names["parameters"][...] = model.parameters.vector
    again.names["tokens"][...], again.names["y"][...] = tokens, np.eye(5)[aims]
    again.run()
    compiled = model.compile(tokens, aims)
    compiled.run_both()
    np.testing.assert_allclose(again.names["gradient"], compiled.gradient, rtol=1e-11, atol=1e-14)
