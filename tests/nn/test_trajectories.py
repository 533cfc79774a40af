"""Trajectories: ways that are known by construction, and shares that follow the counts."""

import numpy as np

from nn.data import XOR_X, XOR_Y
from nn.experiments.statistics import Mean, percent
from nn.experiments.trajectories import Config, by_kind, ended, followed, run, ways
from nn.experiments.trajectories import _answer as answer
from nn.experiments.trajectories import _which as which

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


def test_the_kinds_of_parameters_are_told_apart_where_the_intervals_allow_it():
    marks = np.array([[True] * 8 + [False] * 9] * 3)
    found = by_kind({"jump": marks, "rest": ~marks, "oscillate": marks & False}, 4)
    assert {name: mean.value for name, mean in found["jump"].items()} == {"W1": 1.0, "b1": 0.0, "W2": 0.0, "b2": 0.0}
    assert which(found) == "W1 jumps most (100 %) and b1 least (0 %), b2 rests most (100 %) and W1 least (0 %)"
    unsure = {way: {"W1": Mean(0.5, 0.3), "b1": Mean(0.4, 0.3)} for way in ("jump", "rest", "oscillate")}
    assert which(unsure) == "no kind of parameter stands out"


def test_it_is_told_how_many_networks_had_solved_the_task_by_then():
    last = followed(1.0, SMALL)[-1]
    assert ended(last, SMALL).parameters.tolist() == last.tolist()
    result = run(SMALL)
    assert result.columns[-1] == "solved XOR by then"
    right = (ended(last, SMALL).forward(XOR_X) > 0.5) == XOR_Y
    assert result.rows[1][-1] == percent(int(right.all(axis=(1, 2)).sum()), 5)
    assert "Which ones? At rate 0.1 " in result.answer
