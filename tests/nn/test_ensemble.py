"""The ensemble gives what the networks would give one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn import Network
from nn.data import XOR_X, XOR_Y
from nn.ensemble import PIECE, Ensemble
from nn.optim import OPTIMISERS
from nn.train import Plan, train


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
    with pytest.raises(ValueError, match="unknown hidden activation 'swish'; allowed: "):
        Ensemble([2, 1], [0], hidden="swish")


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from([[2, 1], [2, 4, 2], [3, 2, 3, 2]]),
    st.sampled_from(["relu", "tanh", "sigmoid", "softmax"]),
    st.sampled_from(
        [("sigmoid", None), ("softmax", None), ("identity", None), ("softmax", "mean_squared_error"), ("tanh", None)]
    ),
    st.sampled_from(list(OPTIMISERS)),
    st.booleans(),
)
def test_any_kind_of_network_is_trained_as_it_would_be_alone(sizes, hidden, ends, optimiser, own):
    rng = np.random.default_rng(len(sizes))
    x = rng.normal(size=(3, 5, sizes[0]) if own else (5, sizes[0]))
    y = np.eye(max(sizes[-1], 2))[rng.integers(2, size=(3, 5) if own else 5), : sizes[-1]]
    if ends[0] == "softmax" and sizes[-1] == 1:
        y = np.ones_like(y)
    ensemble = Ensemble(sizes, range(3), hidden, *ends)
    ensemble.train(x, y, 10, 0.1, optimiser)
    for seed in range(3):
        network, mine = Network(sizes, hidden, *ends, seed=seed), (x[seed], y[seed]) if own else (x, y)
        train(network, *mine, Plan(10, 0.1, optimiser))
        close = {"rtol": 1e-8, "atol": 1e-11}
        np.testing.assert_allclose(ensemble.parameters[seed], network.parameters.vector, **close)
        np.testing.assert_allclose(ensemble.losses(x, y)[seed], network.cost(*mine), **close)
        gradient = np.concatenate([part.ravel() for part in network.backward(*mine).values()])
        np.testing.assert_allclose(ensemble.gradients(x, y)[seed], gradient, **close)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_training_advanced_in_two_parts_is_the_same_to_the_bit(optimiser):
    whole, parts = (Ensemble([2, 3, 1], range(4)) for _ in range(2))
    whole.train(XOR_X, XOR_Y, 9, 0.1, optimiser)
    training = parts.training(XOR_X, XOR_Y, 0.1, optimiser)
    training.advance(4)
    training.advance(5)
    assert training.steps == 9
    assert parts.parameters.tobytes() == whole.parameters.tobytes()


def test_noise_differs_between_networks_and_is_the_same_from_the_same_seed():
    ensembles = [Ensemble([2, 3, 1], [5, 5]) for _ in range(3)]
    for ensemble, seed in zip(ensembles, (1, 1, 2), strict=True):
        ensemble.training(XOR_X, XOR_Y, 0.5, noise=0.3, seed=seed).advance(5)
    one, same, other = (ensemble.parameters for ensemble in ensembles)
    assert one.tobytes() == same.tobytes() != other.tobytes()
    assert (one[0] != one[1]).any()


def test_the_cut_into_pieces_covers_every_network_once_and_depends_on_sizes_alone():
    ensemble = Ensemble([2, 1], range(2 * PIECE + 1))
    cuts = ensemble.cuts(4)
    assert [cut.start for cut in cuts] == [0, *(cut.stop for cut in cuts[:-1])]
    assert (cuts[-1].stop, len(cuts)) == (2 * PIECE + 1, 4)
    assert len(Ensemble([2, 1], range(9)).cuts(4)) == 1


def test_samples_and_targets_of_a_wrong_shape_are_named():
    ensemble = Ensemble([2, 1], range(3))
    with pytest.raises(ValueError, match=r"x has shape \(2, 4, 2\); allowed: \(3, batch, 2\)"):
        ensemble.train(np.zeros((2, 4, 2)), XOR_Y, 1, 0.5)
    with pytest.raises(ValueError, match=r"y has shape \(3, 4, 2\); allowed: \(3, 4, 1\)"):
        ensemble.train(XOR_X, np.zeros((3, 4, 2)), 1, 0.5)
    with pytest.raises(ValueError, match="unknown optimiser 'adagrad'; allowed: sgd"):
        ensemble.train(XOR_X, XOR_Y, 1, 0.5, "adagrad")


def test_a_diverged_ensemble_tells_its_loss_without_a_warning(recwarn):
    ensemble = Ensemble([1, 1], range(2), output="identity")
    ensemble.parameters[:] = [[1.1e154, 0.0], [2.0, 0.0]]  # each square is finite, their sum is not
    assert ensemble.losses([[1.0], [1.0]], [[0.0], [0.0]]).tolist() == [np.inf, 4.0]
    assert not recwarn.list


@pytest.mark.parametrize("seeds", [5, "12", None])
def test_seeds_that_are_not_a_row_of_numbers_are_named(seeds):
    with pytest.raises(ValueError, match="allowed: whole numbers in a row, such as range"):
        Ensemble([2, 1], seeds)
    assert Ensemble([2, 1], np.arange(3)).networks == 3


@pytest.mark.parametrize("steps", [-1, "9", 1.5])
def test_steps_that_cannot_be_made_are_named(steps):
    with pytest.raises(ValueError, match=f"steps is {steps!r}; it must be a whole number of at least 0"):
        Ensemble([2, 1], [0]).train(XOR_X, XOR_Y, steps, 0.5)


@pytest.mark.parametrize("noise", [-0.1, float("nan"), "loud"])
def test_noise_that_has_no_size_is_named(noise):
    with pytest.raises(ValueError, match=r"noise is .*; it must be a number of at least 0"):
        Ensemble([2, 1], [0]).training(XOR_X, XOR_Y, 0.5, noise=noise)
    with pytest.raises(ValueError, match="seed is -1; allowed"):
        Ensemble([2, 1], [0]).training(XOR_X, XOR_Y, 0.5, noise=0.1, seed=-1)


def test_pieces_side_by_side_or_one_after_the_other_give_the_same_bits():
    together, apart = (Ensemble([2, 1], range(PIECE + 1)) for _ in range(2))
    together.train(XOR_X, XOR_Y, 25, 0.5)
    training = apart.training(XOR_X, XOR_Y, 0.5)
    for place in range(len(training.pieces)):
        training._advance(place, 25)
    assert len(training.pieces) > 1
    assert together.parameters.tobytes() == apart.parameters.tobytes()
