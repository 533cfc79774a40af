"""Vanishing gradients: what is measured is the ratio of two layers, and the answer follows it."""

import numpy as np
import pytest

from nn import Network
from nn.data import seeds_of
from nn.datasets import draw
from nn.experiments.vanishing import DEPTHS, HIDDEN, Config, run, shares_left
from nn.experiments.vanishing import _answer as answer


def test_the_share_left_is_that_of_the_same_networks_one_by_one():
    config = Config(networks=3, width=5, samples=8)
    x, y = draw("moons", 8, 0)
    for share, seed in zip(shares_left("tanh", 4, config), seeds_of(0, 3), strict=True):
        gradients = Network([2, 5, 5, 5, 5, 5, 1], "tanh", seed=seed).backward(x, y)
        first, last = (np.linalg.norm(gradients[name]) for name in ("W2", "W5"))
        assert share == pytest.approx(first / last)


def test_sigmoid_loses_about_three_quarters_by_layer_and_relu_keeps_the_size():
    result = run(Config(networks=20))
    assert result.facts["sigmoid 16"]["by layer"] < 0.3
    assert result.facts["relu 16"]["by layer"] == pytest.approx(1, abs=0.1)
    assert result.answer.startswith("Yes, with sigmoid; with tanh and relu more than a hundredth is left.")
    assert all(len(points) == len(DEPTHS) for points in result.curves.values())


def test_the_answer_contradicts_the_folklore_where_nothing_vanishes():
    fact = {"log10 left": -0.1, "half": 0.02, "by layer": 0.98}
    said = answer({f"{hidden} {DEPTHS[-1]}": fact for hidden in HIDDEN})
    assert said.startswith("Not in this run, against the folklore. Left after 16 layers")
    gone = {**fact, "log10 left": -5.0}
    said = answer({f"{hidden} {DEPTHS[-1]}": gone for hidden in HIDDEN})
    assert said.startswith("Yes, with sigmoid and tanh and relu. Left")


def test_a_dead_network_is_measured_without_dividing_by_zero():
    shares = shares_left("relu", 2, Config(networks=200, width=1, samples=4))
    assert np.isfinite(np.log10(shares)).all()
