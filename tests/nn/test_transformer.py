"""The transformer: blocks that add, right gradients as a whole, learning, and refusals."""

import numpy as np

from nn.gradcheck import check_gradients
from nn.tape import Tape
from nn.transformer import block, block_drawn, layer_norm


def jittered(arrays, seed=3):
    """The parameters moved away from their zeros and ones, so that no gradient is right by chance."""
    rng = np.random.default_rng(seed)
    return {name: array + rng.normal(0, 0.3, array.shape) for name, array in arrays.items()}


def recorded(x, arrays, heads=2):
    tape = Tape()
    leaves = {name: tape.leaf(name, array) for name, array in arrays.items()}
    out = block(tape, leaves, tape.leaf("x", x), heads, ".1")
    return tape, out, tape.apply("square_sum", out, name="L")


def test_layer_norm_has_its_own_mean_and_size_whatever_comes_in():
    tape, x = Tape(), np.random.default_rng(0).normal(5, 9, (2, 3, 8))
    leaves = {"gain.a": tape.leaf("gain.a", np.full(8, 2.0)), "shift.a": tape.leaf("shift.a", np.full(8, 7.0))}
    out = layer_norm(tape, leaves, tape.leaf("x", x), "a").value
    np.testing.assert_allclose(out.mean(-1), 7)
    np.testing.assert_allclose(out.std(-1), 2, rtol=1e-4)


def test_a_block_whose_last_layers_are_zero_hands_on_what_came_in():
    arrays = jittered(block_drawn(np.random.default_rng(0), 4, ".1"))
    for name in ("Wo.1", "bo.1", "W2.1", "b2.1"):
        arrays[name][...] = 0
    x = np.random.default_rng(1).normal(size=(2, 3, 4))
    assert recorded(x, arrays)[1].value.tolist() == x.tolist()


def test_every_gradient_of_a_block_is_its_slope():
    arrays = jittered(block_drawn(np.random.default_rng(0), 4, ".1"))
    arrays["x"] = np.random.default_rng(1).normal(size=(2, 3, 4))
    weights = {name: array for name, array in arrays.items() if name != "x"}
    tape, _, loss = recorded(arrays["x"], weights)
    gradients = tape.backward(loss)
    errors = check_gradients(lambda: float(recorded(arrays["x"], weights)[2].value), arrays, gradients)
    # Softmax does not see what is added to every score of a row, and the bias of the keys adds just that.
    assert np.abs(gradients["bk.1"]).max() < 1e-11
    assert max(error for name, error in errors.items() if name != "bk.1") < 1e-6
