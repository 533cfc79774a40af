"""Learning rate: a quadratic bowl diverges beyond 2 / curvature, and the answer says what was counted."""

import numpy as np

from nn.experiments.learning_rate import Config, fit, hopeless, run
from nn.experiments.learning_rate import _answer as answer

SMALL = Config(networks=4, epochs=100)


def test_ten_times_too_high_diverges_and_the_tenth_does_not():
    result = run(SMALL)
    assert [row[1] for row in result.rows] == [0, 0, 4]
    assert result.facts["diverged at 3.0"] == 4
    assert result.answer.startswith("It diverges: at 3.0, ten times 0.3, 4 of 4")
    assert set(result.curves) == {"rate 0.03", "rate 0.3", "rate 3.0"}


def test_a_run_without_divergence_is_answered_as_such():
    assert answer([0, 0, 0], SMALL).startswith("No divergence in this run: at 3.0")


def test_a_fit_at_a_good_rate_ends_near_zero():
    outcome, losses, y = fit(0, 0.3, SMALL)
    assert outcome.losses is losses
    assert losses[-1] < 1e-3 < y.var()


def test_hopeless_is_worse_than_a_constant_for_good_whatever_the_start():
    y = np.array([0.0, 2.0])
    assert hopeless([0.1] + [1.5] * 20, y)
    assert not hopeless([0.1] + [0.9] * 20, y)
    assert not hopeless([5.0] * 19 + [0.5, 3.0], y)
    assert hopeless([5.0], y)
