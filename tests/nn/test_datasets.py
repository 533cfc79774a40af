"""Tasks: shapes, balance, repeatability, and that they are what they are called."""

import numpy as np
import pytest

from nn import Network
from nn.datasets import DATASETS, circles, draw, many, moons, parity, spirals, xor


@pytest.mark.parametrize("name", DATASETS)
def test_a_task_has_both_labels_and_is_drawn_again_from_its_seed(name):
    x, y = draw(name, 40, 3)
    assert (len(x), y.shape) == (40, (40, 1))
    assert set(y.ravel()) == {0.0, 1.0}
    assert draw(name, 40, 3)[0].tobytes() == x.tobytes()
    xs, ys = many(name, 40, range(3, 5))
    assert (xs[0].tobytes(), ys.shape) == (x.tobytes(), (2, 40, 1))
    assert name == "xor" or (xs[1] != xs[0]).any()


def test_the_tasks_are_what_they_are_called():
    rng = np.random.default_rng(0)
    x, y = xor(rng, 8)
    assert (y[:, 0] == (x[:, 0] != x[:, 1])).all()
    x, y = parity(rng, 50)
    assert (y[:, 0] == [int(row.sum()) % 2 for row in x]).all()
    x, y = circles(rng, 1000)
    assert np.median(np.hypot(*x[y[:, 0] == 1].T)) == pytest.approx(0.54, abs=0.05)
    assert np.median(np.hypot(*x[y[:, 0] == 0].T)) == pytest.approx(1.5, abs=0.05)
    x, y = moons(rng, 4000)
    assert np.abs(x[y[:, 0] == 0].mean(axis=0) - [-0.5, 2 / np.pi - 0.25]).max() < 0.05
    assert np.abs(x[y[:, 0] == 1].mean(axis=0) - [0.5, 0.25 - 2 / np.pi]).max() < 0.05
    x, y = spirals(rng, 2000)
    turned = (np.arctan2(x[:, 1], x[:, 0]) - 1.5 * np.pi * np.hypot(*x.T) - np.pi * y[:, 0]) % (2 * np.pi)
    assert np.median(np.cos(turned)) > 0.95


def test_a_task_that_does_not_exist_or_has_no_samples_is_refused():
    with pytest.raises(ValueError, match="unknown data set 'mnist'; allowed: xor, moons"):
        draw("mnist", 4, 0)
    with pytest.raises(ValueError, match="samples is 0; it must be at least 1"):
        draw("xor", 0, 0)


@pytest.mark.parametrize("seed", [-1, 1.5, True])
def test_a_seed_that_is_none_is_named(seed):
    with pytest.raises(ValueError, match=f"seed is {seed}; allowed: a whole number of at least 0"):
        draw("moons", 4, seed)


def test_a_network_and_its_samples_drawn_from_one_seed_have_nothing_in_common():
    x, _ = draw("circles", 400, 3)
    angle = np.arctan2(x[:, 1], x[:, 0]) % (2 * np.pi)
    weights = Network([2, 200, 1], "tanh", seed=3).weights[0].ravel()
    assert abs(np.corrcoef(angle, weights)[0, 1]) < 0.15
