"""Activations: values that are known by heart, extremes that must not overflow, slopes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from nn.ops import OPS, eager

KNOWN = {
    "sigmoid": ([0.0, np.log(3.0)], [0.5, 0.75]),
    "tanh": ([0.0, np.log(2.0)], [0.0, 0.6]),
    "relu": ([-2.0, 3.0], [0.0, 3.0]),
    "gelu": ([0.0, 1.0, -1.0], [0.0, 0.8411919906082767, -0.1588080093917233]),
    "identity": ([-2.0, 3.0], [-2.0, 3.0]),
    "softmax": ([0.0, np.log(3.0)], [0.25, 0.75]),
}


@pytest.mark.parametrize("name", KNOWN)
def test_an_activation_gives_the_values_known_by_heart(name):
    assert name in OPS
    z, a = KNOWN[name]
    np.testing.assert_allclose(OPS[name].forward(eager, np.array(z)), a, rtol=1e-12)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(list(KNOWN)), array_shapes(max_dims=3, max_side=3), st.integers(0, 9))
def test_an_activations_gradient_is_the_slope_at_any_shape(name, shape, seed):
    rng = np.random.default_rng(seed)
    z, g = rng.normal(size=shape), rng.normal(size=shape)
    op = OPS[name]
    (gradient,) = op.backward(eager, g, op.forward(eager, z), z)
    for place in np.ndindex(shape):
        nudge = np.zeros(shape)
        nudge[place] = 1e-6
        slope = np.sum((op.forward(eager, z + nudge) - op.forward(eager, z - nudge)) * g) / 2e-6
        assert gradient[place] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", KNOWN)
def test_an_activation_stays_finite_at_a_thousand_either_way(name):
    with np.errstate(over="ignore"):
        a = OPS[name].forward(eager, np.array([-1000.0, 1000.0]))
    assert np.isfinite(a).all()
    if name in ("sigmoid", "softmax"):
        assert a.tolist() == [0.0, 1.0]


def test_gelu_is_nearly_z_times_the_chance_that_a_normal_number_is_smaller():
    z = np.linspace(-6, 6, 241)
    exact = np.array([value * 0.5 * (1 + math.erf(value / math.sqrt(2))) for value in z])
    np.testing.assert_allclose(OPS["gelu"].forward(eager, z), exact, atol=5e-4)


def test_the_formula_of_gelus_slope_gives_its_gradient():
    z = np.linspace(-3, 3, 25)
    t = np.tanh(0.797885 * (z + 0.044715 * z**3))
    rule = OPS["gelu"].gradients[0].format("z", g="1", out="").replace("^", "**")
    slope = eval(rule, {"z": z, "t": t})
    np.testing.assert_allclose(OPS["gelu"].backward(eager, np.ones(25), z, z)[0], slope, rtol=1e-5, atol=1e-6)
