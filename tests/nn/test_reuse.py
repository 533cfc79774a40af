"""Memory used again: the same numbers, fewer arrays, nothing overwritten that is still read."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.program import bound
from nn.reuse import arrays_of, owner, reused
from nn.tape import Tape


def memory(calls):
    """The arrays that the calls write into, each once."""
    return {id(owner(recorded.out)) for recorded in calls}


def replayed(calls):
    for recorded in calls:
        bound(recorded, recorded.out)()


def test_a_chain_of_numbers_by_numbers_runs_in_one_array():
    tape, x = Tape(), np.array([1.0, 2.0])
    end = tape.call(np.negative, tape.call(np.add, tape.call(np.exp, x), 1.0))
    calls = reused(tape.calls, [])
    x[...] = 0.0
    replayed(calls)
    assert calls[-1].out.tolist() == [-2.0, -2.0]
    assert len(memory(calls)) == 1
    assert x.tolist() == [0.0, 0.0]
    assert end is not calls[-1].out


def test_what_is_read_later_or_asked_for_is_not_overwritten():
    tape, x = Tape(), np.array([2.0, 3.0])
    square = tape.call(np.multiply, x, x)
    half = tape.call(np.multiply, square, 0.5)
    both = tape.call(np.add, half, square)
    calls = reused(tape.calls, [square, both])
    replayed(calls)
    assert (square.tolist(), both.tolist()) == ([4.0, 9.0], [6.0, 13.5])
    assert calls[1].out is half


def test_a_product_of_matrices_does_not_write_over_what_it_reads():
    for product in (np.matmul, np.dot):
        tape, x = Tape(), np.array([[1.0, 2.0], [3.0, 4.0]])
        a = tape.call(np.add, x, 0.0)
        tape.call(product, a, a.T)
        calls = reused(tape.calls, [])
        replayed(calls)
        assert calls[-1].out.tolist() == [[5.0, 11.0], [11.0, 25.0]]


def test_an_array_read_in_another_order_is_not_written_over():
    tape, x = Tape(), np.arange(4.0).reshape(2, 2)
    a = tape.call(np.add, x, 0.0)
    tape.call(np.subtract, a, a.T)
    calls = reused(tape.calls, [])
    replayed(calls)
    assert calls[-1].out.tolist() == [[0.0, -1.0], [1.0, 0.0]]
    assert len(memory(calls)) == 2


def test_free_memory_is_taken_by_a_later_call_and_a_view_follows_its_array():
    tape, x = Tape(), np.arange(6.0)
    a = tape.call(np.add, x, 1.0)
    total = tape.call(np.add.reduce, a, None)
    b = tape.call(np.multiply, x, total)
    rows = tape.call(np.negative, b).reshape(2, 3)
    tape.call(np.add.reduce, rows.T[1:], 1)
    calls = reused(tape.calls, [])
    replayed(calls)
    assert owner(calls[2].out) is owner(calls[0].out)
    assert calls[-1].out.tolist() == [-105.0, -147.0]
    assert arrays_of(calls[-1])[0].strides == (8, 24)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("anmtr"), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=12))
def test_any_list_of_calls_gives_the_same_numbers(plan):
    tape, values = Tape(), [np.array([[1.0, -2.0], [0.5, 3.0]])]
    for kind, first, second in plan:
        a, b = values[first % len(values)], values[second % len(values)]
        make = {
            "a": lambda a, b: tape.call(np.add, a, b),
            "n": lambda a, b: tape.call(np.negative, a),
            "m": lambda a, b: tape.call(np.matmul, a, b),
            "t": lambda a, b: a.T,
            "r": lambda a, b: tape.call(np.add, tape.call(np.add.reduce, a, 0), b),
        }
        values.append(make[kind](a, b))
    wanted = [values[-1], values[len(values) // 2]]
    expected = [value.copy() for value in wanted]
    calls = reused(tape.calls, wanted)
    values[0][...] *= 2
    replayed(calls)
    values[0][...] /= 2
    replayed(calls)
    for value, numbers in zip(wanted, expected, strict=True):
        np.testing.assert_array_equal(value, numbers)
    assert len(memory(calls)) <= len(memory(tape.calls))
