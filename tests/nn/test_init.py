"""Initialisations: shape, spread, and the same draw from the same generator."""

import numpy as np
import pytest

from nn.init import INITS

VARIANCE = {"he": 2 / 50, "xavier": 2 / (50 + 400), "plain": 1.0}


@pytest.mark.parametrize("name", INITS)
def test_an_initialisation_has_the_papers_variance_and_is_repeatable(name):
    W = INITS[name](np.random.default_rng(3), 50, 400)
    assert W.shape == (50, 400)
    assert W.var() == pytest.approx(VARIANCE[name], rel=0.05)
    assert abs(W.mean()) < 0.02
    assert (INITS[name](np.random.default_rng(3), 50, 400) == W).all()


def test_xavier_is_bounded_where_the_normal_ones_are_not():
    assert abs(INITS["xavier"](np.random.default_rng(0), 3, 3)).max() <= 1.0
