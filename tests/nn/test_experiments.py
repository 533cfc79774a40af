"""Every experiment on the menu keeps the same promises."""

import pytest

from nn.experiments import EXPERIMENTS, perform


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_asks_tabulates_draws_answers_and_repeats_itself(name):
    result, again = (perform(name, seed=1, networks=4) for _ in range(2))
    assert result.question.endswith("?")
    assert all(len(row) == len(result.columns) for row in result.rows)
    assert result.curves
    assert result.answer
    assert result == again


def test_an_unknown_experiment_is_named_with_those_that_exist():
    with pytest.raises(ValueError, match="unknown experiment 'luck'; allowed: linear-separability, seeds"):
        perform("luck")
