from hypothesis import example, given
from hypothesis import strategies as st

from devtools.learn.query import Term, terms


def test_a_query_is_words_prefixes_and_phrases():
    assert terms('merge conf* "red then green" it\'s') == [
        Term("merge"),
        Term("conf", prefix=True),
        Term("red then green"),
        Term("it's"),
    ]
    assert terms(' - "" * \x00 "never closed') == [Term("never closed")]


@given(st.text(max_size=40))
@example('a" OR (b NEAR/2 c) ^d :e {f}:g + "')
@example("\udcff \x00 x")
def test_every_text_is_a_query_and_each_term_of_it_has_a_letter_or_a_digit(query):
    assert all(any(map(str.isalnum, term.text)) for term in terms(query))
