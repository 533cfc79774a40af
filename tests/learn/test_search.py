import pytest

from devtools.learn.markdown import Entry, add
from devtools.learn.query import terms
from devtools.learn.search import search

CACHE = Entry("A cache guesses at the age of a file: 3 of 10 were stale.", "Speed")
CLOCK = Entry("The clock of a virtual machine went back by two seconds.", "Time", words="time travel backwards")
PARSER = Entry("Our parser took a comment for code.", "Parsing")


@pytest.fixture(params=[True, False], ids=["fts5", "without fts5"])
def find(repository, request):
    def call(*questions, limit=10, **options):
        asked = [terms(question) for question in questions]
        return search(str(repository.path), asked, limit, fts=request.param, **options)

    return call


@pytest.fixture
def texts(find, repository):
    repository.put("LEARNINGS.md", add("", [CACHE, CLOCK, PARSER]))

    def call(*questions, **options):
        return [hit.text for hit in find(*questions, **options).hits]

    return call


def test_a_whole_question_finds_the_insight_by_the_words_that_tell_something(texts):
    assert texts("how old may a cached file be, and why is it stale?")[0] == CACHE.text


def test_typing_errors_are_set_right_by_the_words_that_are_there(texts):
    assert texts("prasers commment") == [PARSER.text]
    assert texts("vitrual mahcine") == [CLOCK.text]


def test_the_words_by_which_an_insight_is_to_be_found_find_it(texts):
    assert texts("backwards time travelling") == [CLOCK.text]


def test_a_word_that_developers_use_for_another_finds_it_too(texts):
    assert texts("outdated caches") == [CACHE.text]


def test_a_bad_match_is_no_hit_but_the_nearest_are_known(find, repository):
    repository.put("LEARNINGS.md", add("", [CACHE, CLOCK, PARSER]))
    found = find("sourdough bread rests in a machine")
    assert (found.hits, [hit.text for hit in found.nearest]) == ([], [CLOCK.text])
    assert find("sourdough") == ([], [])


def test_beside_a_good_match_a_weak_one_is_none(texts):
    assert texts("clock of a virtual machine that went back two seconds, by a file") == [CLOCK.text]


def test_several_phrasings_are_ranked_together(texts):
    assert texts("machine code", "comment parser")[:2] == [PARSER.text, CLOCK.text]
    assert texts("virtual", "clock machine", "parser")[0] == CLOCK.text


def test_a_prefix_and_a_phrase_are_taken_at_their_word(texts):
    assert texts("pars*") == [PARSER.text]
    assert texts('"virtual machine"') == [CLOCK.text]
    assert texts('"machine virtual"') == []
    assert texts("of the") != []


def test_a_limit_and_a_topic_narrow_it(texts):
    assert len(texts("machine parser", limit=1)) == 1
    assert texts("parser machine", topic="time") == [CLOCK.text]


def test_the_commit_of_an_insight_speaks_for_it_and_is_no_hit_of_its_own(find, repository):
    repository.put("a", "1")
    clicked = repository.commit(f"feat: measure ages\n\nFreshness was assumed.\n\nInsight: {CACHE.text}")
    repository.put("LEARNINGS.md", add("", [CACHE]))
    repository.commit("docs: freshness\n\nWhy it\nmatters that freshness is known.")
    (first,) = find("freshness assumed").hits
    assert (first.text, first.commit, first.subject) == (CACHE.text, clicked, "feat: measure ages")
    (second,) = find("freshness matters").hits
    assert (second.kind, second.passage) == ("commit", "matters that freshness is known.")


def test_the_sentence_that_answers_is_named(find, repository):
    repository.put("LEARNINGS.md", "- One thing is long. A cache lies. Another is short.\n")
    assert find("caches").hits[0].passage == "A cache lies."


def test_an_insight_from_a_commit_that_touched_a_file_at_hand_is_nearer(find, repository):
    for name in ("engine/a.py", "tools/b.py"):
        repository.put(name, "1")
        repository.commit(f"feat: it\n\nInsight: the order of {name[-4]} matters")
    repository.put("LEARNINGS.md", "- the order of a matters\n- the order of b matters\n")
    for files in (["engine/a.py"], ["engine/other.py"]):
        assert find("order matters", files=files).hits[0].text == "the order of a matters"
    assert find("order matters", files=["tools/b.py"]).hits[0].text == "the order of b matters"
