"""Trajectories: ways that are known by construction, and shares that follow the counts."""

import numpy as np

from nn.experiments.trajectories import Config, followed, run, ways
from nn.experiments.trajectories import _answer as answer

SMALL = Config(networks=5, steps=200)


def path(values):
    return np.asarray(values, float)[:, None, None]


def seen(values):
    return {way for way, marks in ways(path(values)).items() if marks.all()}


def test_paths_are_told_apart():
    t = np.arange(201)
    assert seen(t) == {"drift"}
    assert seen(np.where(t < 3, 0.0, 1.0)) == {"jump", "rest"}
    assert seen(1 - np.exp(-t / 15)) == {"rest"}
    assert seen(t + 3.0 * (-1.0) ** t) == {"oscillate"}
    assert seen((-1.0) ** t) == {"jump", "oscillate"}


def test_every_step_is_looked_at_from_the_first_weights_on():
    followed_path = followed(1.0, SMALL)
    assert followed_path.shape == (201, 5, 17)
    assert (followed_path[1] != followed_path[0]).any()


def test_the_shares_follow_the_counts():
    result = run(SMALL)
    assert [row[0] for row in result.rows] == [0.1, 1.0, 10.0]
    assert all(fact["parameters"] == 85 for fact in result.facts.values())
    assert set(result.curves) == {"rate 0.1", "rate 1", "rate 10"}
    said = answer({"0.1": {"jump": 6, "rest": 2, "oscillate": 3, "drift": 5, "parameters": 10}})
    assert said == "At rate 0.1 60.0 % jump, 20.0 % rest, 30.0 % oscillate, 50.0 % drift: most jump, most often drift."
