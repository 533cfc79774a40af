"""Paths: cutting is what it says, and the verdict follows the intervals."""

import numpy as np
import pytest

from nn.ensemble import Ensemble
from nn.experiments.paths import Config, cut_each, logit, measured, run
from nn.experiments.paths import _answer as answer

SMALL = Config(networks=6, steps=100, samples=20)


def test_cutting_a_path_changes_the_logit_by_what_flowed_through_it():
    ensemble = Ensemble([2, 1, 1], [0], hidden="identity")
    ensemble.parameters[:] = [[2.0, 3.0, 0.0, 0.5, 0.0]]
    before = ensemble.parameters.copy()
    assert cut_each(ensemble, np.array([[1.0, -1.0]]), 2) == pytest.approx(np.array([[1.0, 1.5]]))
    assert (ensemble.parameters == before).all()
    assert logit(np.array([0.5, 1.0]))[0] == 0.0
    assert np.isfinite(logit(np.array([0.0, 1.0]))).all()


def test_every_guess_ranks_every_path():
    guesses, effect = measured("xor", SMALL)
    assert {guess.shape for guess in guesses.values()} == {effect.shape} == {(6, 8)}
    assert guesses["product"] == pytest.approx(guesses["first weight"] * guesses["second weight"])
    result = run(SMALL)
    assert [row[0] for row in result.rows] == ["xor", "moons", "circles"]
    assert all(-1 <= fact["product"] <= 1 for fact in result.facts.values())


def test_the_verdict_follows_the_intervals():
    def fact(more):
        return {"first weight": 0.5, "second weight": 0.4, "product": 0.5 + more, "more": more, "half": 0.1}

    assert answer({"a": fact(0.3)}).startswith("Yes (mean rank")
    assert answer({"a": fact(0.3), "b": fact(-0.3)}).startswith("Only for some tasks")
    assert "a: 0.50 for the product, 0.50 for the better weight, no measurable difference" in answer({"a": fact(0.0)})
    assert answer({"a": fact(-0.3)}).startswith("No, against the folklore")


def test_every_network_has_samples_of_its_own():
    # With one draw for all, 2-1-1 networks of one seed would have one effect; the same seed is trained on other moons.
    (first, one), (second, other) = (measured("moons", Config(first=first, networks=2, steps=5)) for first in (0, 1))
    assert one[1].tolist() == pytest.approx(other[0].tolist())
    assert first["product"][1].tolist() == pytest.approx(second["product"][0].tolist())


def test_the_answer_says_over_how_many_paths_a_correlation_is():
    assert run(SMALL).answer.endswith("Each correlation is over the 8 paths of one of 6 networks.")
