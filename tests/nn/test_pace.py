"""Clipping and schedules: the length of a gradient, the learning rate over a training, and resuming in its middle."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.optim import SGD, Adam
from nn.pace import SCHEDULES, Paced, clipped, share


def test_a_gradient_that_is_too_long_keeps_its_direction_and_a_short_one_its_length():
    gradient = np.array([3.0, 4.0])
    np.testing.assert_allclose(clipped(gradient, 1.0), [0.6, 0.8])
    assert gradient[0] == pytest.approx(0.6)  # in place: no copy of all parameters
    np.testing.assert_array_equal(clipped(np.array([3.0, 4.0]), 5.0), [3.0, 4.0])
    np.testing.assert_array_equal(clipped(np.zeros(2), 1.0), [0.0, 0.0])


@given(st.sampled_from(list(SCHEDULES)), st.integers(1, 50), st.integers(0, 60))
def test_a_rate_rises_during_its_warmup_and_never_after_it(schedule, steps, warmup):
    shares = [share(schedule, step, steps, warmup) for step in range(steps)]
    assert all(0 < part <= 1 for part in shares)
    rising, falling = shares[: warmup + 1], shares[warmup:]
    assert rising[: len(shares)] == sorted(rising)
    assert falling == sorted(falling, reverse=True)


def test_the_shares_of_each_schedule_are_known_by_heart():
    assert [share("constant", step, 4) for step in range(4)] == [1, 1, 1, 1]
    assert [share("linear", step, 4) for step in range(4)] == [1, 0.75, 0.5, 0.25]
    assert share("cosine", 2, 4) == pytest.approx(0.5)
    assert share("cosine", 1, 4) == pytest.approx((1 + math.sqrt(0.5)) / 2)
    assert [share("linear", step, 6, warmup=2) for step in range(4)] == [0.5, 1, 1, 0.75]
    assert share("linear", 9, 4) == 0
    with pytest.raises(ValueError, match="unknown schedule 'sine'; allowed: constant, linear, cosine"):
        share("sine", 0, 1)


def test_a_paced_step_is_that_of_its_optimiser_at_the_rate_of_the_moment():
    vector = np.zeros(2)
    paced = Paced(SGD(1.0, 2, np.dtype(float)), "linear", steps=4, clip=5.0)
    paced.update(vector, np.array([6.0, 8.0]))
    np.testing.assert_allclose(vector, [-3, -4])
    paced.update(vector, np.array([1.0, 0.0]))
    np.testing.assert_allclose(vector, [-3.75, -4])


def test_the_count_of_steps_is_state_beside_that_of_the_optimiser():
    paced = Paced(Adam(0.1, 2, np.dtype(float)), "cosine", steps=4)
    paced.update(np.zeros(2), np.ones(2))
    assert float(paced.state["steps"]) == 1
    assert paced.state.keys() == {"m", "v", "t", "steps"}
    assert paced.state["m"] is paced.optimiser.state["m"]
