import sqlite3

from hypothesis import example, given
from hypothesis import strategies as st

from devtools.learn.query import Term, expression, score, terms


def test_a_query_is_words_prefixes_and_phrases():
    assert terms('merge conf* "red then green" it\'s') == [
        Term("merge"),
        Term("conf", prefix=True),
        Term("red then green"),
        Term("it's"),
    ]
    assert terms(' - "" * \x00 "never closed') == [Term("never closed")]


def test_operators_are_words_in_quotes():
    assert expression(terms("a AND NOT b*")) == '"a" "AND" "NOT" "b"*'
    assert expression(terms("a b"), every=False) == '"a" OR "b"'


@given(st.text(max_size=40))
@example('a" OR (b NEAR/2 c) ^d :e {f}:g + "')
@example("\udcff \x00 x")
def test_no_text_is_a_syntax_error(query):
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE docs USING fts5(text)")
    database.execute("INSERT INTO docs VALUES ('a b')")
    for every in (True, False):
        asked = expression(terms(query), every)
        assert not asked or database.execute("SELECT count(*) FROM docs WHERE docs MATCH ?", [asked]).fetchone()
    database.close()


def test_without_full_text_search_words_are_counted_at_their_start_and_stemmed():
    text = "Merging loses lines; a merge of two branches never does."
    assert score(terms("merges"), text) == 2
    assert score(terms("merge"), "merging") == 1
    assert score(terms("merges nothing"), text) == 0
    assert score(terms("merges nothing"), text, every=False) == 2
    assert score(terms('"two branch"'), text) == 1
    assert score(terms("ranches"), text) == 0
