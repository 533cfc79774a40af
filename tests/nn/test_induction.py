"""Induction: words whose length and tokens change, heads measured as defined, a verdict that follows the numbers."""

import numpy as np
import pytest

from nn.data import seeds_of
from nn.experiments.induction import (
    Config,
    Words,
    blinded,
    drawn,
    even_look,
    examined,
    label,
    looks,
    right,
    right_once,
    run,
    trained,
    works,
)
from nn.experiments.induction import _answer as answer

SMALL = Config(
    seed=1, networks=1, steps=300, vocabulary=16, context=16, shortest=5, width=16, heads=1, batch=16, judged=64
)


@pytest.fixture(scope="module")
def model():
    return trained(1, SMALL)[0]


def words(config=SMALL):
    return drawn(np.random.default_rng(0), 50, config)


def test_every_sequence_repeats_a_word_of_its_own_length_and_tokens():
    some = words()
    assert some.tokens.shape == (50, 17)
    assert set(some.periods) == {5, 6, 7, 8}
    assert len({tuple(row) for row in some.tokens}) == 50
    assert any(len(set(row[:period])) < period for row, period in zip(some.tokens, some.periods, strict=True))
    for row, period, again in zip(some.tokens, some.periods, some.again, strict=True):
        assert (row[period:] == row[:-period]).all()
        assert again.tolist() == [place >= period for place in range(16)]


def test_a_place_is_certain_where_the_present_token_stands_once_in_its_word():
    some = Words(np.array([[1, 2, 1, 3, 1, 2, 1, 3, 1], [4, 5, 4, 5, 4, 5, 4, 5, 4]]), np.array([4, 2]))
    assert some.once.astype(int).tolist() == [[0, 0, 0, 0, 0, 1, 0, 1], [0, 0, 1, 1, 1, 1, 1, 1]]


def test_the_share_right_at_certain_places_is_counted_there_alone(model):
    some = words()
    hit = model.forward(some.tokens[:, :-1]).argmax(-1) == some.tokens[:, 1:]
    places = [(i, t) for i in range(50) for t in range(16) if some.once[i, t]]
    assert right_once(model, some) == pytest.approx(np.mean([hit[place] for place in places]))
    assert right_once(model, Words(np.zeros((1, 17), int), np.array([5]))) == 0


def test_a_model_learns_to_repeat_what_it_saw_once_and_cannot_know_a_first_word(model):
    repeated, first = right(model, words())
    assert repeated > 2 * first
    _, curve = trained(1, Config(**{**vars(SMALL), "steps": 4, "curve_every": 2}))
    assert [step for step, _ in curve] == [0, 2, 4]


def test_the_same_can_be_asked_of_blocks_with_hidden_layers_and_of_small_embeddings():
    other = trained(1, Config(**{**vars(SMALL), "steps": 1, "wider": 2, "embedded": 0.02}))[0]
    assert (other.settings()["wider"], other.settings()["embedded"]) == (2, 0.02)
    assert trained(1, Config(steps=0, judged=1))[0].settings()["wider"] == 0


def test_a_look_is_the_mean_share_of_attention_at_the_place_that_counts(model):
    some = words()
    weights = model.attention_maps(some.tokens[:, :-1])[1][:, 0]
    induction = [weights[i, t, t - period + 1] for i, period in enumerate(some.periods) for t in range(period, 16)]
    previous = [weights[i, t, t - 1] for i in range(50) for t in range(1, 16)]
    found = looks(model, some, 2, 1)
    assert found == pytest.approx({"induction": np.mean(induction), "previous": np.mean(previous)}, rel=1e-5)


def test_a_blinded_head_hands_on_nothing_and_sees_again_afterwards(model):
    some, before = words(), model.parameters.vector.copy()
    whole = right(model, some)[0]
    assert blinded(model, some, []) == whole
    assert blinded(model, some, [(1, 1), (2, 1)]) < whole / 2
    assert (model.parameters.vector == before).all()
    model.parameters.named["Wo.2"][...] = 0
    expected = right(model, some)[0]
    model.parameters.vector[:] = before
    assert blinded(model, some, [(2, 1)]) == expected


def test_an_even_look_is_the_mean_of_one_over_the_places_in_sight():
    config = Config(context=4, shortest=2, judged=3)
    assert even_look(config) == pytest.approx(np.mean([1 / 3, 1 / 4]))


def test_every_head_of_every_model_has_a_row_and_the_picture_shows_the_strongest():
    result = run(Config(**{**vars(SMALL), "networks": 2, "steps": 20, "heads": 2}))
    assert [row[:2] for row in result.rows] == [
        (seed, head) for seed in seeds_of(1, 2) for head in ("1.1", "1.2", "2.1", "2.2")
    ]
    assert list(result.curves) == [f"model {seed}" for seed in seeds_of(1, 2)]
    assert len(result.labels) == 16
    assert set(result.labels) <= set("abcdefghijklmnop")
    assert [label(token) for token in (0, 25, 26)] == ["a", "z", "26"]
    assert [name.split(":")[1].split()[0] for name in result.maps] == ["induction", "previous"]
    assert "position looked at" in result.picture()
    assert 0.05 < result.facts["even look"] < 0.2
    with pytest.raises(ValueError, match=r"shortest is 9; allowed: 1\.\.8, half of the context"):
        run(Config(context=16, shortest=9))


def fact(repeated, without, serving=("2.1",)):
    serving = {"induction": list(serving), "previous": []}
    return {
        "repeated": repeated,
        "once": 0.99,
        "first": 0.1,
        "serving": serving,
        "without": {"induction": without, "previous": 0.9},
    }


def test_a_head_counts_only_if_the_model_knows_little_without_it():
    assert works(fact(0.9, 0.2))
    assert not works(fact(0.9, 0.6))
    assert not works(fact(0.4, 0.1))
    assert not works(fact(0.9, 0.2, serving=()))


def test_the_verdict_follows_the_numbers(model):
    good, bad = fact(0.9, 0.2), fact(0.6, 0.6, serving=())
    assert answer([good, good], 0.05).startswith(
        "Yes: 2 of 2 (100.0 %) models do it by induction heads, 0 otherwise. right in 0.90 of"
    )
    assert "(0.99 where the token stands once in its word) and 0.10 of first words, 0.20 without" in answer(
        [good], 0.05
    )
    assert "0.20 without its induction heads (2.1), no previous-token head; right in 0.60" in answer([good, bad], 0.05)
    assert answer([good, bad], 0.05).startswith("Not always: 1 of 2")
    assert answer([bad], 0.05).startswith(
        "No: 0 of 1 (0.0 %) models do it by induction heads, 1 otherwise. right in 0.60"
    )
    assert "0 otherwise" in answer([{**bad, "once": 0.9}], 0.05)
    assert answer([bad], 0.05).endswith("A head that looks everywhere alike would score 0.05.")
    found = examined(model, SMALL)
    assert found["serving"]["induction"] == [n for n, head in found["heads"].items() if head["induction"] >= 0.3]
