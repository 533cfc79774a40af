"""Every operation against its definition, and every backward rule against central differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from nn.ops import OPS, eager
from nn.program import Program
from nn.tape import Tape

some = settings(deadline=None, max_examples=25)


def numbers(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def differences(function, array, step=1e-6):
    """d sum(function) / d array, one entry at a time."""
    slope = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + step
        above = function()
        array[place] = kept - step
        slope[place] = (above - function()) / (2 * step)
        array[place] = kept
    return slope


def assert_backward_is_the_slope(name, *inputs, **settings):
    op = OPS[name]
    out = op.forward(eager, *inputs, **settings)
    g = numbers(out.shape, seed=9)
    gradients = op.backward(eager, g, out, *inputs, **settings)
    assert len(gradients) == len(inputs) == len(op.gradients)
    for gradient, array in zip(gradients, inputs, strict=True):
        if gradient is not None:
            expected = differences(lambda: float(np.sum(op.forward(eager, *inputs, **settings) * g)), array)
            assert gradient.shape == array.shape
            np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-7)


@some
@given(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3), st.sampled_from(["add", "multiply"]))
def test_gradients_of_broadcast_inputs_have_the_inputs_shapes_and_are_slopes(shapes, name):
    a, b = (numbers(shape, seed) for seed, shape in enumerate(shapes.input_shapes))
    assert_backward_is_the_slope(name, a, b)


def test_add_and_multiply_do_what_they_say():
    assert OPS["add"].forward(eager, np.array([1.0, 2.0]), np.array(3.0)).tolist() == [4.0, 5.0]
    assert OPS["multiply"].forward(eager, np.array([1.0, 2.0]), np.array(3.0)).tolist() == [3.0, 6.0]


@some
@given(st.lists(st.integers(1, 3), min_size=1, max_size=3), st.integers(1, 3), st.integers(1, 3))
def test_affine_maps_the_last_axis_whatever_comes_before_it(leading, inputs, outputs):
    a, W, b = numbers((*leading, inputs)), numbers((inputs, outputs), 1), numbers(outputs, 2)
    np.testing.assert_allclose(OPS["affine"].forward(eager, a, W, b), a @ W + b)
    assert_backward_is_the_slope("affine", a, W, b)


@pytest.mark.parametrize("shapes", [((2, 3), (3, 4)), ((5, 2, 3), (5, 3, 2)), ((5, 2, 3), (3, 2))])
def test_matmul_multiplies_stacks_of_matrices_and_shares_a_single_one(shapes):
    a, b = numbers(shapes[0]), numbers(shapes[1], 1)
    np.testing.assert_allclose(OPS["matmul"].forward(eager, a, b), a @ b)
    assert_backward_is_the_slope("matmul", a, b)


def test_every_row_of_the_table_says_its_formula_and_one_gradient_per_input():
    for op in OPS.values():
        assert "{0}" in op.formula
        assert all(op.gradients)


@pytest.mark.parametrize(("name", "size"), [("absolute_sum", 5.0), ("square_sum", 13.0)])
def test_the_size_of_the_weights_is_measured_by_value_or_by_square(name, size):
    assert name in OPS
    assert OPS[name].forward(eager, np.array([[2.0, -3.0]])) == size
    assert_backward_is_the_slope(name, numbers((2, 3)))


def test_a_transposed_input_is_read_anew_at_every_replay():
    tape, a = Tape(), numbers((2, 3, 2))
    turned, W, b = tape.leaf("a", a.swapaxes(0, 1)), tape.leaf("W", np.eye(2)), tape.leaf("b", np.zeros(2))
    z = tape.apply("affine", turned, W, b)
    replay = Program(tape.calls, [z.value])
    a[...] = numbers((2, 3, 2), seed=1)
    replay.run()
    assert z.value.tolist() == a.swapaxes(0, 1).tolist()
    assert_backward_is_the_slope("affine", numbers((2, 3, 4)).swapaxes(0, 1), numbers((4, 2), 1), numbers(2, 2))


def test_transpose_swaps_the_last_two_axes_and_heads_come_before_positions():
    assert {"transpose", "split_heads", "merge_heads"} <= set(OPS)
    a = numbers((2, 3, 4))
    assert OPS["transpose"].forward(eager, a).tolist() == a.swapaxes(-1, -2).tolist()
    heads = OPS["split_heads"].forward(eager, a, heads=2)  # (2, 2, 3, 2)
    assert heads[1, 1, 2].tolist() == a[1, 2, 2:].tolist()
    assert OPS["merge_heads"].forward(eager, heads).tolist() == a.tolist()


@some
@given(st.integers(1, 2), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_what_only_moves_numbers_moves_their_gradients_back(batch, positions, heads, size):
    assert_backward_is_the_slope("transpose", numbers((batch, positions, size)))
    assert_backward_is_the_slope("split_heads", numbers((batch, positions, heads * size)), heads=heads)
    assert_backward_is_the_slope("merge_heads", numbers((batch, heads, positions, size)))


@some
@given(st.lists(st.integers(1, 3), max_size=2), st.integers(2, 5))
def test_normalise_gives_every_row_mean_zero_and_variance_one(leading, size):
    a = numbers((*leading, size), seed=3) * 10 + 5
    out = OPS["normalise"].forward(eager, a)
    np.testing.assert_allclose(out.mean(-1), 0, atol=1e-12)
    np.testing.assert_allclose(out.var(-1), a.var(-1) / (a.var(-1) + 1e-5))
    assert_backward_is_the_slope("normalise", numbers((*leading, size)))


def test_a_row_of_equal_numbers_is_normalised_to_zero_and_not_to_nan():
    assert "normalise" in OPS
    assert OPS["normalise"].forward(eager, np.full((2, 3), 7.0)).tolist() == [[0.0] * 3] * 2


def test_embed_looks_up_one_row_per_token_and_gives_a_row_the_gradients_of_all_its_uses():
    E, tokens, g = numbers((3, 2)), np.array([[0, 2, 0]]), numbers((1, 3, 2), 1)
    assert OPS["embed"].forward(eager, E, tokens).tolist() == [[E[0].tolist(), E[2].tolist(), E[0].tolist()]]
    slopes, none = OPS["embed"].backward(eager, g, None, E, tokens)
    np.testing.assert_allclose(slopes, [g[0, 0] + g[0, 2], [0, 0], g[0, 1]])
    assert none is None


def test_a_replay_looks_up_the_tokens_of_now_and_scatters_to_their_rows():
    tape, tokens = Tape(), np.array([[0, 2]])
    E = tape.leaf("E", numbers((3, 2)))
    e = tape.apply("embed", E, tape.leaf("tokens", tokens, trainable=False))
    slopes = tape.backward(tape.apply("square_sum", e))["E"]
    replay = Program(tape.calls, [slopes])
    tokens[...] = 1
    replay.run()
    np.testing.assert_allclose(slopes, [[0, 0], 4 * E.value[1], [0, 0]])


def test_a_row_may_say_what_its_formulas_do_not():
    assert OPS["relu"].note == "at 0 itself there is no slope; 0 is taken"
    assert OPS["tanh"].note == ""
    assert OPS["relu"].count(np.ones((2, 3))) == 6
