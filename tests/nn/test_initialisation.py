"""Initialisation: the networks differ in nothing but their first weights, and the answer follows the counts."""

import numpy as np
import pytest

from nn import Network
from nn.data import seeds_of
from nn.datasets import many
from nn.experiments.initialisation import Config, run, trained
from nn.experiments.initialisation import _answer as answer
from nn.init import INITS

SMALL = Config(networks=3, depth=2, width=4, samples=8, steps=40)


def test_the_size_of_the_last_activations_is_that_of_each_network_before_training():
    spread, right = trained("tanh", "plain", SMALL)
    x, y = many("moons", 8, seeds_of(0, 3))
    for place, seed in enumerate(seeds_of(0, 3)):
        whole = Network([2, 4, 4, 1], "tanh", init="plain", seed=seed)
        tape, _, _ = whole.record(x[place], y[place])
        last = next(node.value for node in tape.nodes if node.name == "a2")
        assert spread[place] == pytest.approx(np.sqrt((last**2).mean()), rel=1e-5)
        whole.fit(x[place], y[place], epochs=40, learning_rate=0.1)
        assert right[place] == pytest.approx(((whole.forward(x[place]) > 0.5) == y[place]).mean())


def test_every_kind_of_first_weights_is_compared_for_each_activation():
    result = run(SMALL)
    assert [row[:2] for row in result.rows] == [(hidden, init) for hidden in ("tanh", "relu") for init in INITS]
    assert result.names == tuple(INITS)
    assert all(f">{init}</text>" in result.picture() for init in INITS)


def test_the_answer_is_yes_only_where_the_fitting_kind_is_not_behind():
    better, worse = np.array([0.9, 0.91, 0.92]), np.array([0.5, 0.51, 0.52])
    same = {"xavier": better, "he": better, "plain": worse}
    assert answer({"tanh": same, "relu": same}).startswith("Yes. With tanh xavier is best and plain worst, by 0.4000")
    surprise = {"xavier": worse, "he": worse, "plain": better}
    said = answer({"tanh": surprise, "relu": {"he": better, "xavier": worse, "plain": worse}})
    assert said.startswith("Not always the fitting kind, against the folklore. With tanh plain is best")
    assert "xavier, which should fit, is 0.4000 ± 0.0000 behind the best" in said
    level = {"xavier": better, "he": better, "plain": better}
    assert "which is no measurable difference" in answer({"tanh": level, "relu": level})
