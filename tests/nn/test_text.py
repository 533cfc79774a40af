"""A text as tokens: there and back, windows one step apart, a fair split, baselines that are counted."""

import math

import numpy as np
import pytest

from nn.text import Vocabulary, counted, shipped, split, text_of, windows


def test_what_was_encoded_is_decoded_to_the_same_text():
    vocabulary = Vocabulary("banana, bread")
    assert vocabulary.characters == " ,abdenr"
    assert len(vocabulary) == 8
    assert vocabulary.encode("bad").tolist() == [3, 2, 4]
    assert vocabulary.decode(vocabulary.encode("a bread")) == "a bread"


def test_a_character_that_the_vocabulary_lacks_is_named():
    with pytest.raises(ValueError, match=r"the character 'z' is not in the vocabulary; allowed: 'ab'"):
        Vocabulary("abba").encode("az")


def test_the_shipped_text_is_plain_long_enough_and_has_few_characters():
    text = shipped()
    assert text.startswith("The Clockmaker's Apprentice\n")
    assert 20_000 < len(text) < 100_000
    assert text.isascii()
    assert len(Vocabulary(text)) == 55


def test_a_file_is_read_as_utf8_and_refused_by_name_where_it_is_none(tmp_path):
    (tmp_path / "good.txt").write_bytes("für".encode())
    (tmp_path / "bad.txt").write_bytes(b"ab\xff")
    assert text_of(tmp_path / "good.txt") == "für"
    with pytest.raises(ValueError, match=r"bad.txt is not UTF-8 text: invalid start byte at byte 2"):
        text_of(tmp_path / "bad.txt")


def test_windows_are_pieces_and_the_same_pieces_one_token_further():
    x, y = windows(np.arange(10), 3, 4)
    assert x.tolist() == [[0, 1, 2], [4, 5, 6]]
    assert y.tolist() == [[1, 2, 3], [5, 6, 7]]
    with pytest.raises(ValueError, match="the text has 3 characters; a context of 3 needs at least 4"):
        windows(np.arange(3), 3, 1)


def test_the_last_share_is_held_out_and_nothing_is_in_both():
    learned, judged = split(np.arange(10), 0.25)
    assert (learned.tolist(), judged.tolist()) == (list(range(8)), [8, 9])
    assert len(split(np.arange(3), 0.01)[1]) == 1


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, float("nan")])
def test_a_share_that_leaves_nothing_is_refused(share):
    with pytest.raises(ValueError, match=r"the held-out share is .*; it must lie between 0 and 1"):
        split(np.arange(10), share)


def test_counting_single_tokens_costs_their_entropy_and_counting_pairs_what_the_pair_leaves_open():
    # 0 1 0 1 ...: single tokens are a coin toss, and the one before decides.
    text = np.arange(2000) % 2
    assert counted(text, text, 2, 0) == pytest.approx(math.log(2), abs=1e-3)
    assert counted(text, text, 2, 1) == pytest.approx(0.0, abs=1e-3)
    thirds = np.arange(3000) % 3 // 2  # 0 0 1 0 0 1 ...
    assert counted(thirds, thirds, 2, 0) == pytest.approx(-(2 * math.log(2 / 3) + math.log(1 / 3)) / 3, abs=1e-3)
    assert counted(thirds, thirds, 2, 1) == pytest.approx(2 / 3 * math.log(2), abs=1e-3)


def test_a_pair_is_predicted_from_the_token_before_it_and_not_from_the_one_after():
    """The pairs 0 0, 0 0, 0 1, 1 2, 2 0 are no mirror of themselves: shares per row differ from shares per column."""
    text = np.tile([0, 0, 0, 1, 2], 400)
    shares = [2 / 3, 2 / 3, 1 / 3, 1.0, 1.0]
    assert counted(text, text, 3, 1) == pytest.approx(-sum(map(math.log, shares)) / 5, abs=1e-3)


def test_a_single_pair_has_its_own_share_though_over_the_whole_text_all_shares_may_level_out():
    """Every token is followed as often as it follows: what is wrong with one pair can be right in the mean of all."""
    text = np.tile([0, 0, 0, 1, 2], 400)
    for pair, share in {(0, 0): 2 / 3, (0, 1): 1 / 3, (1, 2): 1.0, (2, 0): 1.0}.items():
        assert counted(text, np.array(pair), 3, 1) == pytest.approx(-math.log(share), abs=1e-2), pair


def test_what_was_never_counted_is_not_impossible():
    assert math.isfinite(counted(np.array([0, 0, 1]), np.array([2, 2, 2]), 3, 1))
    assert counted(np.array([0, 0, 1]), np.array([2, 2, 2]), 3, 0) == pytest.approx(math.log(3 + 2), abs=0.02)
