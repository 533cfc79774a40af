"""Saving and loading: the same bits, a whole file or the old one, refusals."""

import json

import numpy as np
import pytest

from nn import Network
from nn.checkpoint import load, save
from nn.transformer import Transformer


def test_what_was_saved_comes_back_bit_for_bit(tmp_path):
    network = Network([2, 3, 1], "tanh", seed=5, dtype="float32", l2=0.1)
    network.weights[0][0, 0] = 0.123
    save(network, tmp_path / "n.npz", {"m": np.arange(3.0)}, {"epoch": 7})
    again, state, progress = load(tmp_path / "n.npz")
    assert again.parameters.vector.tobytes() == network.parameters.vector.tobytes()
    assert again.settings() == network.settings()
    assert (state["m"].tolist(), progress) == ([0.0, 1.0, 2.0], {"epoch": 7})
    assert [path.name for path in tmp_path.iterdir()] == ["n.npz"]


def test_a_kill_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "n.npz"
    save(Network([2, 1], seed=1), path)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        save(Network([2, 1], seed=2), path)
    assert load(path)[0].seed == 1
    assert load(path)[1:] == ({}, {})
    assert [file.name for file in tmp_path.iterdir()] == ["n.npz"]


def test_a_file_of_another_format_is_not_called_a_pickle(tmp_path):
    (tmp_path / "text").write_text("hello")
    with pytest.raises(ValueError, match="text is not a checkpoint of nn: it is no npz archive"):
        load(tmp_path / "text")


def test_a_transformer_comes_back_bit_for_bit(tmp_path):
    model = Transformer(5, 4, width=4, heads=2, blocks=1, seed=3, dtype="float32")
    model.parameters.vector[:] += 0.25
    save(model, tmp_path / "t.npz", {"t": np.array(2.0)}, {"losses": [1.5]})
    again, state, progress = load(tmp_path / "t.npz")
    assert isinstance(again, Transformer)
    assert again.settings() == model.settings()
    assert again.forward([1, 2]).tobytes() == model.forward([1, 2]).tobytes()
    assert (state["t"].item(), progress) == (2.0, {"losses": [1.5]})


def written(path, facts, **arrays):
    np.savez(path, facts=np.array(json.dumps(facts)), **arrays)
    return path


@pytest.mark.parametrize(
    ("facts", "arrays", "said"),
    [
        ({"oracle": {}}, {}, "no model of these kinds: network, transformer"),
        ({"network": {"layer_sizes": [2, 1]}}, {"b1": np.zeros(1)}, "no array parameter/W1"),
        (
            {"network": {"layer_sizes": [2, 1]}},
            {"W1": np.zeros(2), "b1": np.zeros(1)},
            r"W1 has shape \(2,\), not",
        ),
        ({"network": {"sizes": [2, 1]}}, {}, "unexpected keyword argument 'sizes'"),
        ({"network": {"layer_sizes": [2]}}, {}, "two or more whole numbers"),
    ],
)
def test_a_checkpoint_with_parts_missing_or_wrong_is_refused_and_says_which(tmp_path, facts, arrays, said):
    named = {f"parameter/{name}": array for name, array in arrays.items()}
    path = written(tmp_path / "c.npz", {"schema": 1, "progress": {}, **facts}, **named)
    with pytest.raises(ValueError, match=rf"c.npz is not a checkpoint of nn: .*{said}"):
        load(path)


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path):
    (tmp_path / "text").write_text("hello")
    np.savez(tmp_path / "other.npz", a=np.ones(1))
    np.savez(tmp_path / "future.npz", facts=np.array(json.dumps({"schema": 9})))
    for name in ("text", "other.npz", "missing"):
        with pytest.raises(ValueError, match=f"{name} is not a checkpoint of nn"):
            load(tmp_path / name)
    with pytest.raises(ValueError, match="has schema 9; this nn reads schema 1"):
        load(tmp_path / "future.npz")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"weights": np.ones(2)}, "it has no entry 'facts'"),
        ({"facts": np.array("[1, 2]")}, "its entry 'facts' has another shape"),
        ({"facts": np.array("no json")}, "Expecting value"),
    ],
)
def test_an_archive_of_another_program_is_refused_in_a_sentence(tmp_path, entries, said):
    np.savez(tmp_path / "foreign.npz", **entries)
    with pytest.raises(ValueError, match=f"foreign.npz is not a checkpoint of nn: {said}"):
        load(tmp_path / "foreign.npz")


def test_weights_that_are_no_numbers_are_refused(tmp_path):
    network = Network([2, 1])
    network.weights[0][1, 0] = np.nan
    save(network, tmp_path / "c.npz")
    with pytest.raises(ValueError, match="W1 contains NaN or infinity"):
        load(tmp_path / "c.npz")
