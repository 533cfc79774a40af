"""Learning rate: a quadratic bowl diverges beyond 2 / curvature, and the answer says what was counted."""

import numpy as np
import pytest

from nn import Network
from nn.experiments.learning_rate import Config, curvature, diverged, fits, hopeless, plane, run
from nn.experiments.learning_rate import _answer as answer
from nn.train import Plan, train

SMALL = Config(networks=4, epochs=100)


def alone(seed):
    """The losses of one network trained by itself at a good rate, and its targets."""
    x, y = plane(seed, SMALL)
    network = Network([3, 1], output="identity", seed=seed)
    return train(network, x, y, Plan(epochs=SMALL.epochs, learning_rate=0.3)).losses, y


def test_ten_times_too_high_diverges_and_the_tenth_does_not():
    result = run(SMALL)
    assert [row[1] for row in result.rows] == [0, 0, 4]
    assert result.facts["diverged at 3.0"] == 4
    assert result.answer.startswith("It diverges: at 3.0, ten times 0.3, 4 of 4")
    assert set(result.curves) == {"rate 0.03", "rate 0.3", "rate 3.0"}


def test_a_run_without_divergence_is_answered_as_such():
    assert answer([0, 0, 0], SMALL).startswith("No divergence in this run: at 3.0")


def test_a_fit_at_a_good_rate_ends_near_zero():
    losses, y = alone(0)
    assert losses[-1] < 1e-3 < y.var()


def test_hopeless_is_worse_than_a_constant_for_good_whatever_the_start():
    y = np.array([0.0, 2.0])
    assert hopeless([0.1] + [1.5] * 20, y)
    assert not hopeless([0.1] + [0.9] * 20, y)
    assert not hopeless([5.0] * 19 + [0.5, 3.0], y)
    assert hopeless([5.0], y)


def test_the_networks_side_by_side_lose_what_each_would_alone():
    planes = [plane(seed, SMALL) for seed in range(4)]
    losses = fits(0.3, *(np.stack(part) for part in zip(*planes, strict=True)), SMALL)
    assert losses.shape == (100, 4)
    for seed in range(4):
        np.testing.assert_allclose(losses[:50, seed], alone(seed)[0][:50], rtol=1e-6, atol=1e-12)


def test_the_curvature_tells_where_a_rate_becomes_too_high():
    x = np.array([[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]])
    assert curvature(x) == pytest.approx(2.0)
    x, y = plane(7, SMALL)
    edge = 2 / curvature(x)
    for rate, expected in ((0.97 * edge, False), (1.03 * edge, True)):
        losses = fits(rate, x[None], y[None], Config(seed=7, networks=1, epochs=1000))
        assert diverged(losses[:, 0].tolist(), y) is expected
    assert diverged([1.0, float("nan")], y)
    result = run(SMALL)
    assert [row[3] for row in result.rows] == [0, 0, 4]
    assert result.rows[2][2] > 1e6
    assert result.answer.endswith("foretells 12 of 12 (100.0 %) of the endings.")
