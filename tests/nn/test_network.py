"""The network as its user sees it: shapes, gradients, repeatability, refusals."""

import numpy as np
import pytest

from nn import Network
from nn.data import XOR_X, XOR_Y
from nn.gradcheck import check_gradients
from nn.network import SHAPES_KEPT, checked_seed, checked_sizes, chosen
from nn.train import Plan, train


def by_hand(network, x):
    a = np.asarray(x)
    hidden = np.maximum(a @ network.weights[0] + network.biases[0], 0)
    return 1 / (1 + np.exp(-(hidden @ network.weights[1] + network.biases[1])))


def test_forward_is_what_the_formula_says_for_one_sample_and_for_many():
    network = Network([2, 4, 1], seed=3)
    np.testing.assert_allclose(network.forward(XOR_X), by_hand(network, XOR_X))
    assert network.forward([0, 1]).shape == (1,)
    assert [W.shape for W in network.weights] == [(2, 4), (4, 1)]
    assert [b.shape for b in network.biases] == [(4,), (1,)]


def test_what_forward_returns_is_the_callers_to_keep():
    network = Network([2, 4, 1])
    first = network.forward([0, 1])
    second = network.forward([1, 1])
    assert first.tolist() == by_hand(network, [0, 1]).tolist() != second.tolist()


@pytest.mark.parametrize("hidden", ["sigmoid", "relu", "tanh", "softmax", "identity"])
@pytest.mark.parametrize(
    ("output", "loss"),
    [
        ("sigmoid", None),
        ("softmax", None),
        ("identity", None),
        ("tanh", None),
        ("relu", None),
        ("sigmoid", "mean_squared_error"),
        ("softmax", "mean_squared_error"),
    ],
)
def test_every_gradient_agrees_with_central_differences_to_a_millionth(hidden, output, loss):
    network = Network([3, 4, 2], hidden, output, loss, init="plain", seed=1, l1=0.01, l2=0.02)
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(5, 3)), np.eye(2)[rng.integers(2, size=5)]
    errors = check_gradients(lambda: network.cost(x, y), network.parameters.named, network.backward(x, y))
    assert set(errors) == {"W1", "b1", "W2", "b2"}
    assert max(errors.values()) < 1e-6


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not():
    one, two, other = (Network([2, 4, 1], seed=seed) for seed in (7, 7, 8))
    assert one.parameters.vector.tobytes() == two.parameters.vector.tobytes()
    assert one.parameters.vector.tobytes() != other.parameters.vector.tobytes()


def test_a_step_goes_downhill_by_the_learning_rate():
    network = Network([2, 4, 1], seed=1)
    gradients, before = network.backward(XOR_X, XOR_Y), network.weights[0].copy()
    cost = network.cost(XOR_X, XOR_Y)
    network.step(gradients, 0.1)
    np.testing.assert_array_equal(network.weights[0], before - 0.1 * gradients["W1"])
    assert network.cost(XOR_X, XOR_Y) < cost


def test_penalties_are_part_of_the_cost():
    plain, heavy = Network([1, 1]), Network([1, 1], l1=2.0, l2=3.0)
    w = plain.weights[0].item()
    assert heavy.cost([1], [1]) == pytest.approx(plain.cost([1], [1]) + 2 * abs(w) + 3 * w * w)


def test_a_recorded_pass_gives_the_output_and_the_loss():
    network = Network([2, 4, 1], seed=3)
    tape, output, loss = network.record(XOR_X, XOR_Y)
    assert output.value.tolist() == network.forward(XOR_X).tolist()
    assert float(loss.value) == network.cost(XOR_X, XOR_Y)
    assert [node.name for node in tape.nodes][4:8] == ["x", "z1", "a1", "z2"]


