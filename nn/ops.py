"""Operations: forward, backward and formula side by side, one row of `OPS` each.

Both passes are written as a sequence of plain numpy calls made through `call(function, *arguments)`.
Whoever supplies `call` decides what happens besides computing: `eager` only computes, a tape also
writes the call down so that it can be replayed. The mathematics is therefore written once.

In formulas `{0}`, `{1}` ... are the inputs, `{out}` is the result and `{g}` is dL/d(out). All backward
rules are reverse-mode vector-Jacobian products (Rumelhart, Hinton and Williams, 1986).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Call = Callable[..., Array]
Gradients = tuple[Array | None, ...]
LONG = 2048


def eager(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Array:
    """Compute now and remember nothing: the simplest `Call`. The result has whatever shape `function` gives it."""
    return np.asarray(function(*arguments, **keywords))


@dataclass(frozen=True)
class Op:
    """One operation: `forward(call, *inputs)`, `backward(call, g, out, *inputs)`, and what both say.

    `backward` returns one gradient per input, of that input's shape, or None where the input is data. `count` of the
    first input is the {n} of the formulas; `note` tells a learner what the formulas of `gradients` do not say.
    """

    forward: Callable[..., Array]
    backward: Callable[..., Gradients]
    formula: str
    gradients: tuple[str, ...]
    count: Callable[[Array], int] = np.size
    note: str = ""


def unbroadcast(call: Call, g: Array, shape: tuple[int, ...]) -> Array:
    """Sum `g` over the axes along which an input of `shape` was stretched: n uses, n gradients."""
    leading = g.ndim - len(shape)
    if leading:
        g = call(np.add.reduce, g, tuple(range(leading)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1 and g.shape[axis] != 1)
    return call(np.add.reduce, g, stretched, keepdims=True) if stretched else g


def _add(call: Call, a: Array, b: Array) -> Array:
    return call(np.add, a, b)


def _add_back(call: Call, g: Array, out: Array, a: Array, b: Array) -> Gradients:
    return unbroadcast(call, g, a.shape), unbroadcast(call, g, b.shape)


def _multiply(call: Call, a: Array, b: Array) -> Array:
    return call(np.multiply, a, b)


def _multiply_back(call: Call, g: Array, out: Array, a: Array, b: Array) -> Gradients:
    return (
        unbroadcast(call, call(np.multiply, g, b), a.shape),
        unbroadcast(call, call(np.multiply, g, a), b.shape),
    )


def rows(call: Call, a: Array) -> Array:
    """`a` of shape (..., n) seen as a matrix (rows, n): the same memory, so that a replay reads it anew."""
    # A transposed array cannot be seen as rows; numpy would copy it in silence, once. This copy is on the record.
    whole = a if a.flags.c_contiguous else call(np.positive, a, order="C")
    return whole.reshape(-1, a.shape[-1])


def _affine(call: Call, a: Array, W: Array, b: Array) -> Array:
    # One large product instead of many small ones: leading axes are only more rows.
    z = call(np.dot, rows(call, a), W)
    return call(np.add, z, b).reshape(*a.shape[:-1], W.shape[1])


def _affine_back(call: Call, g: Array, out: Array, a: Array, W: Array, b: Array) -> Gradients:
    g2 = rows(call, g)
    return (
        call(np.dot, g2, W.T).reshape(a.shape),
        call(np.dot, rows(call, a).T, g2),
        call(np.add.reduce, g2, 0),
    )


def _matmul(call: Call, a: Array, b: Array) -> Array:
    return call(np.matmul, a, b)


def _matmul_back(call: Call, g: Array, out: Array, a: Array, b: Array) -> Gradients:
    da = call(np.matmul, g, np.swapaxes(b, -1, -2))
    db = call(np.matmul, np.swapaxes(a, -1, -2), g)
    return unbroadcast(call, da, a.shape), unbroadcast(call, db, b.shape)


def _sigmoid(call: Call, z: Array) -> Array:
    # exp(-z) overflows to inf for very negative z, and 1 / inf is the right answer, 0.
    return call(np.reciprocal, call(np.add, call(np.exp, call(np.negative, z)), 1.0))


def _sigmoid_back(call: Call, g: Array, out: Array, z: Array) -> Gradients:
    return (call(np.multiply, g, call(np.multiply, out, call(np.subtract, 1.0, out))),)


def _tanh(call: Call, z: Array) -> Array:
    return call(np.tanh, z)


def _tanh_back(call: Call, g: Array, out: Array, z: Array) -> Gradients:
    return (call(np.multiply, g, call(np.subtract, 1.0, call(np.multiply, out, out))),)


def _relu(call: Call, z: Array) -> Array:
    # numpy's loop over two arrays is three times as fast as its loop over an array and a scalar.
    return call(np.maximum, z, np.zeros_like(z))


def _relu_back(call: Call, g: Array, out: Array, z: Array) -> Gradients:
    # The sign of a rectified value is its slope, 0 or 1, in the right dtype; on long arrays comparing is faster.
    slope = call(np.sign, out) if out.size < LONG else call(np.greater, out, 0.0)
    return (call(np.multiply, g, slope),)


# The tanh form of GELU (Hendrycks and Gimpel, 2016), which GPT-2 uses: numpy has no error function.
BEND, CUBE = float(np.sqrt(2 / np.pi)), 0.044715


def _gelu_tanh(call: Call, z: Array) -> tuple[Array, Array]:
    """tanh(BEND (z + CUBE z^3)), and z^2, which both passes read."""
    square = call(np.multiply, z, z)
    inner = call(np.multiply, z, call(np.add, call(np.multiply, square, BEND * CUBE), BEND))
    return call(np.tanh, inner), square


def _gelu(call: Call, z: Array) -> Array:
    t, _ = _gelu_tanh(call, z)
    return call(np.multiply, call(np.multiply, z, 0.5), call(np.add, t, 1.0))


def _gelu_back(call: Call, g: Array, out: Array, z: Array) -> Gradients:
    t, square = _gelu_tanh(call, z)
    steep = call(np.add, call(np.multiply, square, 1.5 * BEND * CUBE), 0.5 * BEND)  # half the slope of what tanh reads
    bent = call(np.multiply, call(np.subtract, 1.0, call(np.multiply, t, t)), call(np.multiply, z, steep))
    half = call(np.multiply, call(np.add, t, 1.0), 0.5)
    return (call(np.multiply, g, call(np.add, half, bent)),)


def _identity(call: Call, z: Array) -> Array:
    return call(np.positive, z)


def _identity_back(call: Call, g: Array, out: Array, z: Array) -> Gradients:
    return (g,)


def _softmax(call: Call, z: Array) -> Array:
    # Subtracting the largest changes nothing but keeps exp from overflowing.
    e = call(np.exp, call(np.subtract, z, call(np.maximum.reduce, z, -1, keepdims=True)))
    return call(np.divide, e, call(np.add.reduce, e, -1, keepdims=True))


def _softmax_back(call: Call, g: Array, out: Array, z: Array) -> Gradients:
    shared = call(np.add.reduce, call(np.multiply, g, out), -1, keepdims=True)
    return (call(np.multiply, out, call(np.subtract, g, shared)),)


def _transpose(call: Call, a: Array) -> Array:
    return np.swapaxes(a, -1, -2)


def _transpose_back(call: Call, g: Array, out: Array, a: Array) -> Gradients:
    return (np.swapaxes(g, -1, -2),)


def split_heads(call: Call, a: Array, heads: int) -> Array:
    """(batch, positions, heads * size) as (batch, heads, positions, size): each head reads its own columns."""
    batch, positions, _ = a.shape
    return rows(call, a).reshape(batch, positions, heads, -1).swapaxes(1, 2)


def merge_heads(call: Call, a: Array) -> Array:
    """(batch, heads, positions, size) as (batch, positions, heads * size): undoes `split_heads`."""
    batch, heads, positions, size = a.shape
    return rows(call, a.swapaxes(1, 2)).reshape(batch, positions, heads * size)


def _split_heads_back(call: Call, g: Array, out: Array, a: Array, heads: int) -> Gradients:
    return (merge_heads(call, g),)


def _merge_heads_back(call: Call, g: Array, out: Array, a: Array) -> Gradients:
    return (split_heads(call, g, a.shape[1]),)


def _mean(call: Call, a: Array) -> Array:
    return call(np.multiply, call(np.add.reduce, a, -1, keepdims=True), 1.0 / a.shape[-1])


def _centred(call: Call, a: Array) -> tuple[Array, Array]:
    """Each row less its mean, and one over its standard deviation."""
    centred = call(np.subtract, a, _mean(call, a))
    variance = _mean(call, call(np.multiply, centred, centred))
    # The small number keeps a row of equal numbers from being divided by 0.
    return centred, call(np.reciprocal, call(np.sqrt, call(np.add, variance, 1e-5)))


def _normalise(call: Call, a: Array) -> Array:
    # Layer normalisation (Ba, Kiros and Hinton, 2016) without its gain and bias, which are a multiply and an add.
    return call(np.multiply, *_centred(call, a))


def _normalise_back(call: Call, g: Array, out: Array, a: Array) -> Gradients:
    # What would shift or stretch the whole row changes nothing, so both parts leave the gradient.
    shift, stretch = _mean(call, g), _mean(call, call(np.multiply, g, out))
    left = call(np.subtract, call(np.subtract, g, shift), call(np.multiply, out, stretch))
    return (call(np.multiply, left, _centred(call, a)[1]),)


def _embed(call: Call, E: Array, tokens: Array) -> Array:
    return call(np.take, E, tokens, 0)


def scattered(g: Array, tokens: Array, count: int, out: Array | None = None) -> Array:
    """Return (count, width): for each row of a table the sum of the rows of g (..., width) whose token names it.

    `tokens` has the shape of g without its last axis.
    """
    total = np.zeros((count, g.shape[-1]), g.dtype) if out is None else out
    total[...] = 0
    np.add.at(total, tokens, g)
    return total


def _embed_back(call: Call, g: Array, out: Array, E: Array, tokens: Array) -> Gradients:
    return call(scattered, g, tokens, len(E)), None


def _absolute_sum(call: Call, W: Array) -> Array:
    return call(np.add.reduce, call(np.abs, W), None)


def _absolute_sum_back(call: Call, g: Array, out: Array, W: Array) -> Gradients:
    return (call(np.multiply, g, call(np.sign, W)),)


def _square_sum(call: Call, W: Array) -> Array:
    return call(np.add.reduce, call(np.multiply, W, W), None)


def _square_sum_back(call: Call, g: Array, out: Array, W: Array) -> Gradients:
    return (call(np.multiply, call(np.multiply, g, 2.0), W),)


OPS: dict[str, Op] = {
    "add": Op(_add, _add_back, "{0} + {1}", ("{g}", "{g}")),
    "multiply": Op(_multiply, _multiply_back, "{0} * {1}", ("{g} * {1}", "{g} * {0}")),
    "matmul": Op(_matmul, _matmul_back, "{0} @ {1}", ("{g} @ {1}.T", "{0}.T @ {g}")),
    "affine": Op(_affine, _affine_back, "{0} @ {1} + {2}", ("{g} @ {1}.T", "{0}.T @ {g}", "sum({g}, rows)")),
    "sigmoid": Op(_sigmoid, _sigmoid_back, "1 / (1 + exp(-{0}))", ("{g} * {out} * (1 - {out})",)),
    "tanh": Op(_tanh, _tanh_back, "tanh({0})", ("{g} * (1 - {out}^2)",)),
    "relu": Op(
        _relu, _relu_back, "max({0}, 0)", ("{g} * [{0} > 0]",), note="at 0 itself there is no slope; 0 is taken"
    ),
    "gelu": Op(
        _gelu,
        _gelu_back,
        "{0} * (1 + tanh(0.797885 * ({0} + 0.044715 * {0}^3))) / 2",
        ("{g} * ((1 + t) / 2 + {0} * (1 - t^2) * (0.398942 + 0.0535161 * {0}^2))",),
        note="with t = tanh(0.797885 * ({0} + 0.044715 * {0}^3))",
    ),
    "identity": Op(_identity, _identity_back, "{0}", ("{g}",)),
    "softmax": Op(_softmax, _softmax_back, "exp({0}) / sum(exp({0}))", ("{out} * ({g} - sum({g} * {out}))",)),
    "transpose": Op(_transpose, _transpose_back, "{0}.T", ("{g}.T",)),
    "split_heads": Op(split_heads, _split_heads_back, "split({0}, {heads} heads)", ("merge({g}, heads)",)),
    "merge_heads": Op(merge_heads, _merge_heads_back, "merge({0}, heads)", ("split({g}, heads)",)),
    "normalise": Op(
        _normalise,
        _normalise_back,
        "({0} - mean({0})) / sqrt(var({0}) + 0.00001)",
        ("({g} - mean({g}) - {out} * mean({g} * {out})) / sqrt(var({0}) + 0.00001)",),
    ),
    "embed": Op(_embed, _embed_back, "{0}[{1}]", ("sum({g}, rows of each {1})", "none")),
    "absolute_sum": Op(_absolute_sum, _absolute_sum_back, "sum(|{0}|)", ("{g} * sign({0})",)),
    "square_sum": Op(_square_sum, _square_sum_back, "sum({0}^2)", ("{g} * 2 * {0}",)),
}
