"""Replaying a tape: the same numbers, nothing superfluous, results where they were asked for."""

import numpy as np

from nn.program import Program, arrays_of, bound, needed, owner
from nn.tape import Tape


def recorded():
    """sigmoid(x * w) with a squared error, its tape and its gradients."""
    tape = Tape()
    x = tape.leaf("x", np.array([[1.0], [2.0]]), trainable=False)
    w = tape.leaf("w", np.array([[0.5]]))
    a = tape.apply("sigmoid", tape.apply("multiply", x, w), name="a")
    y = tape.leaf("y", np.array([[1.0], [0.0]]), trainable=False)
    loss = tape.apply("mean_squared_error", a, y, name="L")
    return tape, x, w, a, loss, tape.backward(loss)


def test_a_replay_after_changing_a_leaf_gives_what_a_new_tape_would():
    tape, _, w, a, loss, gradients = recorded()
    before = gradients["w"].copy()
    program = Program(tape.calls, [loss.value, gradients["w"]])
    w.value[...] = -0.25
    program.run()
    expected = 1 / (1 + np.exp(0.25 * np.array([[1.0], [2.0]])))
    np.testing.assert_allclose(a.value, expected)
    changed = gradients["w"].copy()
    w.value[...] = 0.5
    program.run()
    assert gradients["w"].tolist() == before.tolist() != changed.tolist()


def test_only_the_calls_that_the_wanted_numbers_need_are_kept():
    tape, _, _, a, loss, gradients = recorded()
    forward, everything = needed(tape.calls, [a.value]), needed(tape.calls, [loss.value, gradients["w"]])
    assert [call.function for call in forward] == [np.multiply, np.negative, np.exp, np.add, np.reciprocal]
    assert len(forward) < len(Program(tape.calls, [gradients["w"]]).calls) < len(everything)
    assert arrays_of(forward[-1])[0] is forward[-2].out


def test_a_result_that_nobody_reads_is_computed_straight_into_its_place():
    tape, _, _, _, _, gradients = recorded()
    vector = np.zeros(3)
    program = Program(tape.calls, [gradients["w"]], [vector[1:2].reshape(1, 1)])
    program.run()
    assert vector.tolist() == [0.0, gradients["w"][0, 0], 0.0]
    assert len(program.calls) == len(needed(tape.calls, [gradients["w"]]))


def test_a_result_that_others_read_is_copied_to_its_place():
    tape, _, _, a, _, gradients = recorded()
    places = [np.zeros((1, 1)), np.zeros((2, 1))]
    Program(tape.calls, [gradients["w"], a.value], places).run()
    assert places[0].item() != 0
    assert places[1].tolist() == a.value.tolist()


def test_a_view_belongs_to_the_array_whose_memory_it_shows():
    base = np.zeros(6)
    assert owner(base.reshape(2, 3).T[0]) is base


def test_a_bound_call_writes_into_its_array_with_and_without_keywords():
    tape, out = Tape(), np.zeros((1, 1))
    tape.call(np.add, np.ones((1, 1)), 2.0)
    tape.call(np.add.reduce, np.ones((3, 1)), 0, keepdims=True)
    for call, value in zip(tape.calls, (3.0, 3.0), strict=True):
        out[...] = 0
        bound(call, out)()
        assert out.item() == value


def test_no_replay_warns_about_how_its_result_was_placed(recwarn):
    tape, out = Tape(), np.zeros(1)
    tape.call(np.maximum, np.ones(1), 0.0)
    bound(tape.calls[0], out)()
    assert out.tolist() == [1.0]
    assert not recwarn.list


def test_a_result_wanted_in_two_places_comes_to_both():
    tape, places = Tape(), [np.zeros((1, 2)), np.zeros((1, 2)), np.zeros((2, 1))]
    both = tape.call(np.add, np.ones((1, 2)), 2.0)
    Program(tape.calls, [both, both, both.T], places).run()
    assert [place.ravel().tolist() for place in places] == [[3.0, 3.0]] * 3
