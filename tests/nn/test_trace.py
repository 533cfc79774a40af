"""The trace: complete, in order, and true."""

import re

import numpy as np
import pytest

from nn import Network
from nn.data import XOR_X, XOR_Y
from nn.tape import Tape
from nn.trace import shown, story
from nn.transformer import Transformer


def test_a_trace_tells_forward_and_backward_in_order():
    steps = Network([2, 2, 1]).trace([0, 1], 1)
    assert [step.name for step in steps if step.phase == "forward"] == ["z1", "a1", "z2", "a2", "L"]
    backward = [step.name for step in steps if step.phase == "backward"]
    assert backward == ["dL/dL", "dL/dz2", "dL/da1", "dL/dW2", "dL/db2", "dL/dz1", "dL/dx", "dL/dW1", "dL/db1"]
    assert {step.name for step in steps if step.phase == "input"} == {"W1", "b1", "W2", "b2", "x", "y"}


def test_every_step_says_its_formula_in_names_and_in_numbers():
    network = Network([1, 1], output="identity")
    network.parameters.vector[:] = [2.0, 1.0]
    by_name = {step.name: step for step in network.trace([3.0], [5.0])}
    assert (by_name["z1"].formula, by_name["z1"].numbers) == ("x @ W1 + b1", "[[3]] @ [[2]] + [1]")
    assert by_name["z1"].value.tolist() == [[7.0]]
    assert by_name["dL/da1"].formula == "dL/dL * 2 * (a1 - y) / n"
    assert by_name["dL/da1"].numbers == "1 * 2 * ([[7]] - [[5]]) / 1"
    assert by_name["dL/dW1"].formula == "x.T @ dL/dz1"
    assert by_name["dL/dW1"].numbers == "[[3]].T @ [[4]]"
    assert by_name["dL/dW1"].inputs == ("dL/dz1", "x", "W1", "b1")
    assert by_name["dL/dW1"].shape == (1, 1)


def test_the_traced_gradients_are_those_that_backward_gives():
    network = Network([2, 4, 1], hidden="tanh", l2=0.1, seed=5)
    tape, _, loss = network.record(XOR_X, XOR_Y)
    totals = {step.name: step.total for step in story(tape, loss) if step.phase == "backward"}
    for name, gradient in network.backward(XOR_X, XOR_Y).items():
        assert totals[f"dL/d{name}"].tolist() == gradient.tolist()


def test_a_network_traces_itself_and_its_values_are_copies():
    network = Network([2, 1])
    steps = network.trace([1, 0], [1])
    network.parameters.vector[:] = 0
    assert steps[0].name == "W1"
    assert steps[0].value.any()
    with pytest.raises(ValueError, match="x has shape"):
        network.trace([1], [1])


def test_large_arrays_are_shown_by_their_shape():
    assert shown(np.zeros((5, 4))) == "<5x4>"
    assert shown(np.array([[0.5], [1 / 3]])) == "[[0.5], [0.333333]]"


def test_an_operations_settings_reach_its_formula_and_its_backward_rule():
    tape = Tape()
    heads = tape.apply("split_heads", tape.leaf("q", np.ones((1, 3, 4))), heads=2, name="qh")
    assert heads.settings == {"heads": 2}
    loss = tape.apply("square_sum", heads, name="L")
    by_name = {step.name: step for step in story(tape, loss)}
    assert by_name["qh"].formula == "split(q, 2 heads)"
    assert by_name["qh"].shape == (1, 2, 3, 2)
    assert by_name["dL/dq"].formula == "merge(dL/dqh, heads)"
    assert by_name["dL/dq"].value.tolist() == np.full((1, 3, 4), 2.0).tolist()


def test_a_step_reads_as_formula_numbers_and_result():
    network = Network([1, 1], output="identity")
    network.parameters.vector[:] = [2.0, 1.0]
    said = {step.name: str(step) for step in network.trace([3.0], [5.0])}
    assert said["x"] == "input  x (1x1) = x\n    = [[3]]"
    assert said["z1"] == "forward  z1 (1x1) = x @ W1 + b1\n    = [[3]] @ [[2]] + [1]\n    = [[7]]"
    assert said["dL/dL"] == "backward  dL/dL = 1\n    = 1"
    assert said["dL/dW1"].endswith("\n    = [[3]].T @ [[4]]\n    = [[12]]")


def test_a_gradient_of_two_shares_shows_what_they_come_to():
    network = Network([1, 1], output="identity", l2=0.5)
    network.parameters.vector[:] = [2.0, 1.0]
    shares = [step for step in network.trace([3.0], [5.0]) if step.name == "dL/dW1"]
    assert [step.total.item() for step in shares] == [2.0, 14.0]
    assert str(shares[0]).endswith("\n    = [[2]]")
    assert str(shares[1]).endswith("\n    = [[12]]\n    = [[14]] with what came before")


