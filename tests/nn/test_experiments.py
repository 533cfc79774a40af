"""Every experiment on the menu keeps the same promises."""

import pickle
from importlib import import_module

import pytest

from nn import spread as spreads
from nn.experiments import EXPERIMENTS, induction, perform

# Where each experiment gets its networks from.
ASKING = {
    "seeds": "xor",
    "features": "xor",
    "steps": "moons",
    "noise": "moons",
    "minima": "minima",
    "trajectories": "trajectories",
    "linear_separability": "linear_separability",
    "paths": "paths",
    "learning_rate": "learning_rate",
    "vanishing": "vanishing",
    "initialisation": "initialisation",
}

# An experiment that trains its networks one after the other is asked for less.
SMALL = {
    "induction": {"networks": 2, "steps": 10, "context": 12, "shortest": 4, "width": 8, "judged": 16},
    "initialisation": {"networks": 4, "depth": 2, "width": 4, "steps": 20},
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_asks_tabulates_draws_answers_and_repeats_itself(name):
    result, again = (perform(name, **{"seed": 1, "networks": 4, **SMALL.get(name, {})}) for _ in range(2))
    assert result.question.endswith("?")
    assert all(len(row) == len(result.columns) for row in result.rows)
    assert result.curves
    assert result.answer
    assert result == again


def backwards(measure, pieces):
    """An engine that sends everything through pickle, as to another machine, and ends with the first piece."""
    for place in reversed(range(len(pieces))):
        yield place, pickle.loads(pickle.dumps(measure))(pickle.loads(pickle.dumps(pieces[place])))


@pytest.mark.parametrize("name", sorted(set(EXPERIMENTS) - {"induction"}))
def test_an_experiment_in_pieces_says_the_same_wherever_they_are_measured(name, monkeypatch):
    monkeypatch.setattr(spreads, "PIECE", 3)
    asked = {"seed": 1, **SMALL.get(name, {}), "networks": 7}
    here = perform(name, **asked)
    with spreads.spreading(backwards):
        assert perform(name, **asked) == here
    monkeypatch.setattr(spreads, "PIECE", 2000)
    whole = perform(name, **asked)
    assert (whole.columns, len(whole.facts)) == (here.columns, len(here.facts))


def test_an_unknown_experiment_is_named_with_those_that_exist():
    with pytest.raises(ValueError, match="unknown experiment 'luck'; allowed: linear-separability, seeds"):
        perform("luck")


class Asked(Exception):
    """Carries the seeds that an experiment gave to its networks."""


def spy(*arguments, **settings):
    raise Asked(set(arguments[1]))


@pytest.mark.parametrize("module", ASKING)
def test_another_seed_of_an_experiment_asks_other_networks(module, monkeypatch):
    """With neighbouring seeds 999 of 1,000 networks were the same ones, so a repetition repeated nothing."""
    experiment = import_module(f"nn.experiments.{module}")
    shared = import_module(f"nn.experiments.{ASKING[module]}")
    monkeypatch.setattr(shared, "Ensemble", spy)
    asked = []
    for seed in (0, 1):
        with pytest.raises(Asked) as stopped:
            experiment.run(experiment.Config(seed=seed))
        asked.append(stopped.value.args[0])
    assert asked[0]
    assert not asked[0] & asked[1]


def test_another_seed_of_induction_trains_other_transformers(monkeypatch):
    def stop(*_):
        raise Asked

    asked = []
    monkeypatch.setattr(induction, "trained", lambda seed, config: asked.append(seed) or (None, []))
    monkeypatch.setattr(induction, "examined", stop)
    for seed in (0, 1):
        with pytest.raises(Asked):
            induction.run(induction.Config(seed=seed))
    assert len(asked) == len(set(asked)) == 2 * induction.Config().networks
