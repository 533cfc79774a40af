"""One number of a trace, expanded: what is written gives that very number when it is computed."""

import math

import numpy as np
import pytest

from nn import Network
from nn.data import XOR_X, XOR_Y
from nn.expand import expanded
from nn.transformer import Transformer

NAMES = {name: getattr(math, name) for name in ("exp", "tanh", "sqrt")} | {"sign": np.sign, "max": max}
NAMES["sigmoid"] = lambda z: 1 / (1 + math.exp(-z))


def steps(which):
    if which == "transformer":
        return Transformer(5, context=4, width=4, heads=2, blocks=1).trace([[0, 1, 2], [2, 3, 4]], [[1, 2, 3]] * 2, 0.5)
    return Network([2, 3, 2, 1], which, seed=3, l1=0.1, l2=0.2).trace(XOR_X, XOR_Y, 0.5)


@pytest.mark.parametrize("which", ["tanh", "sigmoid", "relu", "transformer"])
def test_what_is_written_gives_the_number_that_it_explains(which):
    """Softmax, normalising, losses and the moving of heads are left to their formulas; all the rest is computed."""
    explained = set()
    for step in steps(which):
        for place in np.ndindex(step.shape):
            said = step.expanded(*place)
            if said:
                explained.add((step.phase, step.op))
                value = eval(said.replace("^", "**").replace("[", "(").replace("]", ")"), NAMES)
                assert value == pytest.approx(float(step.value[place]), rel=1e-3, abs=1e-4), (step.name, said)
    assert {("forward", "affine"), ("backward", "affine"), ("update", "")} <= explained
    assert which != "transformer" or {("forward", "matmul"), ("backward", "matmul")} <= explained


def test_a_sum_of_products_is_written_term_by_term():
    network = Network([2, 1], output="identity")
    network.parameters.vector[:] = [2.0, -3.0, 0.5]
    by_name = {step.name: step for step in network.trace([[1.0, 4.0]], [[0.0]], 0.1) if step.phase != "input"}
    assert by_name["z1"].expanded(0, 0) == "1 * 2 + 4 * (-3) + 0.5"
    assert by_name["dL/dW1"].expanded(1, 0) == "4 * (-19)"
    assert by_name["dL/db1"].expanded(0) == "(-19)"
    assert by_name["W1"].expanded(1, 0) == "(-3) - 0.1 * (-76)"


def test_an_input_and_a_softmax_are_not_expanded_and_a_place_outside_is_refused():
    network = Network([2, 2], output="softmax")
    by_name = {step.name: step for step in network.trace(XOR_X, [0, 1, 1, 0])}
    assert by_name["x"].expanded(0, 0) == ""
    assert by_name["a1"].expanded(0, 0) == ""
    with pytest.raises(IndexError, match=r"place \(4, 0\) is not in an array of shape \(4, 2\)"):
        by_name["z1"].expanded(4, 0)


def test_a_place_with_too_few_numbers_is_refused():
    with pytest.raises(IndexError):
        expanded("{0}", {"0": np.zeros((2, 2))}, (2, 2), (0,))
