"""A piece: networks side by side in one recorded pass, with the gradients that finite differences give."""

import numpy as np
import pytest

from nn.losses import LOSSES
from nn.ops import eager
from nn.piece import Kind, Piece, forward, turned
from nn.reuse import owner


def test_the_layers_are_views_of_the_vector_with_the_bias_below_the_weights():
    vector = np.arange(26.0).reshape(13, 2)
    first, second = Kind((2, 3, 1), "relu", "sigmoid", "binary_cross_entropy").layers(vector)
    assert (first.shape, second.shape) == ((3, 3, 2), (4, 1, 2))
    assert first[-1, :, 1].tolist() == [13.0, 15.0, 17.0]
    second[0, 0, 0] = -1.0
    assert vector[9, 0] == -1.0


def test_a_row_that_looks_along_the_outputs_sees_them_last():
    z = np.zeros((5, 3, 7))
    shapes = []
    turned("softmax", lambda v: shapes.append(v.shape) or v, z)
    turned("relu", lambda v: shapes.append(v.shape) or v, z)
    assert shapes == [(5, 7, 3), (5, 3, 7)]
    assert turned("softmax", lambda v: v, z).shape == z.shape


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("output", ["sigmoid", "softmax", "tanh"])
def test_a_piece_gives_each_network_the_slope_of_its_own_loss(output, own):
    loss = {"sigmoid": "binary_cross_entropy", "softmax": "categorical_cross_entropy"}.get(output, "mean_squared_error")
    kind, rng = Kind((2, 3, 2), "tanh", output, loss), np.random.default_rng(1)
    x = rng.normal(size=(4, 2, 5) if own else (4, 2))
    y = np.eye(2)[rng.integers(2, size=4)][:, :, None]
    vector = rng.normal(size=(17, 5))
    piece = Piece(kind, vector, x, y)
    piece.run()
    for network in range(5):
        own_x = x[..., network : network + 1] if own else x
        for place in range(17):
            assert piece.gradient[place, network] == pytest.approx(
                slope(kind, vector[:, network : network + 1].copy(), own_x, y, place), rel=1e-6, abs=1e-9
            )


def slope(kind, vector, x, y, place):
    values = []
    for nudge in (1e-5, -2e-5):
        vector[place] += nudge
        a, z = forward(eager, kind, kind.layers(vector), x)
        seen = a[-1] if kind.loss == "mean_squared_error" else z[-1]
        values.append(float(LOSSES[kind.loss].forward(eager, seen[..., 0], y[..., 0])))
    return (values[0] - values[1]) / 2e-5


def test_a_step_of_a_piece_needs_hardly_more_memory_than_what_it_must_remember():
    kind = Kind((2, 16, 1), "relu", "sigmoid", "binary_cross_entropy")
    vector = np.random.default_rng(0).normal(size=(65, 3000))
    piece = Piece(kind, vector, np.ones((20, 2)), np.zeros((20, 1, 1)))
    calls = piece.run.__self__.calls
    arrays = [a for call in calls for a in (*call.args, call.keywords.get("out")) if isinstance(a, np.ndarray)]
    whole = {id(owner(array)): owner(array).nbytes for array in arrays}
    hidden = 20 * 16 * 3000 * 8
    # The hidden layer's outputs and their gradient, the zeros of ReLU, its mask of one byte a number, the parameters.
    assert sum(whole.values()) < 3.6 * hidden + 2 * vector.nbytes


def test_a_factor_put_in_at_the_loss_comes_out_at_every_parameter():
    kind, rng = Kind((2, 3, 1), "tanh", "sigmoid", "binary_cross_entropy"), np.random.default_rng(2)
    vector, x, y = rng.normal(size=(13, 4)), rng.normal(size=(5, 2)), np.ones((5, 1, 1))
    whole, part = Piece(kind, vector, x, y), Piece(kind, vector, x, y, 0.25)
    whole.run()
    part.run()
    np.testing.assert_allclose(part.gradient, 0.25 * whole.gradient, rtol=1e-12)
