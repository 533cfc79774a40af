"""Steps: the gap between own and new samples grows, and the answer follows the numbers."""

import numpy as np

from nn.ensemble import Ensemble
from nn.experiments.steps import MARKS, Config, right, run
from nn.experiments.steps import _answer as answer

FACTS = {
    "best steps": 10, "early gap": 0.0, "early gap half": 0.1, "best gap": 0.1, "last gap": 0.5,
    "rise of new loss": 0.2, "rise half": 0.1, "right answers lost": 0.03, "lost half": 0.01,
    "right on shuffled labels": 0.5,
}  # fmt: skip


def test_the_gap_grows_with_the_steps_and_shuffled_labels_are_learned_by_heart():
    result = run(Config(networks=20, held_out=100))
    assert [row[0] for row in result.rows] == list(MARKS)
    own, new = ({x: y for x, y, _ in result.curves[name]} for name in ("own samples", "new samples"))
    assert new[0.0] - own[0.0] < 0.1 < new[max(new)] - own[max(own)] < 10
    assert result.facts["right on shuffled labels"] > 0.9
    assert result.facts["last gap"] > result.facts["best gap"]
    assert "by heart to" in result.answer


def test_the_share_of_right_answers_is_counted_per_network():
    ensemble = Ensemble([1, 1], [0, 1], output="identity", loss="mean_squared_error")
    ensemble.parameters[:] = [[1.0, 0.0], [-1.0, 0.0]]
    assert right(ensemble, np.array([[1.0], [0.0]]), np.array([[1.0], [0.0]])).tolist() == [1.0, 0.5]


def test_the_answer_says_what_the_intervals_allow():
    assert "neither yet" in answer(FACTS)
    assert "rises again (by 0.2000 ± 0.1000) and 3.0 points of right answers are lost" in answer(FACTS)
    calm = {**FACTS, "rise of new loss": 0.05, "right answers lost": -0.1, "early gap": 0.3}
    assert "does not rise again (by 0.0500 ± 0.1000) and right answers are not lost" in answer(calm)
    assert "already its own samples better" in answer(calm)


def test_right_answers_that_become_more_are_not_told_as_a_negative_loss():
    assert "not lost: 10.0 points more are right (0.1000 ± 0.0100)" in answer({**FACTS, "right answers lost": -0.1})
    assert "right answers are not lost (0.0050 ± 0.0100)" in answer({**FACTS, "right answers lost": 0.005})


def test_the_picture_shows_how_sure_each_loss_is():
    result = run(Config(networks=6))
    for points in result.curves.values():
        assert len(points) == len(MARKS)
        assert all(half > 0 for _, _, half in points)
    assert result.picture().count("stroke-opacity") == 2 * len(MARKS)
