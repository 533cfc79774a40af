"""The tape: values in order, gradients that add up, calls computed once."""

import numpy as np
import pytest

from nn.tape import RULES, Tape, rule_of


def leaf(tape, name, *numbers):
    return tape.leaf(name, np.array(numbers))


def test_nodes_are_recorded_in_the_order_of_computing():
    tape = Tape()
    a, b = leaf(tape, "a", 2.0), leaf(tape, "b", 5.0)
    c = tape.apply("multiply", a, b, name="c")
    assert [node.name for node in tape.nodes] == ["a", "b", "c"]
    assert c.value.tolist() == [10.0]
    assert c.inputs == (a, b)
    assert tape.apply("add", c, c).name == "n3"


def test_a_value_used_twice_receives_the_sum_of_both_gradients():
    tape = Tape()
    a, y = leaf(tape, "a", 3.0), tape.leaf("y", np.array([0.0]), trainable=False)
    square = tape.apply("multiply", a, a, name="square")
    gradients = tape.backward(tape.apply("mean_squared_error", square, y, name="L"))
    assert gradients["a"].tolist() == [4 * 3.0**3]
    assert "y" not in gradients
    assert [(step.node.name, step.place) for step in tape.steps] == [
        ("L", 0),
        ("square", 0),
        ("a", 0),
        ("a", 1),
    ]
    assert [step.arriving.item() for step in tape.steps] == [1.0, 1.0, 18.0, 18.0]
    assert [step.total.item() for step in tape.steps[2:]] == [54.0, 108.0]


def test_the_same_call_on_the_same_arrays_is_computed_once():
    tape = Tape()
    z, y = tape.leaf("z", np.array([[0.3]])), tape.leaf("y", np.array([[1.0]]), trainable=False)
    tape.apply("sigmoid", z)
    tape.backward(tape.apply("binary_cross_entropy", z, y))
    assert [call.function for call in tape.calls].count(np.reciprocal) == 1


def test_data_gets_no_gradient_and_its_calls_overflow_in_silence(recwarn):
    tape = Tape()
    z = tape.leaf("z", np.array([-1000.0]), trainable=False)
    assert not tape.apply("sigmoid", z).trainable
    assert not recwarn.list


def test_backward_refuses_to_start_from_anything_but_a_scalar():
    tape = Tape()
    with pytest.raises(ValueError, match=r"scalar, not from shape \(1,\)"):
        tape.backward(leaf(tape, "a", 1.0))


def test_an_unknown_operation_is_named_with_those_that_exist():
    with pytest.raises(ValueError, match="unknown operation 'cosine'; known: add"):
        Tape().apply("cosine")
    assert rule_of("add") is RULES["add"]


def test_what_follows_from_constants_alone_is_computed_once_and_not_replayed():
    tape = Tape()
    two = tape.constant(np.array([2.0]))
    half = tape.call(np.reciprocal, two)
    assert (half.tolist(), tape.calls) == ([0.5], [])
    tape.call(np.multiply, np.array([3.0]), tape.call(np.negative, half))
    assert [call.function for call in tape.calls] == [np.multiply]


def test_the_slope_of_the_loss_by_itself_is_a_constant():
    tape = Tape()
    z, y = leaf(tape, "z", 2.0, 4.0), tape.leaf("y", np.array([1.0, 1.0]), trainable=False)
    gradient = tape.backward(tape.apply("mean_squared_error", z, y))["z"]
    assert gradient.tolist() == [1.0, 3.0]
    # y - z, its square, their sum, their mean; then one product by 2 / n.
    assert len(tape.calls) == 5


def test_a_tape_tells_the_gradient_of_its_samples_only_where_it_was_asked_to():
    for asked in (False, True):
        tape = Tape(to_inputs=asked)
        product = tape.apply("multiply", tape.leaf("w", np.array(3.0)), tape.sample("x", np.array(2.0)))
        gradients = tape.backward(product)
        assert gradients["w"] == 2.0
        assert ("x" in gradients) is asked
