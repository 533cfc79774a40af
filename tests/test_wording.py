import pytest

from devtools.wording import counted


@pytest.mark.parametrize(("number", "words"), [(0, "0 tests"), (1, "1 test"), (26921, "26921 tests")])
def test_one_is_no_plural(number, words):
    assert counted(number, "test") == words
