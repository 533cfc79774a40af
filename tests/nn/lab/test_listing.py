"""A listing holds a recorded pass as data: replayed, every number is the one that was recorded."""

import numpy as np
import pytest

from nn.lab.listing import Listing, Vector, product, total
from nn.ops import scattered
from nn.tape import Recorded, Tape


def test_sizes_are_written_as_sums_of_products():
    assert (product([2, 3]), product([2, "n", "w0"]), product([])) == (6, "2*n*w0", 1)
    assert (total([2, 3]), total(["n", 2]), total([])) == (5, "n+2", 0)


def test_a_listing_names_what_is_filled_and_keeps_what_never_changes():
    tape, x = Tape(), np.arange(11.0)
    out = tape.call(np.multiply, x, 1 / 11)
    listing = Listing({11: "n"})
    listing.buffer("x", x)
    for recorded in tape.calls:
        listing.call(recorded)
    listing.copy(out, x)
    assert listing.data() == {
        "buffers": [["n"], [1, {"times": 1, "over": "n"}], ["n"]],
        "views": [[0, 0, ["n"], [1]], [1, 0, [], []], [2, 0, ["n"], [1]]],
        "calls": [["multiply", [0, 1], 2], ["copy", [2], 0]],
        "names": {"x": 0},
    }


def test_a_result_is_placed_where_it_is_wanted_once():
    made, home = np.zeros(3), np.zeros(3)
    listing = Listing()
    assert listing.place(made, home)
    assert listing.view(made) == listing.view(home)
    assert not listing.place(made, home)
    assert not listing.place(home, made)


def test_a_function_outside_of_the_table_is_refused():
    recorded = Recorded(np.cos, (np.ones(2),), {}, np.ones(2))
    with pytest.raises(ValueError, match="a listing cannot hold"):
        Listing().call(recorded)


def test_numbers_that_differ_are_kept_one_by_one():
    listing = Listing()
    listing.view(np.array([1.0, 2.0]))
    listing.view(np.array([3.0, 3.0]))
    assert listing.buffers == [[2, [1.0, 2.0]], [2, 3.0]]


def test_the_parts_of_a_vector_begin_at_sums_of_sizes():
    vector = np.zeros(13 * 2 + 2)
    parts = {"W": vector[:26].reshape(13, 2), "b": vector[26:]}
    listing = Vector({13: "w"})
    listing.vector("parameters", vector, parts)
    views = [listing.views[listing.view(part)] for part in (*parts.values(), parts["W"].T)]
    assert views == [[0, 0, ["w", 2], [2, 1]], [0, "2*w", [2], [1]], [0, 0, [2, "w"], [1, 2]]]


def test_sums_and_rows_of_a_table_are_calls_of_two_words():
    tape, table, tokens = Tape(), np.ones((5, 2)), np.array([1, 3])
    taken = tape.call(np.take, table, tokens, 0)
    tape.call(np.add.reduce, taken, None)
    tape.call(np.add.reduce, taken, -1, keepdims=True)
    tape.call(scattered, taken, tokens, 5)
    listing = Listing()
    listing.buffer("table", table)
    for recorded in tape.calls:
        listing.call(recorded)
    assert [(name, *axes) for name, _, _, *axes in listing.calls] == [
        *(("take",), ("sum", [0, 1]), ("sum", [1]), ("scattered",))
    ]
