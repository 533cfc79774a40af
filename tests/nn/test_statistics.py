"""Intervals that cover, and correlations known beforehand."""

import math

import numpy as np
import pytest

from nn.experiments.statistics import Mean, interval, percent, rank_correlations


def test_an_interval_of_a_mean_covers_the_truth_in_95_of_100_draws():
    rng = np.random.default_rng(0)
    means = [Mean.of(rng.normal(3.0, 2.0, 50)) for _ in range(1000)]
    assert 0.92 < np.mean([abs(mean.value - 3.0) < mean.half for mean in means]) < 0.97


def test_a_mean_says_whether_it_differs_from_nothing():
    assert [Mean(0.3, 0.1).sign, Mean(-0.3, 0.1).sign, Mean(0.1, 0.3).sign] == [1, -1, 0]
    assert Mean.of(np.array([0.5])).half == math.inf
    assert str(Mean(0.51234, 0.01)) == "0.5123 ± 0.0100"


def test_a_share_has_wilsons_interval():
    assert interval(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert interval(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert interval(0, 0) == (0.0, 1.0)
    assert (percent(5, 10), percent(0, 0)) == ("50.0 % (23.7 to 76.3)", "none")


def test_ranks_correlate_row_by_row():
    a = np.array([[1.0, 2.0, 9.0], [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]])
    b = np.array([[0.1, 0.2, 0.3], [3.0, 2.0, 1.0], [1.0, 2.0, 3.0]])
    assert rank_correlations(a, b) == pytest.approx([1.0, -1.0, 0.5])


def test_equal_values_share_their_rank_in_whichever_order_they_stand():
    a = np.array([[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]])
    b = np.array([[1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 3.0]])
    # Ranks 0.5 0.5 2.5 2.5 against 0 1 2 3: 4 / sqrt(4 * 5) by hand.
    assert rank_correlations(a, b) == pytest.approx([4 / np.sqrt(20)] * 2)
