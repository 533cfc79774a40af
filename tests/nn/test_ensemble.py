"""The ensemble gives what the networks would give one by one."""

import numpy as np
import pytest

from nn import Network
from nn.data import XOR_X, XOR_Y
from nn.ensemble import PIECE, Ensemble


@pytest.mark.parametrize("hidden", ["relu", "tanh", "sigmoid", "identity"])
@pytest.mark.parametrize("sizes", [[2, 4, 1], [2, 3, 4, 2], [2, 1]])
def test_training_together_is_training_one_by_one(hidden, sizes):
    y = np.repeat(XOR_Y, sizes[-1], axis=1)
    ensemble = Ensemble(sizes, range(5), hidden)
    ensemble.train(XOR_X, y, 20, 0.5)
    for seed in range(5):
        network = Network(sizes, hidden, seed=seed)
        for _ in range(20):
            network.step(network.backward(XOR_X, y), 0.5)
        for layer in range(len(sizes) - 1):
            np.testing.assert_allclose(ensemble.weights[layer][seed], network.weights[layer], rtol=1e-10, atol=1e-13)
            np.testing.assert_allclose(ensemble.biases[layer][seed], network.biases[layer], rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(ensemble.forward(XOR_X)[seed], network.forward(XOR_X), rtol=1e-10)


def test_seen_from_outside_the_network_axis_comes_first():
    ensemble = Ensemble([2, 4, 1], range(3), dtype="float32")
    assert [W.shape for W in ensemble.weights] == [(3, 2, 4), (3, 4, 1)]
    assert [b.shape for b in ensemble.biases] == [(3, 4), (3, 1)]
    assert ensemble.forward([0, 1]).shape == (3, 1, 1)
    assert ensemble.weights[0].dtype == np.float32


def test_more_networks_than_fit_one_piece_are_all_trained():
    ensemble = Ensemble([2, 1], range(PIECE + 1))
    before = ensemble.weights[0].copy()
    ensemble.train(XOR_X, XOR_Y, 1, 0.5)
    assert (ensemble.weights[0] != before).any(axis=(1, 2)).all()


def test_an_ensemble_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="seeds is empty"):
        Ensemble([2, 1], [])
    with pytest.raises(ValueError, match="unknown hidden activation 'gelu'; allowed: "):
        Ensemble([2, 1], [0], hidden="gelu")
