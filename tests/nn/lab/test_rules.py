"""Optimisers and first weights as data: recorded from the very code that trains in Python."""

import numpy as np
import pytest

from nn.init import INITS
from nn.lab.rules import init_data, optimiser_data
from nn.optim import OPTIMISERS


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_replayed_optimiser_goes_where_that_of_python_goes(replay, name):
    data, rng = optimiser_data(name), np.random.default_rng(0)
    again, own = replay(data, {"n": 5}), OPTIMISERS[name](0.1, 5, np.dtype(float))
    w = rng.normal(size=5)
    again.names["w"][...], again.names["rate"][...] = w, 0.1
    assert data["state"] == list(own.state)
    for _ in range(20):
        g = rng.normal(size=5)
        again.names["g"][...] = g
        again.run()
        own.update(w, g)
        np.testing.assert_allclose(again.names["w"], w, rtol=1e-14, atol=1e-16)
    for state, array in own.state.items():
        np.testing.assert_allclose(again.names[state], array, rtol=1e-14)


def test_the_step_can_be_looked_at_before_it_is_taken(replay):
    data = optimiser_data("sgd")
    assert [call[0] for call in data["calls"][: data["computed"]]] == ["multiply", "subtract"]
    assert [call[0] for call in data["calls"][data["computed"] :]] == ["copy"]
    assert data["formulas"] == ["w - rate * g"]


@pytest.mark.parametrize("name", INITS)
def test_first_weights_are_those_that_numpy_draws(replay, name):
    data, rng = init_data(name), np.random.default_rng(7)
    drawn = rng.random(6) if data["stream"] == "uniform" else rng.standard_normal(6)
    again = replay(data, {"n": 6})
    again.names["drawn"][...], again.names["inputs"][...], again.names["outputs"][...] = drawn, 2, 3
    again.run()
    wanted = INITS[name](np.random.default_rng(7), 2, 3)
    np.testing.assert_allclose(again.names["weights"], wanted.ravel(), rtol=1e-15)
