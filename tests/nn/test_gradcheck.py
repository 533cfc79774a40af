"""The check finds wrong gradients, accepts right ones, and leaves what it checks untouched."""

import numpy as np
import pytest

from nn.gradcheck import central_differences, check_gradients, relative_error


def test_the_slope_of_a_cube_is_found_and_the_array_put_back():
    w = np.array([[1.0, -2.0]])
    slopes = central_differences(lambda: float(np.sum(w**3)), w)
    np.testing.assert_allclose(slopes, [[3.0, 12.0]], rtol=1e-9)
    assert w.tolist() == [[1.0, -2.0]]


def test_a_right_gradient_passes_and_one_off_by_a_thousandth_does_not():
    w = np.array([1.0, 2.0])
    right = check_gradients(lambda: float(np.sum(w**2)), {"w": w}, {"w": 2 * w})
    wrong = check_gradients(lambda: float(np.sum(w**2)), {"w": w}, {"w": 2.002 * w})
    assert right["w"] < 1e-9
    assert wrong["w"] == pytest.approx(0.001, rel=0.01)


def test_two_gradients_of_zero_agree():
    assert relative_error(np.zeros(2), np.zeros(2)) == 0.0


@pytest.mark.parametrize("step", [0.0, -1.0, float("nan")])
def test_a_step_that_goes_nowhere_is_refused(step):
    with pytest.raises(ValueError, match="it must be positive"):
        central_differences(lambda: 0.0, np.ones(1), step)


def test_single_precision_is_refused_because_its_rounding_drowns_the_slope():
    with pytest.raises(ValueError, match="need float64, not float32"):
        central_differences(lambda: 0.0, np.ones(1, np.float32))
