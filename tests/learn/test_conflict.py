import pytest

from devtools.learn.conflict import sides

TWO = "# L\n<<<<<<< HEAD\n- a\n=======\n- b\n>>>>>>> other\n- c\n"
THREE = "<<<<<<< HEAD\r\n- a\r\n||||||| 1234\r\n- o\r\n=======\r\n>>>>>>> other\r\n"


def test_a_conflict_is_what_ours_and_theirs_had():
    assert sides(TWO) == ("# L\n- a\n- c\n", "# L\n- c\n", "# L\n- b\n- c\n", False)
    assert sides(THREE) == ("- a\r\n", "- o\r\n", "", True)


@pytest.mark.parametrize(
    "text", ["", "# L\n=======\n- a\n", TWO[: TWO.index(">")], "<<<<<<< a\n<<<<<<< b\n", ">>>>>>> a\n"]
)
def test_marks_that_are_not_whole_are_no_conflict(text):
    assert sides(text) is None


def test_what_only_looks_like_a_mark_is_text():
    assert sides(TWO.replace("- a", "<<<<<<<< a")).ours == "# L\n<<<<<<<< a\n- c\n"