def test_settings_make_the_same_network_again():
    network = Network([2, 3, 2], "tanh", "softmax", seed=4, dtype="float32", l2=0.5)
    again = Network(**network.settings())
    assert again.settings() == network.settings()
    assert again.parameters.vector.tobytes() == network.parameters.vector.tobytes()
    assert again.forward([0, 1]).dtype == np.float32


def test_only_the_latest_batch_shapes_stay_compiled():
    network = Network([2, 1])
    for batch in range(1, SHAPES_KEPT + 3):
        network.forward(np.ones((batch, 2)))
    assert len(network._compiled) == SHAPES_KEPT
    assert list(network._compiled.values())[-1].x.shape == (SHAPES_KEPT + 2, 2)


@pytest.mark.parametrize("sizes", [[], [2], [2, 0, 1], [2, -1], [2, 1.5], [2, True]])
def test_layer_sizes_that_make_no_network_are_refused(sizes):
    with pytest.raises(ValueError, match="two or more whole numbers of at least 1"):
        Network(sizes)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"hidden": "swish"}, "unknown hidden activation 'swish'; allowed: sigmoid, relu"),
        ({"output": "step"}, "unknown output activation 'step'"),
        ({"loss": "hinge"}, "unknown loss 'hinge'; allowed: binary_cross_entropy"),
        ({"init": "zero"}, "unknown initialisation 'zero'; allowed: he"),
        ({"dtype": "int64"}, "unknown dtype 'int64'; allowed: float64, float32"),
        ({"loss": "categorical_cross_entropy"}, "needs output 'softmax', not 'sigmoid'"),
        ({"l2": -1.0}, "l2 is -1.0; it must be a number of at least 0"),
        ({"l1": float("nan")}, "l1 is nan"),
    ],
)
def test_a_setting_that_does_not_exist_is_named_with_those_that_do(arguments, message):
    with pytest.raises(ValueError, match=message):
        Network([2, 1], **arguments)


def test_a_gradient_of_a_wrong_name_or_shape_is_refused():
    network = Network([2, 1])
    with pytest.raises(ValueError, match="unknown parameter 'W9'; allowed: W1, b1"):
        network.step({"W9": np.ones(1)}, 0.1)
    with pytest.raises(ValueError, match=r"gradient W1 has shape \(3,\); allowed: \(2, 1\)"):
        network.step({"W1": np.ones(3)}, 0.1)


def test_a_name_and_sizes_that_are_allowed_come_back_as_they_are():
    assert chosen("fruit", "pear", ["pear"]) == "pear"
    assert checked_sizes([np.int64(2), 1]) == (2, 1)


@pytest.mark.parametrize("seed", [-1, 1.5, "a", True])
def test_a_seed_that_is_no_whole_number_is_named(seed):
    with pytest.raises(ValueError, match=f"seed is {seed!r}; allowed: a whole number of at least 0"):
        Network([2, 1], seed=seed)
    assert checked_seed(np.int64(3)) == 3


def test_what_is_not_even_of_the_right_type_is_refused_in_the_same_words():
    with pytest.raises(ValueError, match="unknown dtype 'bogus'; allowed: float64, float32"):
        Network([2, 1], dtype="bogus")
    with pytest.raises(ValueError, match=r"layer sizes are \[5\]; allowed: two or more"):
        Network(5)
    with pytest.raises(ValueError, match="l1 is x; it must be a number of at least 0"):
        Network([2, 1], l1="x")
    assert Network([2, 1], dtype=np.float32).dtype == np.dtype("float32")


def test_a_step_by_nan_or_uphill_is_refused_and_moves_nothing():
    network = Network([2, 1])
    before = network.parameters.vector.copy()
    with pytest.raises(ValueError, match="gradient W1 contains NaN"):
        network.step({"W1": np.full((2, 1), np.nan)}, 0.1)
    with pytest.raises(ValueError, match="learning rate is -1; it must be a positive number"):
        network.step({"W1": np.ones((2, 1))}, -1)
    assert (network.parameters.vector == before).all()


