"""Training: it learns, it stops, it says when it diverged, and a kill costs nothing."""

import subprocess
import sys
import time

import numpy as np
import pytest

from nn import Network
from nn.checkpoint import load
from nn.data import XOR_X, XOR_Y
from nn.train import PIECE, Outcome, Plan, fingerprint, measured, train
from nn.transformer import Transformer


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
@pytest.mark.parametrize("paced", [{}, {"schedule": "cosine", "warmup": 5, "clip": 0.2}])
def test_a_training_killed_and_resumed_ends_with_the_same_bits(tmp_path, optimiser, paced):
    whole, broken = Network([2, 4, 1], seed=2), Network([2, 4, 1], seed=2)
    settings = {"learning_rate": 0.1, "optimiser": optimiser, "batch_size": 3, **paced}
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


def test_a_checkpoint_of_other_data_or_of_another_kind_of_model_is_refused(tmp_path):
    plan = Plan(epochs=1, checkpoint=tmp_path / "c.npz")
    train(Network([2, 1]), XOR_X, XOR_Y, plan)
    with pytest.raises(ValueError, match="is of another training; use its settings and data or another file"):
        train(Network([2, 1]), XOR_X, 1 - XOR_Y, plan)
    with pytest.raises(ValueError, match="is of another training"):
        train(writer(), TOKENS, TARGETS, plan)
    assert fingerprint(np.zeros((2, 1))) != fingerprint(np.zeros((1, 2))) == fingerprint(np.zeros((1, 2)))


TOKENS = np.random.default_rng(0).integers(3, size=(40, 4))
TARGETS = (TOKENS + 1) % 3


def writer():
    return Transformer(3, 4, width=4, heads=2, blocks=1, seed=6, dtype="float32")


def test_a_transformer_is_trained_like_any_model_and_judged_on_what_it_never_saw():
    model, plan = writer(), Plan(epochs=60, learning_rate=0.02, optimiser="adam", batch_size=7)
    outcome = train(model, TOKENS[:30], TARGETS[:30], plan, held_out=(TOKENS[30:], TARGETS[30:]))
    assert outcome.losses[-1] == model.cost(TOKENS[30:], TARGETS[30:]) < 0.2
    assert len(outcome.met) == len(outcome.losses) == 60
    assert outcome.met[0] == pytest.approx(np.log(3), rel=0.2)
    assert outcome.met[-1] < 0.1


def test_the_loss_met_on_the_way_is_that_before_the_step():
    network = Network([2, 2, 1], seed=1)
    before = network.cost(XOR_X, XOR_Y)
    outcome = train(network, XOR_X, XOR_Y, Plan(epochs=2))
    assert outcome.met == pytest.approx([before, outcome.losses[0]], rel=1e-12)


def test_a_loss_measured_in_pieces_is_the_loss_of_the_whole():
    model, rng = writer(), np.random.default_rng(1)
    tokens, targets = rng.integers(3, size=(2, PIECE // 4 + 9, 4))
    assert measured(model, tokens, targets, 5) == pytest.approx(model.cost(tokens, targets), rel=1e-6)
    assert {shape[0] for shape in model._compiled} == {PIECE // 4, 9, len(tokens)}
    assert measured(model, tokens, targets) == model.cost(tokens, targets)


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam"])
def test_a_transformer_killed_and_resumed_ends_with_the_same_bits(tmp_path, optimiser):
    whole, broken, resumed = writer(), writer(), writer()
    settings = {"epochs": 12, "learning_rate": 0.01, "optimiser": optimiser, "batch_size": 2}
    held_out = (TOKENS[5:], TARGETS[5:])
    expected = train(whole, TOKENS[:5], TARGETS[:5], Plan(**settings), held_out=held_out)
    plan = Plan(checkpoint=tmp_path / "c.npz", checkpoint_every=5, **settings)

    def kill(epoch, loss):
        if epoch == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(broken, TOKENS[:5], TARGETS[:5], plan, kill, held_out)
    outcome = train(resumed, TOKENS[:5], TARGETS[:5], plan, held_out=held_out)
    assert resumed.parameters.vector.tobytes() == whole.parameters.vector.tobytes()
    assert outcome == expected


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


@pytest.mark.parametrize(
    ("name", "least"), [("epochs", 0), ("batch_size", 0), ("patience", 0), ("checkpoint_every", 1)]
)
def test_a_plan_that_cannot_be_followed_names_the_number_and_what_is_allowed(name, least):
    assert getattr(Plan(**{name: least}), name) == least
    with pytest.raises(ValueError, match=f"{name} is {least - 1}; it must be a whole number of at least {least}"):
        Plan(**{name: least - 1})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"epochs": 1.5}, "epochs is 1.5; it must be a whole number of at least 0"),
        ({"epochs": "9"}, "epochs is '9'"),
        ({"batch_size": True}, "batch_size is True"),
        ({"learning_rate": None}, "learning rate is None; it must be a positive number"),
        ({"optimiser": "rmsprop"}, "unknown optimiser 'rmsprop'"),
        ({"checkpoint": 3}, "checkpoint is 3; allowed: a file name"),
        ({"warmup": -1}, "warmup is -1; it must be a whole number of at least 0"),
        ({"schedule": "sine"}, "unknown schedule 'sine'; allowed: constant, linear, cosine"),
        ({"clip": -0.1}, "clip is -0.1; it must be a number of at least 0"),
        ({"clip": float("nan")}, "clip is nan"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_when_it_is_made(wrong, said):
    with pytest.raises(ValueError, match=said):
        Plan(**wrong)


def test_what_is_no_plan_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="plan is 100; allowed: a Plan"):
        train(Network([2, 1]), XOR_X, XOR_Y, 100)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"learning_rate": 0.2}, "learning_rate 0.5, not 0.2"),
        ({"batch_size": 2}, "batch_size 0, not 2"),
        ({"schedule": "linear"}, "schedule constant, not linear"),
        ({"clip": 1.0}, "clip 0.0, not 1.0"),
    ],
)
def test_a_training_does_not_go_on_with_other_settings_in_silence(tmp_path, changed, said):
    file = str(tmp_path / "c.npz")
    train(Network([2, 1]), XOR_X, XOR_Y, Plan(epochs=2, checkpoint=file))
    with pytest.raises(ValueError, match=f"c.npz was trained with {said}; use that or another file"):
        train(Network([2, 1]), XOR_X, XOR_Y, Plan(epochs=4, checkpoint=file, **changed))
    assert len(train(Network([2, 1]), XOR_X, XOR_Y, Plan(epochs=4, checkpoint=file)).losses) == 4


