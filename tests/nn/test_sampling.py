"""Sampling: the model's own probabilities, repeatable, beyond its context."""

import numpy as np
import pytest

from nn.sampling import Reader, probabilities, sample
from nn.transformer import Transformer


def rote(context=3):
    """A model of three tokens that is sure of 0 -> 1 -> 2 -> 0, by its embedding and its head alone."""
    model = Transformer(3, context, width=4, heads=1, blocks=1)
    named = model.parameters.named
    for name in ("E", "P", "Wo.1", "W2.1", "W"):
        named[name][...] = 0
    named["E"][:, :3] = np.eye(3)
    named["W"][:3] = 99 * np.roll(np.eye(3), 1, axis=1)
    return model


def test_a_sure_model_goes_on_as_it_must_also_beyond_its_context():
    assert sample(rote(), [0], 7) == [1, 2, 0, 1, 2, 0, 1]
    assert sample(rote(), [2, 1, 0, 1], 2) == [2, 0]
    assert sample(rote(), [0], 0) == []


def test_what_is_read_token_by_token_is_what_the_whole_text_says():
    model = Transformer(3, 5, width=4, heads=2, seed=2, hidden="gelu", tied=True)
    reader, text = Reader(model), [2, 1]
    for token in (1, 0, 2, 2, 1, 0):
        logits = reader.next_logits(text)
        np.testing.assert_allclose(logits, model.forward(text[-5:])[0, -1], rtol=1e-9, atol=1e-12)
        text.append(token)


def test_within_the_context_nothing_is_read_twice_and_beyond_it_one_pass_serves():
    model = Transformer(3, 5, width=4, heads=2, seed=2)
    reader = Reader(model)
    for length in range(1, 6):
        reader.next_logits([0] * length)
        assert reader._past.positions == length
    assert not model._compiled
    sample(model, [0, 1], 9)
    assert set(model._compiled) == {(1, 5)}


def test_tokens_come_as_often_as_the_model_says_and_the_seed_decides_which():
    model = rote(context=1)
    model.parameters.named["W"][...] = 0
    model.parameters.named["b"][...] = np.log([0.7, 0.2, 0.1])
    tokens = sample(model, [0], 600, seed=1)
    np.testing.assert_allclose(np.bincount(tokens) / 600, [0.7, 0.2, 0.1], atol=0.06)
    assert tokens == sample(model, [0], 600, seed=1) != sample(model, [0], 600, seed=2)


def test_a_low_temperature_is_bold_and_a_high_one_blind():
    logits = np.log(np.array([0.7, 0.2, 0.1], np.float32))
    np.testing.assert_allclose(probabilities(logits, 1.0), [0.7, 0.2, 0.1], rtol=1e-5)
    assert probabilities(logits, 0.01)[0] > 0.999
    np.testing.assert_allclose(probabilities(logits, 1e6), 1 / 3, rtol=1e-4)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), float("inf")])
def test_a_temperature_that_is_none_is_refused(temperature):
    with pytest.raises(ValueError, match=r"temperature is .*; it must be a positive number"):
        probabilities(np.zeros(3), temperature)


@pytest.mark.parametrize(("prompt", "count"), [([], 1), ([3], 1), ([0], -1)])
def test_a_prompt_without_known_tokens_and_a_negative_count_are_refused(prompt, count):
    with pytest.raises(ValueError, match=r"tokens|count is -1"):
        sample(rote(), prompt, count)
