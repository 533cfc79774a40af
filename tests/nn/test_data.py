"""The door: what is let in, in which shape, and how the rest is turned away."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.data import XOR_X, XOR_Y, allowed_shapes, as_batch, as_targets, finite, minibatches, one_hot, seeds_of


def test_one_sample_is_a_batch_of_one():
    assert as_batch([1, 2], 2).tolist() == [[1.0, 2.0]]
    assert as_batch(XOR_X, 2).shape == (4, 2)


@pytest.mark.parametrize("x", [[1.0], [[1.0, 2.0, 3.0]], np.ones((2, 2, 2)), 5.0, np.ones((0, 2))])
def test_another_shape_is_named_with_the_allowed_ones(x):
    with pytest.raises(ValueError, match=r"allowed: \(2,\) or \(batch, 2\)"):
        as_batch(x, 2)


@pytest.mark.parametrize("x", [[np.nan, 1], [np.inf, 1], ["a", "b"], [[1], [1, 2]], [None, 1], [{}]])
def test_what_is_not_a_finite_number_is_refused(x):
    with pytest.raises(ValueError, match=r"x (contains NaN or infinity|must be numbers)"):
        finite("x", x)


def test_targets_may_leave_out_an_axis_of_length_one():
    assert as_targets([0, 1, 1, 0], 4, 1, "binary_cross_entropy").tolist() == XOR_Y.tolist()
    assert as_targets(1, 1, 1, "mean_squared_error").tolist() == [[1.0]]
    assert as_targets([3.0, 4.0], 1, 2, "mean_squared_error").tolist() == [[3.0, 4.0]]
    assert allowed_shapes(1, 1) == [(1, 1), (1,), (1,), ()]


def test_classes_may_be_numbers_or_probabilities():
    assert as_targets([2, 0], 2, 3, "categorical_cross_entropy").tolist() == [[0, 0, 1], [1, 0, 0]]
    assert as_targets([[0.5, 0.5]], 1, 2, "categorical_cross_entropy").tolist() == [[0.5, 0.5]]
    assert one_hot(np.array([1.0], np.float32), 2).dtype == np.float32


@pytest.mark.parametrize(
    ("y", "loss", "message"),
    [
        ([[2.0, 0.0]], "binary_cross_entropy", "contains 2.0; labels must lie in 0..1"),
        ([5], "categorical_cross_entropy", "label 5; allowed: whole numbers 0..1"),
        ([0.5], "categorical_cross_entropy", "label 0.5; allowed"),
        ([[0.5, 0.1]], "categorical_cross_entropy", "sums to"),
        ([[1.0, 2.0, 3.0]], "mean_squared_error", r"shape \(1, 3\); allowed: \(1, 2\)"),
    ],
)
def test_a_target_that_cannot_be_learned_is_named(y, loss, message):
    with pytest.raises(ValueError, match=message):
        as_targets(y, 1, 2, loss)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 20), st.integers(1, 7), st.integers(0, 5))
def test_mini_batches_show_every_sample_once_in_a_repeatable_order(samples, size, seed):
    x = np.arange(samples)
    batches = [list(minibatches(x, -x, size, np.random.default_rng(seed))) for _ in range(2)]
    assert sorted(np.concatenate([a for a, _ in batches[0]])) == list(range(samples))
    assert all((a == -b).all() for a, b in batches[0])
    assert [a.tolist() for a, _ in batches[0]] == [a.tolist() for a, _ in batches[1]]
    assert max(len(a) for a, _ in batches[0]) <= size


def test_a_batch_size_below_one_is_refused():
    with pytest.raises(ValueError, match="batch size is 0"):
        next(minibatches(XOR_X, XOR_Y, 0, np.random.default_rng(0)))


def test_a_number_too_large_for_the_dtype_is_refused_without_a_warning(recwarn):
    with pytest.raises(ValueError, match="x contains NaN or infinity"):
        finite("x", [1e308], np.dtype(np.float32))
    assert not recwarn.list


def test_the_first_value_that_is_not_finite_is_named_with_its_place():
    with pytest.raises(ValueError, match=r"y contains NaN or infinity \(nan at \[1, 0\]\); every value must be finite"):
        finite("y", [[1.0, 2.0], [np.nan, np.inf]])
    with pytest.raises(ValueError, match=r"y contains NaN or infinity \(-inf\); every"):
        finite("y", -np.inf)


def test_a_large_vocabulary_costs_no_matrix_of_its_square():
    labels = np.array([3.0, 11_999.0, 3.0])
    tracemalloc.start()
    hot = one_hot(labels, 12_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (hot.shape, hot.sum(axis=1).tolist(), hot.argmax(axis=1).tolist()) == (
        (3, 12_000),
        [1, 1, 1],
        [3, 11_999, 3],
    )
    assert most < 10 * hot.nbytes


def test_no_seed_shares_a_network_with_another_and_seed_0_counts_from_0():
    ranges = [seeds_of(seed, 100_000) for seed in (0, 1, 2, 10**9)]
    assert ranges[0] == range(100_000)
    assert all(one.stop <= other.start for one, other in pairwise(ranges))
    with pytest.raises(ValueError, match="seed is -1"):
        seeds_of(-1, 3)
