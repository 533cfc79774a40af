"""Learning rate: a quadratic bowl diverges beyond 2 / curvature, and the answer says what was counted."""

from nn.experiments.learning_rate import Config, fit, run
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
    assert fit(0, 0.3, SMALL).losses[-1] < 1e-3