def test_a_schedule_over_more_epochs_is_another_training(tmp_path):
    file = str(tmp_path / "c.npz")
    train(Network([2, 1]), XOR_X, XOR_Y, Plan(epochs=2, checkpoint=file, schedule="cosine"))
    with pytest.raises(ValueError, match="was trained with epochs 2, not 4"):
        train(Network([2, 1]), XOR_X, XOR_Y, Plan(epochs=4, checkpoint=file, schedule="cosine"))


def test_a_training_that_ends_worse_than_the_best_constant_answer_has_diverged():
    network = Network([2, 4, 1], "tanh", seed=0)
    outcome = train(network, XOR_X, XOR_Y, Plan(epochs=100, learning_rate=1e6))
    assert np.log(2) < outcome.losses[-1] < np.inf
    assert outcome.ended == "diverged"
    assert train(Network([2, 4, 1], "tanh", seed=0), XOR_X, XOR_Y, Plan(epochs=3)).ended == "finished"


def test_a_training_still_on_its_way_down_has_not_diverged():
    model = writer()
    model.parameters.named["b"][:] = [9.0, -9.0, 0.0]
    outcome = train(model, TOKENS, TARGETS, Plan(epochs=2, learning_rate=0.01))
    assert outcome.losses[1] < outcome.losses[0]
    assert outcome.losses[1] > model.constant_cost(TARGETS)
    assert outcome.ended == "finished"


def test_data_are_not_hashed_where_no_checkpoint_wants_to_know_them(monkeypatch):
    monkeypatch.setattr("nn.train.fingerprint", None)
    assert train(Network([2, 1]), XOR_X, XOR_Y, Plan(epochs=1)).ended == "finished"


def test_targets_are_checked_at_the_door_and_not_again_in_every_epoch(monkeypatch):
    seen, network = [], Network([2, 3, 1])
    check = network.targets
    monkeypatch.setattr(network, "targets", lambda y, samples: seen.append(len(samples)) or check(y, samples))
    train(network, XOR_X, XOR_Y, Plan(epochs=50, batch_size=2))
    assert len(seen) < 5


def test_a_training_that_learns_by_heart_what_does_not_hold_elsewhere_has_not_diverged():
    network = Network([2, 4, 1], "tanh", seed=1)
    outcome = train(network, XOR_X, XOR_Y, Plan(epochs=500), held_out=(XOR_X, 1 - XOR_Y))
    assert outcome.losses[-1] > 2
    assert outcome.ended == "finished"


def test_a_schedule_ends_with_small_steps_and_a_clip_holds_each_step_short():
    def moves(**paced):
        network, lengths = Network([2, 4, 1], "tanh", seed=1), []
        before = network.parameters.vector.copy()

        def watch(epoch, loss):
            lengths.append(float(np.linalg.norm(network.parameters.vector - before)))
            before[:] = network.parameters.vector

        train(network, XOR_X, XOR_Y, Plan(epochs=40, learning_rate=2.0, **paced), watch)
        return lengths

    assert max(moves(clip=0.01)) == pytest.approx(0.02)
    assert moves(schedule="linear")[-1] < moves()[-1] / 10
    assert moves(warmup=10)[0] == pytest.approx(moves()[0] / 10)


def test_a_clip_of_mini_batches_holds_every_step_and_a_schedule_counts_each():
    network = Network([2, 4, 1], "tanh", seed=1)
    before = network.parameters.vector.copy()
    train(network, XOR_X, XOR_Y, Plan(epochs=1, learning_rate=1.0, batch_size=1, schedule="linear", clip=0.001))
    moved = float(np.linalg.norm(network.parameters.vector - before))
    assert 0 < moved <= 0.001 * (1 + 0.75 + 0.5 + 0.25) + 1e-12
