"""The menu: what a page can do without Python, small enough to travel in one file."""

import base64
import gzip
import json

import numpy as np
import pytest

from nn.datasets import DATASETS
from nn.lab.menu import DRAWN, SEEDS, key, menu, packed, samples, squeezed


@pytest.fixture(scope="module")
def whole():
    return menu()


def test_every_mix_of_two_hidden_layers_is_on_the_menu(whole):
    assert key(("relu", "gelu"), "softmax", "categorical_cross_entropy") in whole["programs"]
    assert key(("tanh",) * 3, "identity", "mean_squared_error") in whole["programs"]
    assert len(whole["programs"]) == 3 * (1 + 4 + 16 + 2)
    assert [len(penalty["rows"]) > 0 for penalty in whole["penalties"]] == [True] * 4
    assert {*whole["optimisers"]} == {"sgd", "momentum", "adam"}
    assert whole["inits"]["he"]["stream"] == "normal"
    assert {*whole["data"]} == {*DATASETS}


def test_the_first_numbers_of_a_seed_are_those_of_numpy(whole):
    unpacked = np.frombuffer(base64.b64decode(whole["streams"]["normal"][3]), "<f8")
    assert unpacked.tolist() == np.random.default_rng(3).standard_normal(DRAWN).tolist()
    assert len(whole["streams"]["uniform"]) == SEEDS


def test_samples_are_bit_for_bit_those_of_python():
    assert samples("xor")["y"] == packed(np.array([0.0, 1.0, 1.0, 0.0]))
    parity = samples("parity")
    assert (parity["features"], parity["outputs"], len(base64.b64decode(parity["y"]))) == (4, 1, 8 * 16)


def test_the_menu_travels_in_less_than_160_kilobytes(whole):
    text = squeezed(whole)
    assert json.loads(gzip.decompress(base64.b64decode(text))) == json.loads(json.dumps(whole))
    assert len(text) < 160_000
