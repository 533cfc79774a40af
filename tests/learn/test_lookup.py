import pytest

from devtools.learn.catalog import opened
from devtools.learn.lookup import Lookup


@pytest.fixture(params=[True, False], ids=["fts5", "without fts5"])
def lookup(repository, request):
    repository.put("a", "1")
    repository.commit("feat: rest\n\nThe moon is calm.\n\nInsight: a calm cache lies")
    repository.put("LEARNINGS.md", "## Speed\n\n- a calm cache lies\n- two caches lie twice\n")
    with opened(str(repository.path), request.param) as catalog:
        yield Lookup(catalog)


def test_it_tells_in_how_many_entries_a_stem_stands(lookup):
    assert lookup.size == 3
    assert lookup.counts(["cach", "calm", "twic", "nowhere"]) == {"cach": 3, "calm": 2, "twic": 1}


def test_words_are_found_by_their_beginning_and_their_end(lookup):
    assert lookup.beginning("cach") == [("cache", "cach"), ("caches", "cach")]
    assert sorted(lookup.ending("ches")) == ["caches"]
    assert lookup.ending("xyz") == []


def test_the_entries_that_hold_the_stems_of_most_worth_come_first(lookup):
    assert lookup.holding([{"twic": 3.0}, {"cach": 1.0}], []) == [3, 2, 1]
    assert lookup.holding([{"cach": 1.0}], ["calm cach"]) == [2, 1]
    assert lookup.holding([{"nowhere": 1.0}], []) == []


def test_of_kin_in_one_entry_the_best_counts(lookup):
    assert lookup.holding([{"cach": 1.0, "calm": 1.0, "lie": 1.0}, {"twic": 0.5}], []) == [3, 2, 1]


def test_an_insight_stands_in_the_place_of_its_commit(lookup):
    (row,) = lookup.rows([1])
    assert (row.number, row.kind, row.topic) == (2, "insight", "Speed")
    assert row.parts["text"] == ["a", "calm", "cach", "lie"]
    assert [each.number for each in lookup.rows([1, 2, 3])] == [2, 3]


def test_an_entry_and_its_commit_are_told_by_number(lookup):
    kind, place, text, topic = lookup.entry(2)
    assert (kind, text, topic) == ("insight", "a calm cache lies", "Speed")
    date, subject, files = lookup.commit(place)
    assert (len(date), subject, files) == (10, "feat: rest", ["a"])
    assert lookup.commit("") == ("", "", [])