@pytest.mark.parametrize("size", [None, [1.0], 1j])
def test_a_penalty_that_is_no_number_is_refused_like_any_other(size):
    with pytest.raises(ValueError, match=r"l2 is .*; it must be a number of at least 0"):
        Network([2, 1], l2=size)


def test_a_network_is_fitted_asked_and_judged_in_three_lines():
    network = Network([2, 4, 1], "tanh", seed=1)
    outcome = network.fit(XOR_X, XOR_Y)
    assert (outcome.ended, len(outcome.losses)) == ("finished", 1000)
    assert network.predict(XOR_X).tolist() == [[0], [1], [1], [0]]
    assert network.predict([0, 1]).tolist() == [1]
    assert network.accuracy(XOR_X, XOR_Y) == 1.0
    assert network.accuracy(XOR_X, [[1], [1], [1], [0]]) == 0.75


def test_fit_takes_what_a_plan_takes_and_names_what_it_does_not():
    one, other = Network([2, 3, 1], seed=2), Network([2, 3, 1], seed=2)
    one.fit(XOR_X, XOR_Y, 20, 0.05, optimiser="adam", batch_size=2)
    train(other, XOR_X, XOR_Y, Plan(20, 0.05, "adam", 2))
    assert one.parameters.vector.tobytes() == other.parameters.vector.tobytes()
    with pytest.raises(ValueError, match="unknown setting 'momentum'; allowed: epochs, learning_rate, optimiser"):
        one.fit(XOR_X, XOR_Y, momentum=0.9)


def test_a_softmax_network_decides_for_the_likeliest_class_and_takes_class_numbers():
    network = Network([2, 3], output="softmax", seed=1)
    network.parameters.vector[:] = [1, 0, 0, 0, 1, 0, 0, 0, 0.5]
    x = [[2, 0], [0, 2], [-1, -1]]
    assert network.predict(x).tolist() == [0, 1, 2]
    assert network.predict(x[1]).tolist() == 1
    assert network.accuracy(x, [0, 1, 1]) == pytest.approx(2 / 3)
    assert network.accuracy(x, np.eye(3)) == 1.0


def test_a_network_of_several_yes_or_no_outputs_is_right_where_all_of_them_are():
    network = Network([1, 2], seed=1)
    network.parameters.vector[:] = [1, -1, 0, 0]
    assert network.accuracy([[1.0], [-1.0]], [[1, 0], [1, 1]]) == 0.5


def test_a_network_of_numbers_predicts_numbers_and_has_no_accuracy():
    network = Network([1, 1], output="identity")
    assert network.predict([[2.0]]).tolist() == network.forward([[2.0]]).tolist()
    with pytest.raises(ValueError, match="accuracy needs output sigmoid or softmax; this network has identity"):
        network.accuracy([[2.0]], [[1.0]])


def test_a_network_with_gelu_is_drawn_by_he_and_learns_xor():
    network = Network([2, 8, 1], hidden="gelu", seed=1)
    assert network.init == "he"
    network.fit(XOR_X, XOR_Y, epochs=2000, learning_rate=0.5)
    assert network.accuracy(XOR_X, XOR_Y) == 1.0


def test_each_hidden_layer_may_have_an_activation_of_its_own():
    network = Network([2, 3, 3, 1], ["relu", "tanh"], seed=1)
    assert [step.op for step in network.trace([0, 1], 1) if step.name in ("a1", "a2", "a3") and step.op] == [
        *("relu", "tanh", "sigmoid")
    ]
    assert network.init == "he"
    assert Network(**network.settings()).forward([0, 1]) == network.forward([0, 1])
    with pytest.raises(ValueError, match="hidden names 1 activations; allowed: one, or one for each of 2 layers"):
        Network([2, 3, 3, 1], ["relu"])
    with pytest.raises(ValueError, match="unknown hidden activation 'step'"):
        Network([2, 3, 1], ["step"])
