"""Parameters in one vector, and a recipe compiled for a batch shape."""

import numpy as np

from nn.model import Compiled, Parameters, record


def line():
    return Parameters({"W": np.array([[2.0]]), "b": np.array([1.0])}, np.dtype(np.float64))


def recipe(tape, leaves, x, y):
    z = tape.apply("affine", tape.leaf("x", x, trainable=False), leaves["W"], leaves["b"], name="z")
    return z, tape.apply("mean_squared_error", z, tape.leaf("y", y, trainable=False), name="L")


def test_named_parameters_are_windows_onto_one_vector():
    parameters = line()
    parameters.vector[:] = [5.0, 7.0]
    assert parameters.named["W"].tolist() == [[5.0]]
    assert parameters.split(np.array([1.0, 2.0]))["b"].tolist() == [2.0]
    assert Parameters({"W": np.ones((2, 3))}, np.dtype(np.float32)).vector.dtype == np.float32


def test_a_recipe_is_recorded_on_the_parameters_themselves():
    parameters = line()
    tape, output, loss = record(recipe, parameters, np.array([[3.0]]), np.array([[0.0]]))
    assert (output.value.item(), loss.value.item()) == (7.0, 49.0)
    assert tape.nodes[0].value is parameters.named["W"]


def test_a_compiled_recipe_follows_its_inputs_and_its_parameters():
    parameters = line()
    compiled = Compiled(recipe, parameters, np.array([[3.0]]), np.array([[0.0]]))
    compiled.run_gradient()
    assert compiled.gradient.tolist() == [2 * 7.0 * 3.0, 2 * 7.0]
    parameters.vector[:] = [1.0, 0.0]
    compiled.x[...], compiled.y[...] = 4.0, 5.0
    compiled.run_forward()
    assert compiled.output.item() == 4.0
    compiled.run_loss()
    assert compiled.loss == 1.0
    parameters.vector[1] = 3.0
    compiled.run_both()
    assert (compiled.loss, compiled.gradient.tolist()) == (4.0, [16.0, 4.0])
