"""Minima: curvature known by hand, kinds told apart, and every network counted once."""

import numpy as np

from nn.ensemble import Ensemble
from nn.experiments.minima import KINDS, Config, ends, hessians, kind, nudged, run, trained
from nn.experiments.minima import _answer as answer
from nn.experiments.minima import _flats as flats

SMALL = Config(networks=30, steps=800)


def test_the_hessian_of_least_squares_is_twice_the_mean_of_the_outer_products():
    ensemble = Ensemble([1, 1], [0, 1], output="identity")
    before = ensemble.parameters.copy()
    H = hessians(ensemble, np.array([[1.0], [3.0]]), np.array([[0.0], [1.0]]))
    np.testing.assert_allclose(H, [[[10.0, 4.0], [4.0, 2.0]]] * 2, rtol=1e-6)
    assert (ensemble.parameters == before).all()


def test_an_end_is_named_by_slope_and_curvature():
    assert kind(True, 1.0, np.array([-1.0])) == "solved"
    assert kind(False, float("nan"), np.array([1.0])) == "still moving"
    assert kind(False, 0.0, np.array([-1.0, 1.0])) == "saddle"
    assert kind(False, 0.0, np.array([0.0, 1.0])) == "flat"
    assert kind(False, 0.0, np.array([0.5, 1.0])) == "minimum"


def test_every_network_is_counted_once():
    result = run(SMALL)
    assert all(sum(counts.values()) == 30 for counts in result.facts.values())
    assert set(result.facts) == set(result.curves) == {"tanh", "relu"}
    losses, kinds = ends(trained("tanh", SMALL))
    assert losses.shape == (30,)
    assert set(kinds) <= set(KINDS)
    assert result.facts["tanh"]["solved"] == kinds.count("solved") > 10
    assert {(row[1], row[2]) for row in result.rows if row[0] == "tanh"} <= {
        (f"{loss:.2f}", kind) for loss, kind in zip(losses, kinds, strict=True)
    }


def test_the_answer_contradicts_the_folklore_only_when_no_minimum_was_found():
    counts = dict.fromkeys(KINDS, 1)
    assert answer({"tanh": counts}).startswith("Sometimes. tanh: 4 of 5 did not solve XOR (1 still moving, 1 saddle")
    assert answer({"tanh": {**counts, "minimum": 0}}).startswith("Not in this run, against the folklore")


def test_a_nudge_frees_a_network_from_a_saddle_but_not_one_whose_units_are_dead():
    ensemble = Ensemble([2, 2, 1], [0, 1])
    # All weights 0: a saddle, nothing pulls. Dead units, far from life: the best constant answer, whatever the push.
    ensemble.parameters[:] = [[0.0] * 9, [0.0] * 4 + [-5.0, -5.0, 0.0, 0.0, 0.0]]
    before = ensemble.losses([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    lower = before - nudged(ensemble, Config(seed=3, steps=2000))
    assert before.tolist() == [np.log(2.0)] * 2
    assert lower[0] > 0.1
    assert abs(lower[1]) < 1e-6


def test_what_curvature_cannot_tell_is_told_by_the_nudge():
    assert flats([("tanh", 3, 4)]) == (
        "A flat may still be a minimum that is not strict: pushed by 0.1 at random and trained on, "
        "3 of 4 flats of tanh came no lower by 0.05. In effect most of them hold a network as minima would."
    )
    assert flats([("tanh", 1, 4), ("relu", 1, 1)]).endswith("came no lower by 0.05. Most of them let a network go.")
    result = run(SMALL)
    assert "flats of relu came no lower" in result.answer
    assert all(0 <= row[5] <= row[3] for row in result.rows)
