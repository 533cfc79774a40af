"""A result reads well, is aligned, and draws its curves."""

from nn.experiments.result import Result, share

RESULT = Result("Why?", ("name", "loss"), [("one", 0.123456), ("three", 2)], "So.", {}, curves={"a": [(0, 1), (1, 0)]})


def test_a_result_is_question_aligned_table_and_answer():
    assert RESULT.text().splitlines() == ["Why?", "", "name   loss", "one    0.1235", "three  2", "", "So."]


def test_a_result_draws_its_curves_under_its_question():
    assert "Why?" in RESULT.picture()
    assert "<polyline" in RESULT.picture()


def test_a_share_says_both_numbers():
    assert share(3, 4) == "3 of 4 (75.0 %)"
