"""Attention: the paper's formula, no look ahead, right gradients, weights that the trace shows."""

import numpy as np
import pytest

from nn.attention import attend, checked_heads, drawn
from nn.gradcheck import check_gradients
from nn.tape import Tape
from nn.trace import story


def recorded(x, arrays, heads=2):
    tape = Tape()
    leaves = {name: tape.leaf(name, array) for name, array in arrays.items()}
    out = attend(tape, leaves, tape.leaf("x", x, trainable=False), heads)
    return tape, out, tape.apply("square_sum", out, name="L")


def parameters(width=4):
    rng = np.random.default_rng(1)
    return {name: array + rng.normal(0, 0.1, array.shape) for name, array in drawn(rng, width).items()}


def inputs(*shape):
    return np.random.default_rng(2).normal(size=shape)


def by_hand(x, p, heads):
    """The formula of the paper, one head and one position at a time."""
    q, k, v = (x @ p[f"W{letter}"] + p[f"b{letter}"] for letter in "qkv")
    size, taken = x.shape[-1] // heads, np.zeros_like(x)
    for head in range(heads):
        columns = slice(head * size, (head + 1) * size)
        for t in range(len(x)):
            e = np.exp(q[t, columns] @ k[: t + 1, columns].T / np.sqrt(size))
            taken[t, columns] = e / e.sum() @ v[: t + 1, columns]
    return taken @ p["Wo"] + p["bo"]


def test_attention_is_what_the_formula_says_head_by_head():
    x, p = inputs(2, 5, 4), parameters()
    _, out, _ = recorded(x, p)
    for sample, expected in zip(out.value, x, strict=True):
        np.testing.assert_allclose(sample, by_hand(expected, p, 2))


def test_no_position_sees_a_later_one_and_the_trace_shows_each_share():
    x, p = inputs(1, 4, 4), parameters()
    tape, out, loss = recorded(x, p)
    weights = next(step for step in story(tape, loss) if step.name == "weights")
    assert weights.shape == (1, 2, 4, 4)
    assert not np.triu(weights.value, k=1).any()
    np.testing.assert_allclose(weights.value.sum(-1), 1)
    changed = x.copy()
    changed[0, 3] += 1
    again = recorded(changed, p)[1].value
    assert again[0, :3].tolist() == out.value[0, :3].tolist()
    assert again[0, 3].tolist() != out.value[0, 3].tolist()


def test_every_gradient_of_attention_is_its_slope():
    x, p = inputs(2, 3, 4), parameters()
    tape, _, loss = recorded(x, p)
    errors = check_gradients(lambda: float(recorded(x, p)[2].value), p, tape.backward(loss))
    assert set(errors) == {f"{kind}{letter}" for kind in "Wb" for letter in "qkvo"}
    # A bias of the keys adds the same to all scores of a row, which softmax does not see: its gradient is 0.
    assert np.abs(tape.backward(loss)["bk"]).max() < 1e-12
    assert max(error for name, error in errors.items() if name != "bk") < 1e-6


def test_single_precision_stays_single_and_the_mask_still_hides():
    x = inputs(1, 3, 4).astype(np.float32)
    p = {name: array.astype(np.float32) for name, array in parameters().items()}
    tape, out, _ = recorded(x, p)
    assert {node.value.dtype for node in tape.nodes} == {np.dtype(np.float32)}
    assert not np.triu(next(node for node in tape.nodes if node.name == "weights").value, k=1).any()
    assert out.value.shape == (1, 3, 4)


@pytest.mark.parametrize("heads", [0, -1, 3, 8])
def test_heads_that_do_not_divide_the_width_are_refused_with_those_that_do(heads):
    with pytest.raises(ValueError, match=rf"{heads} heads do not divide a width of 4; allowed: \[1, 2, 4\]"):
        recorded(inputs(1, 2, 4), parameters(), heads)
    assert checked_heads(4, 2) == 2
