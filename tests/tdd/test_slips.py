import pytest

from devtools.tdd.slips import meant

STEPS = ("start", "red", "green", "done", "restore", "watch", "status")


@pytest.mark.parametrize("word", ["strat", "sart", "starrt", "stat", "strt"])
def test_a_letter_left_out_doubled_or_swapped_is_a_slip(word):
    assert meant(word, STEPS) in ("start", "status")


@pytest.mark.parametrize("word", ["start", "read", "match", "greet", "one", "store", "starts", ""])
def test_a_step_itself_and_another_word_are_none(word):
    assert meant(word, STEPS) == ""
