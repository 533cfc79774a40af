"""Parameters in one vector, and a recipe compiled for a batch shape."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nn import Network
from nn.data import XOR_X, XOR_Y
from nn.model import SHAPES_KEPT, Compiled, Parameters, record
from nn.train import Plan, train


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


def test_a_loop_that_trains_and_validates_in_turns_learns_from_its_own_samples_only():
    """What compile() hands out stays the caller's: judging the same shape must not write into it."""
    network, alone = Network([2, 3, 1], seed=1), Network([2, 3, 1], seed=1)
    compiled, expected = network.compile(XOR_X, XOR_Y), alone.compile(XOR_X, XOR_Y)
    for _ in range(5):
        network.cost(XOR_X[::-1], 1 - XOR_Y)
        network.forward(XOR_X * 3)
        network.compile(XOR_X * 2, XOR_Y)
        for made, model in ((compiled, network), (expected, alone)):
            made.run_both()
            model.parameters.vector -= made.gradient
    assert (compiled.x.tolist(), compiled.y.tolist()) == (XOR_X.tolist(), XOR_Y.tolist())
    assert network.parameters.vector.tobytes() == alone.parameters.vector.tobytes()


def test_a_compiled_pass_takes_other_samples_of_its_shape_and_refuses_another_shape():
    network = Network([2, 3, 1], seed=1)
    compiled = network.compile(XOR_X, XOR_Y)
    network.refill(compiled, XOR_X[::-1], 1 - XOR_Y)
    compiled.run_loss()
    assert compiled.loss == network.cost(XOR_X[::-1], 1 - XOR_Y)
    with pytest.raises(ValueError, match=r"x has shape \(3, 2\); compiled was \(4, 2\)"):
        network.refill(compiled, XOR_X[:3], XOR_Y[:3])


@pytest.mark.parametrize("again", [copy.deepcopy, copy.copy, lambda network: pickle.loads(pickle.dumps(network))])
def test_a_copy_and_a_pickle_learn_like_the_original_and_leave_it_alone(again):
    original, expected = Network([2, 3, 1], "tanh", seed=1), Network([2, 3, 1], "tanh", seed=1)
    original.cost(XOR_X, XOR_Y)
    made = again(original)
    for model in (made, expected):
        train(model, XOR_X, XOR_Y, Plan(epochs=5))
    assert made.forward(XOR_X).tobytes() == expected.forward(XOR_X).tobytes()
    assert original.forward(XOR_X).tobytes() == Network([2, 3, 1], "tanh", seed=1).forward(XOR_X).tobytes()
    assert made.settings() == original.settings()


def test_threads_that_ask_one_network_at_once_get_each_their_own_answer():
    network, rng = Network([2, 32, 1], seed=1), np.random.default_rng(0)
    samples = rng.normal(size=(400, 64, 2))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(network.forward, samples))
    wrong = [i for i, answer in enumerate(answers) if not np.array_equal(answer, network.forward(samples[i]))]
    assert wrong == []


def test_the_shape_used_longest_ago_is_forgotten_first_and_large_ones_earlier(monkeypatch):
    network = Network([2, 1])
    for batch in (*range(1, SHAPES_KEPT + 1), 1, SHAPES_KEPT + 1):
        network.forward(np.ones((batch, 2)))
    shapes = [shape[0] for shape in network._compiled]
    assert (len(shapes), 1 in shapes, 2 in shapes) == (SHAPES_KEPT, True, False)
    monkeypatch.setattr("nn.model.BYTES_KEPT", 1)
    network.forward(np.ones((5000, 2)))
    assert [shape[0] for shape in network._compiled] == [5000]
