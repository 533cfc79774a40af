"""Minima: curvature known by hand, kinds told apart, and every network counted once."""

import numpy as np

from nn.ensemble import Ensemble
from nn.experiments.minima import KINDS, Config, census, hessians, kind, run
from nn.experiments.minima import _answer as answer

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
    losses, kinds = census("tanh", SMALL)
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
