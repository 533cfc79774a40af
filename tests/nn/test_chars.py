"""The character model: better than counting, repeatable, resumed bit for bit, refusals before any work."""

import pytest

from nn.chars import Config, Learned, learn
from nn.train import Outcome

TEXT = "the cat saw the dog. the dog saw the cat. " * 12
SMALL = {"text": TEXT, "context": 12, "width": 16, "heads": 2, "blocks": 1, "learning_rate": 0.01, "sample": 20}


def small(**settings):
    return Config(**{**SMALL, "epochs": 4, **settings})


def test_a_text_with_a_pattern_is_learned_beyond_what_counting_pairs_reaches():
    learned = learn(small(epochs=12, temperature=0.1, prompt="the "))
    facts = learned.facts
    assert facts["losses"][-1] < 0.5 * facts["baselines"]["pairs"] < facts["baselines"]["single"]
    assert facts["characters"] == {"learned": 454, "held_out": 50}
    assert facts["vocabulary"] == " .acdeghostw"
    assert len(facts["met"]) == facts["epochs"] == 12
    assert facts["sample"].startswith("the ")
    assert len(facts["sample"]) == 24
    assert facts["sample"][4:7] in ("cat", "dog")


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not():
    first, again, other = (learn(small(seed=seed)) for seed in (3, 3, 4))
    assert first == again
    assert first.outcome.losses != other.outcome.losses


def test_a_killed_training_goes_on_and_writes_what_an_unbroken_one_writes(tmp_path):
    def kill(epoch, loss):
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn(small(checkpoint=tmp_path / "c.npz"), kill)
    seen = []
    assert learn(small(checkpoint=tmp_path / "c.npz"), lambda epoch, loss: seen.append(epoch)) == learn(small())
    assert seen == [3, 4]
    assert learn(small(checkpoint=tmp_path / "c.npz", epochs=0)).outcome.losses == learn(small()).outcome.losses


def test_the_verdict_follows_the_numbers_and_the_picture_has_the_baselines():
    good = Learned(Outcome([2.0, 1.0], "finished", [2.5, 1.5]), (90, 10), 3.0, 2.0, "abc", "abca")
    curve, verdict, beside, gap, written = good.text().splitlines()
    assert verdict == "finished after 2 epochs: 1.000 nats per character on 10 never seen, below both"
    assert beside == "counting reaches 3.000 with single characters and 2.000 with pairs"
    assert (curve, gap, written) == ("█▁", "", "abca")
    bad = Learned(Outcome([2.1], "finished", [2.5]), (90, 10), 3.0, 2.0, "abc", "abca")
    assert bad.text().splitlines()[1].endswith("not below both")
    assert "finished after 0 epochs: nan" in Learned(Outcome(), (90, 10), 3.0, 2.0, "abc", "a").text()
    assert all(f">{name}</text>" in good.picture() for name in ("never seen", "met on the way", "single", "pairs"))


def test_a_diverged_training_says_so_without_warnings_and_writes_nothing(recwarn):
    learned = learn(small(learning_rate=1e30, prompt="cat"))
    assert learned.facts["ended"] == "diverged"
    assert learned.written == "cat"
    assert not recwarn.list


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"text": ""}, "a text of 0 characters leaves 0 to be judged on; a context of 12 needs more than 12"),
        ({"text": "abc" * 30}, "a text of 90 characters leaves 9 to be judged on"),
        ({"prompt": "zoo"}, "the character 'z' is not in the vocabulary"),
        ({"temperature": 0.0}, "temperature is 0.0; it must be a positive number"),
        ({"sample": -1}, "sample is -1; it must be at least 0"),
        ({"heads": 3}, "3 heads do not divide a width of 16"),
        ({"context": 0}, "context is 0; allowed: a whole number of at least 1"),
        ({"batch_size": 0}, "batch size is 0; it must be at least 1"),
        ({"learning_rate": -1.0}, "learning rate is -1.0; it must be a positive number"),
        ({"seed": -1}, "seed is -1; allowed"),
    ],
)
def test_what_is_not_allowed_is_refused_before_any_work(settings, said):
    def never(epoch, loss):
        raise AssertionError("trained")

    with pytest.raises(ValueError, match=said):
        learn(small(**settings), never)
