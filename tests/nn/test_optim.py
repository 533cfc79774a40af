"""Optimisers: the first steps by hand, the bottom of a bowl, refusals."""

import numpy as np
import pytest

from nn.optim import OPTIMISERS, Scaled, positive_rate

FLOAT = np.dtype(np.float64)


@pytest.mark.parametrize(("name", "steps"), [("sgd", [0.8, 0.64]), ("momentum", [0.8, 0.46]), ("adam", [0.9, 0.8])])
def test_the_first_two_steps_down_a_parabola_are_those_of_the_formula(name, steps):
    w = np.array([1.0])
    optimiser = OPTIMISERS[name](0.1, 1, FLOAT)
    for expected in steps:
        optimiser.update(w, 2 * w)
        assert w[0] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_optimiser_finds_the_bottom_of_a_bowl(name):
    w = np.array([3.0, -2.0])
    optimiser = OPTIMISERS[name](0.05, 2, FLOAT)
    for _ in range(500):
        optimiser.update(w, 2 * w)
    assert abs(w).max() < 1e-3


def test_adams_first_step_has_the_learning_rates_size_for_any_gradient():
    for gradient in (1e-3, 1e3):
        w = np.array([0.0])
        OPTIMISERS["adam"](0.1, 1, FLOAT).update(w, np.array([gradient]))
        assert w[0] == pytest.approx(-0.1, rel=1e-3)


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf")])
def test_a_learning_rate_that_is_not_positive_is_refused(rate):
    with pytest.raises(ValueError, match="it must be a positive number"):
        positive_rate(rate)
    assert positive_rate(1) == 1.0


def test_a_gradient_that_comes_times_the_rate_is_taken_as_it_is():
    w, optimiser = np.array([1.0, 2.0]), Scaled()
    optimiser.update(w, np.array([0.25, -1.0]))
    assert (w.tolist(), optimiser.state) == ([0.75, 3.0], {})


@pytest.mark.parametrize("rate", ["0.1", None, [0.1], 1j])
def test_a_learning_rate_that_is_no_number_is_refused_the_same_way(rate):
    with pytest.raises(ValueError, match="it must be a positive number"):
        positive_rate(rate)
    assert positive_rate(np.float32(0.5)) == 0.5
