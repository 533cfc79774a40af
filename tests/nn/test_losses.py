"""Losses: hand-computed values, extremes, slopes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.losses import LOSSES, constant_cost
from nn.ops import eager


def loss(name, z, y):
    return float(LOSSES[name].forward(eager, np.array(z, float), np.array(y, float)))


def test_a_coin_flip_costs_log_two_and_a_confident_mistake_costs_its_logit():
    assert loss("binary_cross_entropy", [[0.0]], [[1.0]]) == pytest.approx(np.log(2))
    assert loss("binary_cross_entropy", [[1000.0]], [[0.0]]) == 1000.0
    assert loss("binary_cross_entropy", [[-1000.0]], [[0.0]]) == 0.0


def test_guessing_among_three_classes_costs_log_three_and_never_overflows():
    assert loss("categorical_cross_entropy", [[7.0, 7.0, 7.0]], [[0, 1, 0]]) == pytest.approx(np.log(3))
    assert loss("categorical_cross_entropy", [[1000.0, 0.0, 0.0]], [[0, 1, 0]]) == 1000.0


def test_the_squared_error_is_averaged_over_every_number():
    assert loss("mean_squared_error", [[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0], [3.0, 2.0]]) == 2.0


def targets(name, shape, rng):
    y = rng.random(shape)
    return y / y.sum(axis=-1, keepdims=True) if name.startswith("categorical") else y


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(list(LOSSES)), st.integers(1, 4), st.integers(1, 3), st.integers(0, 9))
def test_a_loss_gradient_is_its_slope(name, batch, outputs, seed):
    rng = np.random.default_rng(seed)
    z, op = rng.normal(size=(batch, outputs)), LOSSES[name]
    y = targets(name, z.shape, rng)
    gradient, labels = op.backward(eager, np.array(3.0), op.forward(eager, z, y), z, y)
    assert labels is None
    for place in np.ndindex(z.shape):
        nudge = np.zeros(z.shape)
        nudge[place] = 1e-6
        slope = 3 * (loss(name, z + nudge, y) - loss(name, z - nudge, y)) / 2e-6
        assert gradient[place] == pytest.approx(slope, rel=1e-6, abs=1e-8)


def test_the_cost_of_the_best_constant_answer_is_a_variance_or_an_entropy():
    """No answer that is the same for every sample does better; 0 log 0 counts as 0."""
    y = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0]])
    assert constant_cost("mean_squared_error", y) == pytest.approx(0.75 * 0.25 / 2)
    one = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert constant_cost("binary_cross_entropy", y) == pytest.approx(one / 2)
    thirds = np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2]]
    assert constant_cost("categorical_cross_entropy", thirds) == pytest.approx(np.log(3), rel=1e-12)
    assert constant_cost("categorical_cross_entropy", np.eye(3)[[1, 1]]) == 0
