import pytest

from devtools.learn.catalog import opened
from devtools.learn.lookup import Lookup
from devtools.learn.query import terms
from devtools.learn.question import asked, phrases


@pytest.fixture
def ask(repository):
    repository.put(
        "LEARNINGS.md",
        "- merging branches hangs the PreToolUse hook\n- a spontaneous fix is slow\n- slow once more\n- a slow time\n",
    )

    def call(question):
        with opened(str(repository.path)) as catalog:
            return asked(Lookup(catalog), terms(question))

    return call


def stems(words):
    return [sorted(word.stems) for word in words]


def test_stop_words_are_left_out_unless_there_are_no_others(ask):
    assert stems(ask("why is the merge so spontaneous")) == [["merg"], ["spontaneou"]]
    assert stems(ask("the very")) == [["the"], []]


def test_a_mistyped_word_stands_for_the_nearest_ones(ask):
    assert stems(ask("brnaches")) == [["branch"]]
    assert stems(ask("xylophone")) == [[]]


def test_a_word_that_begins_alike_stands_for_one_that_is_not_there(ask):
    (word,) = ask("spontaneity")
    assert 0 < word.stems["spontaneou"] < word.worth


def test_kin_is_worth_less_than_the_word_itself(ask):
    (word,) = ask("hang")
    assert word.stems["hang"] == word.worth
    (kin,) = ask("deadlock")
    assert 0 < kin.stems["hang"] < kin.worth
    (often,) = ask("slow")
    assert often.stems["tim"] < often.stems["slow"]


def test_a_prefix_stands_for_every_word_that_goes_on_so(ask):
    assert stems(ask("br*")) == [["branch"]]
    assert stems(ask("pretool*")) == [["pretoolu"]]


def test_a_name_in_camel_case_is_asked_for_whole_where_it_stands_so_and_else_by_its_parts(ask):
    assert stems(ask("PreToolUse")) == [["pretoolu"]]
    assert stems(ask("mergeBranch")) == [["merg"], ["branch"]]
    assert stems(ask("a.merge")) == [["merg"]]


def test_several_words_in_quotes_must_stand_together():
    assert phrases(terms('"Merging branches" slow "one"')) == ["merg branch"]
