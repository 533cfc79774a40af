"""Training: it learns, it stops, it says when it diverged, and a kill costs nothing."""

import subprocess
import sys
import time

import numpy as np
import pytest

from nn import Network
from nn.checkpoint import load
from nn.data import XOR_X, XOR_Y
from nn.train import Outcome, Plan, train


@pytest.mark.parametrize(("optimiser", "rate"), [("sgd", 0.5), ("momentum", 0.1), ("adam", 0.05)])
def test_xor_is_learned(optimiser, rate):
    network = Network([2, 4, 1], "tanh", seed=1)
    outcome = train(network, XOR_X, XOR_Y, Plan(epochs=1500, learning_rate=rate, optimiser=optimiser))
    assert (network.forward(XOR_X).round() == XOR_Y).all()
    assert outcome.ended == "finished"
    assert outcome.losses[-1] == network.cost(XOR_X, XOR_Y) < 0.1


def test_the_same_seed_trains_to_the_same_bits():
    networks = [Network([2, 4, 1], seed=2) for _ in range(2)]
    for network in networks:
        train(network, XOR_X, XOR_Y, Plan(epochs=20, batch_size=3))
    assert networks[0].parameters.vector.tobytes() == networks[1].parameters.vector.tobytes()


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam"])
def test_a_training_killed_and_resumed_ends_with_the_same_bits(tmp_path, optimiser):
    whole, broken = Network([2, 4, 1], seed=2), Network([2, 4, 1], seed=2)
    settings = {"learning_rate": 0.1, "optimiser": optimiser, "batch_size": 3}
    expected = train(whole, XOR_X, XOR_Y, Plan(epochs=30, **settings))
    plan = Plan(epochs=30, checkpoint=tmp_path / "c.npz", checkpoint_every=7, **settings)

    def kill(epoch, loss):
        if epoch == 17:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(broken, XOR_X, XOR_Y, plan, kill)
    resumed = Network([2, 4, 1], seed=2)
    seen = []
    outcome = train(resumed, XOR_X, XOR_Y, plan, lambda epoch, loss: seen.append(epoch))
    assert seen == list(range(15, 31))
    assert resumed.parameters.vector.tobytes() == whole.parameters.vector.tobytes()
    assert outcome.losses == expected.losses


def test_training_stops_when_nothing_improves_any_more():
    outcome = train(Network([2, 1], seed=0), XOR_X, XOR_Y, Plan(epochs=5000, learning_rate=1.0, patience=3))
    assert outcome.ended == "stopped early"
    assert len(outcome.losses) - 1 - int(np.argmin(outcome.losses)) == 3


def test_divergence_is_reported_as_such_without_warnings(recwarn):
    network = Network([1, 1], output="identity")
    outcome = train(network, [[100.0]], [[1.0]], Plan(epochs=500, learning_rate=1.0))
    assert outcome.ended == "diverged"
    assert len(outcome.losses) < 500
    assert not recwarn.list


def test_a_checkpoint_of_another_training_and_negative_epochs_are_refused(tmp_path):
    plan = Plan(epochs=1, checkpoint=tmp_path / "c.npz")
    train(Network([2, 1]), XOR_X, XOR_Y, plan)
    with pytest.raises(ValueError, match="is of another training"):
        train(Network([2, 2, 1]), XOR_X, XOR_Y, plan)
    with pytest.raises(ValueError, match="epochs is -1"):
        train(Network([2, 1]), XOR_X, XOR_Y, Plan(epochs=-1))
    assert train(Network([2, 1]), XOR_X, XOR_Y, Plan(epochs=0)) == Outcome([], "finished")


def test_a_process_killed_at_any_moment_leaves_a_checkpoint_from_which_the_same_bits_follow(tmp_path):
    file = tmp_path / "c.npz"
    code = (
        "from pathlib import Path; from nn import Network; from nn.data import *; from nn.train import *; "
        f"train(Network([2, 4, 1], seed=2), XOR_X, XOR_Y, Plan(10**7, 0.1, 'adam', 3, checkpoint=Path({str(file)!r}), "
        "checkpoint_every=1))"
    )
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", code])
        before = file.stat().st_mtime_ns if file.exists() else 0
        deadline = time.monotonic() + 20
        while (not file.exists() or file.stat().st_mtime_ns == before) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        process.wait()
        stored, _, progress = load(file)
        whole = Network([2, 4, 1], seed=2)
        expected = train(whole, XOR_X, XOR_Y, Plan(len(progress["losses"]), 0.1, "adam", 3))
        assert stored.parameters.vector.tobytes() == whole.parameters.vector.tobytes()
        assert progress["losses"] == expected.losses
