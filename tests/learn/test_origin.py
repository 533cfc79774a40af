from devtools.learn.markdown import Entry, key
from devtools.learn.origin import commits

LONG = "os._exit(0) inside a test ends pytest with exit code 0: the exit code alone says green"
BULLET = "`os._exit(0)` in a test ends pytest with exit code 0, so the exit code alone says green."


def test_a_trailer_counts_before_the_bullet_and_the_oldest_commit_before_a_later_one():
    logged = [Entry("one", commit="a"), Entry("One.", commit="b"), Entry(LONG, commit="c")]
    noted = [Entry("one", commit="z"), Entry("two", commit="y"), Entry("two", commit="x"), Entry(BULLET, commit="w")]
    found = commits(["one", "two", BULLET, "three"], logged, noted)
    assert found == {"one": "a", "two": "x", key(BULLET): "c", key(LONG): "c"}


def test_a_text_that_shares_no_word_with_a_trailer_has_no_commit():
    assert commits([BULLET], [Entry("entirely other", commit="a")], []) == {"entirely other": "a"}
