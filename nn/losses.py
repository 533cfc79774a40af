"""Losses as operations `(call, z, y) -> scalar`, taken from logits z, so that no logarithm of 0 can occur.

`z` are the last layer's values before the output function, `y` the targets, of the same shape.
Rewriting log(sigmoid(z)) as a function of z is the log-sum-exp trick (Blanchard, Higham and Higham, 2021).
"""

import numpy as np

from nn.ops import OPS, Array, Call, Gradients, Op


def _mean(call: Call, terms: Array, count: int) -> Array:
    return call(np.multiply, call(np.add.reduce, terms, None), 1.0 / count)


def _scaled(call: Call, g: Array, error: Array, factor: float) -> Array:
    return call(np.multiply, error, call(np.multiply, g, factor))


def _binary_terms(call: Call, z: Array, y: Array) -> Array:
    # -y log a - (1 - y) log(1 - a) with a = sigmoid(z), rearranged: exp only sees -|z|.
    softplus = call(np.log1p, call(np.exp, call(np.negative, call(np.abs, z))))
    linear = call(np.subtract, call(np.maximum, z, 0.0), call(np.multiply, z, y))
    return call(np.add, linear, softplus)


def _binary(call: Call, z: Array, y: Array) -> Array:
    return _mean(call, _binary_terms(call, z, y), z.size)


def _binary_back(call: Call, g: Array, out: Array, z: Array, y: Array) -> Gradients:
    a = OPS["sigmoid"].forward(call, z)
    return _scaled(call, g, call(np.subtract, a, y), 1.0 / z.size), None


def _categorical_terms(call: Call, z: Array, y: Array) -> Array:
    shifted = call(np.subtract, z, call(np.maximum.reduce, z, -1, keepdims=True))
    total = call(np.add.reduce, call(np.exp, shifted), -1, keepdims=True)
    log_a = call(np.subtract, shifted, call(np.log, total))
    return call(np.negative, call(np.multiply, y, log_a))


def rows(z: Array) -> int:
    """Return how many distributions z (batch, ..., classes) holds: all axes but the last count them."""
    return int(z.size // z.shape[-1])


def _categorical(call: Call, z: Array, y: Array) -> Array:
    return _mean(call, _categorical_terms(call, z, y), rows(z))


def _categorical_back(call: Call, g: Array, out: Array, z: Array, y: Array) -> Gradients:
    # The rows of y sum to 1 (targets are checked where they enter); else softmax(z) * sum(y) - y.
    a = OPS["softmax"].forward(call, z)
    return _scaled(call, g, call(np.subtract, a, y), 1.0 / rows(z)), None


def _squared_terms(call: Call, a: Array, y: Array) -> Array:
    error = call(np.subtract, a, y)
    return call(np.multiply, error, error)


def _squared(call: Call, a: Array, y: Array) -> Array:
    return _mean(call, _squared_terms(call, a, y), a.size)


def _squared_back(call: Call, g: Array, out: Array, a: Array, y: Array) -> Gradients:
    return _scaled(call, g, call(np.subtract, a, y), 2.0 / a.size), None


LOSSES: dict[str, Op] = {
    "binary_cross_entropy": Op(
        _binary,
        _binary_back,
        "mean(max({0}, 0) - {0} * {1} + log(1 + exp(-|{0}|)))",
        ("{g} * (sigmoid({0}) - {1}) / {n}", ""),
        note="with a = sigmoid({0}): dL/da = (a - {1}) / (a (1 - a)) / n, da/d{0} = a (1 - a), and a (1 - a) cancels",
    ),
    "categorical_cross_entropy": Op(
        _categorical,
        _categorical_back,
        "-mean(sum({1} * log(softmax({0}))))",
        ("{g} * (softmax({0}) - {1}) / {n}", ""),
        rows,
        "the slopes of the logarithm and of softmax cancel but for this difference; n counts the rows",
    ),
    "mean_squared_error": Op(_squared, _squared_back, "mean(({0} - {1})^2)", ("{g} * 2 * ({0} - {1}) / {n}", "")),
}

# What each loss adds up, number by number; the loss itself is their mean (over rows for the categorical one).
TERMS = {
    "binary_cross_entropy": _binary_terms,
    "categorical_cross_entropy": _categorical_terms,
    "mean_squared_error": _squared_terms,
}


def constant_cost(loss: str, y: Array) -> float:
    """Return the smallest mean `loss` that one answer for all rows of y (samples, outputs) can have.

    That answer is the mean of the rows; what remains is their variance, or the entropy of the shares in nats.
    """
    mean = y.mean(axis=0, dtype=np.float64)
    if loss == "mean_squared_error":
        return float(((y - mean) ** 2).mean())
    entropies = -(_times_log(mean, mean) + (_times_log(1 - mean, 1 - mean) if loss == "binary_cross_entropy" else 0))
    return float(entropies.mean() if loss == "binary_cross_entropy" else entropies.sum())


def _times_log(p: Array, q: Array) -> Array:
    # p log q, with 0 log 0 = 0.
    return p * np.log(np.where(p > 0, q, 1.0))