@pytest.mark.parametrize(
    ("output", "y", "numbers", "note"),
    [
        ("sigmoid", XOR_Y[:2], "/ 2", "with a = sigmoid(z1): dL/da = (a - y) / (a (1 - a)) / n"),
        ("softmax", [0, 1, 0], "/ 3", "the slopes of the logarithm and of softmax cancel"),
    ],
)
def test_a_loss_tells_over_how_many_it_is_a_mean_and_where_the_output_function_went(output, y, numbers, note):
    outputs = 1 if output == "sigmoid" else 2
    steps = Network([2, outputs], output=output).trace(XOR_X[: len(y)], y)
    (slope,) = [step for step in steps if step.name == "dL/dz1"]
    assert slope.formula.endswith("/ n")
    assert slope.numbers.endswith(numbers)
    assert note in slope.note
    assert str(slope).endswith(f"\n    ({slope.note})")


def test_the_slope_that_relu_lacks_at_zero_is_told():
    steps = Network([1, 1, 1]).trace([0.0], [1.0])
    assert [step.note for step in steps if step.op == "relu" and step.phase == "backward"] == [
        "at 0 itself there is no slope; 0 is taken"
    ]


def worked(text):
    """`text` as Python: bracketed numbers become arrays, a bracketed comparison 0 or 1."""
    said, start = "", 0
    while start < len(text):
        if text[start] != "[":
            said, start = said + text[start], start + 1
            continue
        depth, end = 1, start + 1
        while depth:
            depth += {"[": 1, "]": -1}.get(text[end], 0)
            end += 1
        inside = text[start + 1 : end - 1]
        said += f"(1.0 * ({worked(inside)}))" if ">" in inside else f"A([{inside}])"
        start = end
    return re.sub(r"\|([^|]+)\|", r"abs(\1)", said).replace("^", "**")


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


WORDS = {
    "A": np.array, "abs": np.abs, "exp": np.exp, "log": np.log, "tanh": np.tanh, "max": np.maximum, "mean": np.mean,
    "softmax": softmax, "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "sign": np.sign, "rows": 0,
    "sum": lambda a, axis=-1: np.sum(a, axis, keepdims=axis == -1),
}  # fmt: skip


@pytest.mark.parametrize("hidden", ["relu", "tanh", "sigmoid", "identity", "softmax"])
@pytest.mark.parametrize("output", ["sigmoid", "softmax", "identity", "tanh"])
def test_whoever_works_out_the_numbers_of_a_step_comes_to_its_value(hidden, output):
    steps = Network([2, 3, 2], hidden, output, init="plain", seed=3).trace([[0.5, -2.0], [1.5, 1.0]], [[1, 0], [0, 1]])
    for step in steps:
        value = eval(worked(step.numbers), WORDS)
        np.testing.assert_allclose(value, step.value, rtol=1e-4, atol=1e-5, err_msg=str(step))


def test_a_trace_tells_how_the_loss_changes_with_the_inputs():
    """dL/dx is the same chain rule, one layer further back; central differences agree."""
    network = Network([2, 3, 1], "tanh", seed=3)
    traced = {step.name: step.total for step in network.trace(XOR_X, XOR_Y)}["dL/dx"]
    step = 1e-6
    for place in np.ndindex(*XOR_X.shape):
        up, down = XOR_X.copy(), XOR_X.copy()
        up[place], down[place] = XOR_X[place] + step, XOR_X[place] - step
        slope = (network.cost(up, XOR_Y) - network.cost(down, XOR_Y)) / (2 * step)
        assert traced[place] == pytest.approx(slope, abs=1e-8)


def test_a_trace_with_a_learning_rate_ends_with_the_step_that_would_be_taken():
    network = Network([1, 1], output="identity")
    network.parameters.vector[:] = [2.0, 1.0]
    updates = [step for step in network.trace([3.0], [5.0], learning_rate=0.5) if step.phase == "update"]
    assert [(step.name, step.formula) for step in updates] == [
        ("W1", "W1 - rate * dL/dW1"),
        ("b1", "b1 - rate * dL/db1"),
    ]
    assert updates[0].numbers == "[[2]] - 0.5 * [[12]]"
    assert updates[0].inputs == ("W1", "dL/dW1")
    assert network.parameters.vector.tolist() == [2.0, 1.0]
    network.step(network.backward([3.0], [5.0]), 0.5)
    assert [step.value.ravel().tolist() for step in updates] == [[w] for w in network.parameters.vector]
    assert not [step for step in network.trace([3.0], [5.0]) if step.phase == "update"]
    with pytest.raises(ValueError, match="learning rate is -1"):
        network.trace([3.0], [5.0], learning_rate=-1)


@pytest.mark.parametrize(
    "tape",
    [
        Network([2, 3, 3, 1], l1=0.1, l2=0.1).record(XOR_X, XOR_Y)[0],
        Transformer(5, context=4, width=4, heads=2, blocks=2).record([0, 1, 2], [1, 2, 3])[0],
    ],
    ids=["network", "transformer"],
)
def test_every_node_of_a_model_has_a_name_of_its_own_that_says_what_it_is(tape):
    names = [node.name for node in tape.nodes]
    assert len(set(names)) == len(names)
    assert not [name for name in names if re.fullmatch(r"n\d+", name)]
