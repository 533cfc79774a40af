"""Every experiment on the menu keeps the same promises."""

import pytest

from nn.experiments import EXPERIMENTS, perform

# An experiment that trains its networks one after the other is asked for less.
SMALL = {"induction": {"networks": 2, "steps": 10, "context": 12, "shortest": 4, "width": 8, "judged": 16}}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_asks_tabulates_draws_answers_and_repeats_itself(name):
    result, again = (perform(name, **{"seed": 1, "networks": 4, **SMALL.get(name, {})}) for _ in range(2))
    assert result.question.endswith("?")
    assert all(len(row) == len(result.columns) for row in result.rows)
    assert result.curves
    assert result.answer
    assert result == again


def test_an_unknown_experiment_is_named_with_those_that_exist():
    with pytest.raises(ValueError, match="unknown experiment 'luck'; allowed: linear-separability, seeds"):
        perform("luck")
