"""Saving and loading: the same bits, a whole file or the old one, refusals."""

import json

import numpy as np
import pytest

from nn import Network
from nn.checkpoint import load, save


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


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path):
    (tmp_path / "text").write_text("hello")
    np.savez(tmp_path / "other.npz", a=np.ones(1))
    np.savez(tmp_path / "future.npz", facts=np.array(json.dumps({"schema": 9})))
    for name in ("text", "other.npz", "missing"):
        with pytest.raises(ValueError, match=f"{name} is not a checkpoint of nn"):
            load(tmp_path / name)
    with pytest.raises(ValueError, match="has schema 9; this nn reads schema 1"):
        load(tmp_path / "future.npz")
