import pytest

from devtools.learn.spelling import allowed, distance, nearest, pieces


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        *(("merge", "merge", 0), ("merge", "mrege", 1), ("merge", "merg", 1), ("merge", "merrge", 1)),
        *(("merge", "marge", 1), ("branches", "barnchse", 2), ("abc", "xyz", 3), ("merge", "merging", 3)),
        ("ca", "abc", 3),
    ],
)
def test_a_letter_too_many_too_few_or_wrong_and_two_swapped_are_one_error_each(one, other, errors):
    assert distance(one, other, 9) == distance(other, one, 9) == errors


def test_counting_stops_where_there_are_more_errors_than_asked_for():
    assert distance("aaaa", "bbbb", 1) == 2
    assert distance("a", "aaaaaa", 1) == 2


def test_a_long_word_may_hold_two_errors_a_short_one_or_a_number_none():
    assert [allowed(word) for word in ("abc", "abcd", "abcdefgh", "sha256sum")] == [0, 1, 2, 0]


@pytest.mark.parametrize("word", ["merge", "branch", "receive", "suite"])
def test_one_error_leaves_the_beginning_or_the_end_whole(word):
    begin, end = pieces(word)
    assert begin
    assert end
    typed = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]
    typed += [word[:at] + word[at + 1 :] for at in range(len(word))]
    assert all(each.startswith(pieces(each)[0]) for each in typed)
    assert all(word.startswith(pieces(each)[0]) or word.endswith(pieces(each)[1]) for each in typed)


def test_the_word_with_the_fewest_errors_is_meant_and_every_one_of_those():
    assert nearest("mrege", ["merge", "marge", "other"]) == ["merge"]
    assert nearest("cart", ["card", "care", "carry", "x"]) == ["card", "care"]
    assert nearest("branhces", ["branches", "branch"]) == ["branches"]


def test_a_word_that_is_there_needs_no_other_and_one_that_is_like_none_gets_none():
    assert nearest("merge", ["merge", "marge"]) == []
    assert nearest("sourdough", ["source", "dough"]) == []
    assert nearest("cat", ["car"]) == []
    assert nearest("word", []) == []


def test_a_short_word_with_another_first_letter_is_another_word_unless_two_are_swapped():
    assert nearest("bread", ["read", "tread"]) == []
    assert nearest("emrge", ["merge"]) == ["merge"]
    assert nearest("xerging", ["merging"]) == ["merging"]
