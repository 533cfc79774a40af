"""A training with every step recorded: the numbers of `fit`, and what the page cannot show is refused."""

import numpy as np
import pytest

from nn import Network
from nn.data import XOR_X, XOR_Y
from nn.lab.menu import HEADS, key, unpacked
from nn.lab.recording import menu_for, recorded


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam"])
def test_a_recording_has_the_parameters_of_every_step_of_fit(optimiser):
    kept = recorded(optimiser=optimiser, steps=20, rate=0.1, seed=3)
    network = Network([2, 4, 1], "tanh", seed=3)
    rows = unpacked(kept["recorded"]).reshape(21, -1)
    assert rows[0].tolist() == network.parameters.vector.tolist()
    network.fit(XOR_X, XOR_Y, epochs=20, learning_rate=0.1, optimiser=optimiser)
    np.testing.assert_array_equal(rows[20], network.parameters.vector)


def test_a_network_that_is_not_on_the_menu_brings_its_program():
    hidden = ("relu", "tanh", "gelu")
    kept = recorded(units=(2, 2, 2), hidden=hidden, steps=0)
    assert key(hidden, *HEADS[0]) in menu_for(kept)["programs"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"units": (17,)}, "at most 3 hidden layers of 1 to 16 units"),
        ({"units": (1, 1, 1, 1)}, "at most 3 hidden layers"),
        ({"hidden": ("tanh", "relu")}, "2 activations for 1 hidden layers"),
        ({"hidden": ("softmax",)}, "unknown hidden activation"),
        ({"data": "iris"}, "unknown data set"),
        ({"optimiser": "lion"}, "unknown optimiser"),
        ({"steps": -1}, "steps is -1"),
        ({"rate": 0}, "it must be a positive number"),
    ],
)
def test_what_the_page_cannot_show_is_refused(changed, said):
    with pytest.raises(ValueError, match=said):
        recorded(**changed)
