import json

import pytest

from devtools.cli import run


@pytest.fixture
def learn(repository, capsys):
    def call(*arguments, code=0):
        assert run(["learn", *arguments]) == code
        captured = capsys.readouterr()
        return json.loads(captured.out) if "--json" in arguments else captured.out + captured.err

    return call


def file(repository):
    return (repository.path / "LEARNINGS.md").read_text()


def test_an_insight_is_added_once_and_its_place_is_told(learn, repository):
    assert learn("add", "one", "thing", "--topic", "Speed") == "learned: LEARNINGS.md:5 (Speed)\n"
    assert learn("add", "One  thing.") == "already there: LEARNINGS.md:5 (Speed)\n"
    assert learn("add", "two", "--json")["added"] is True
    assert file(repository).count("\n- ") == 2
    learn("add", r"x \!= y")
    assert "\n- x != y\n" in file(repository)
    assert "the insight is empty" in learn("add", " ", code=2)


def test_words_are_added_with_an_insight_and_to_one_that_is_there(learn, repository):
    learn("add", "One.", "--words", "first uno")
    learn("add", "Two.")
    assert learn("add", "two", "--words", "second", "--json")["added"] is True
    assert [entry["words"] for entry in learn("list", "--json")["entries"]] == ["first uno", "second"]
    assert "<!--" not in learn("list")
    assert "--words is for add" in learn("sync", "--words", "x", code=2)


def test_bare_learn_lists_by_topic_and_folds_what_the_budget_cannot_hold(learn, repository):
    assert learn() == "no insight yet: devtools learn add TEXT\n"
    repository.put("LEARNINGS.md", "- first\n\n## B\n- two\n- three\n\n## A\n- " + "long " * 90 + "\n")
    text = learn()
    assert text.startswith("4 insights in 3 topics\n(no topic)\n- first\nB\n- two\n- three\nA\n- long ")
    assert learn("--budget", "60").splitlines()[-2].endswith("long …")
    assert learn("list", "--topic", "b") == "2 insights in 1 topic\nB\n- two\n- three\n"
    assert learn("list", "--topic", "C") == "no insight under 'C'; topics: B, A\n"
    assert learn("list", "--json")["entries"][1] == {"text": "two", "topic": "B", "line": 4}
    assert "search" in learn("list", "words", code=2)


def test_other_words_are_searched_for_so_that_a_question_needs_no_action(learn, repository):
    repository.put("LEARNINGS.md", "- caches guess\n")
    assert learn("what", "caches", "guess", "--json")["hits"][0]["text"] == "caches guess"


def test_sync_adds_what_plain_git_committed_and_a_second_time_nothing(learn, repository):
    assert learn("sync") == "LEARNINGS.md has them all\n"
    repository.put("a", "1")
    repository.commit("feat: a\n\nInsight: caches lie\nTopic: Speed")
    assert learn("sync") == "1 insight added to LEARNINGS.md\n- caches lie\n"
    before = file(repository)
    assert "## Speed\n\n- caches lie\n" in before
    assert learn("sync") == "LEARNINGS.md has them all\n"
    repository.put("a", "2")
    repository.git("commit", "-q", "-am", "fix: a\n\nInsight: caches lie\nInsight: clocks too")
    assert [entry["text"] for entry in learn("sync", "--json")["added"]] == ["clocks too"]
    assert learn("sync", "--quiet") == ""
    assert file(repository) == before.replace("## Speed", "## General\n\n- clocks too\n\n## Speed")
    assert "takes no words" in learn("sync", "now", code=2)


def test_what_a_person_took_out_again_is_not_brought_back(learn, repository):
    repository.put("a", "1")
    repository.commit("feat: a\n\nInsight: one\nInsight: two")
    learn("sync")
    repository.put("LEARNINGS.md", "# Learnings\n")
    repository.git("commit", "-q", "--amend", "-m", "feat: a, amended\n\nInsight: one\nInsight: two\nInsight: three")
    assert [entry["text"] for entry in learn("sync", "--json")["added"]] == ["three"]
    repository.commit("docs: what was learned")
    repository.put("LEARNINGS.md", "# Learnings\n")
    repository.commit("docs: not true after all")
    (repository.state / "learn.json").unlink()  # what no commit of the file remembers, it alone knows
    assert [entry["text"] for entry in learn("sync", "--json")["added"]] == ["one", "two"]


def test_sync_keeps_still_while_a_merge_waits_for_the_person(learn, repository):
    repository.put("a", "1")
    repository.commit("feat: a\n\nInsight: one")
    repository.git("update-ref", "MERGE_HEAD", "HEAD")
    assert learn("sync", "--json")["added"] == []
    assert not (repository.path / "LEARNINGS.md").exists()
    repository.git("update-ref", "-d", "MERGE_HEAD")
    assert len(learn("sync", "--json")["added"]) == 1


def test_search_shows_the_insight_its_commit_and_what_else_has_the_words(learn, repository):
    repository.put("a", "1")
    first = repository.commit("feat: cache\n\nInsight: Caches lie\nTopic: Speed")
    learn("sync")
    repository.put("a", "2")
    second = repository.commit("fix: clean up\n\nThe cache\nwas stale.")
    date = repository.git("log", "-1", "--format=%as").strip()
    assert learn("search", "caches").splitlines() == [
        "2 hits",
        "- Caches lie (Speed)",
        f"  {first[:9]} {date} feat: cache",
        f"- {second[:9]} {date} fix: clean up",
        "  The cache",
    ]
    assert learn("search", "--topic", "speed", "cache", "--json")["hits"][0]["commit"] == first
    assert len(learn("search", "--topic", "speed", "cache", "--json")["hits"]) == 1


def test_what_only_comes_near_is_shown_as_no_hit(learn, repository):
    repository.put("LEARNINGS.md", "- Caches lie\n")
    text = learn("search", "caching", "violins", "in", "Lisbon").splitlines()
    assert text == ["nothing has 'caching violins in Lisbon'; the nearest are:", "- Caches lie", "  not committed yet"]
    data = learn("search", "caching", "violins", "in", "Lisbon", "--json")
    assert (data["hits"], [hit["text"] for hit in data["nearest"]]) == ([], ["Caches lie"])


def test_several_phrasings_are_searched_together(learn, repository):
    repository.put("LEARNINGS.md", "- Caches lie\n- Clocks too\n- Parsers guess\n")
    found = learn("search", "cache", "--or", "clock", "--json")
    assert (sorted(hit["text"] for hit in found["hits"]), found["query"]) == (
        ["Caches lie", "Clocks too"],
        "cache or clock",
    )
    assert len(learn("what", "of", "clocks", "--or", "parser", "--json")["hits"]) == 2
    assert "--or is for search" in learn("sync", "--or", "x", code=2)


def test_files_that_are_changed_make_what_touched_them_nearer(learn, repository):
    for name in ("engine/a.py", "tools/b.py"):
        repository.put(name, "1")
        repository.commit(f"feat: it\n\nInsight: the order of {name[-4]} matters")
    learn("sync")
    repository.put("engine/a.py", "2")
    assert learn("search", "order matters", "--json")["hits"][0]["text"] == "the order of a matters"
    repository.git("checkout", "-q", "engine/a.py")
    repository.put("tools/b.py", "2")
    assert learn("search", "order matters", "--json")["hits"][0]["text"] == "the order of b matters"


def test_no_query_is_an_error_of_ours_and_nothing_found_is_said(learn):
    assert "nothing to search for" in learn("search", '"*"', code=2)
    assert learn("search", 'a" OR (b', "NEAR/2").startswith("nothing has 'a\" OR (b NEAR/2'")
    assert len(learn("search", "x" * 400)) < 500


def test_a_long_hit_folds_to_its_first_words_and_a_very_long_one_to_the_sentence_that_answers(learn, repository):
    repository.put("LEARNINGS.md", "- " + "caches lie " * 60 + "\n")
    assert learn("search", "caches", "--budget", "70").splitlines()[1].endswith("… (not committed yet)")
    repository.put("LEARNINGS.md", "- " + "clocks lie " * 99 + "and so on. A parser guesses.\n")
    line = learn("search", "parser").splitlines()[1]
    assert (line.startswith("- clocks lie"), line.endswith("… A parser guesses."), len(line) < 300) == (
        True,
        True,
        True,
    )


@pytest.mark.parametrize("state", ['{"head": "--output=x", "own": 7}', '{"head": 7, "own": [[]]}', "[]"])
def test_a_memory_of_another_shape_is_as_if_it_were_not_there(repository, state):
    repository.put("a", "")
    repository.commit("feat: a\n\nInsight: one is learned")
    repository.keep("learn.json", state)
    assert run(["learn", "sync"]) == 0
    assert "- one is learned" in (repository.path / "LEARNINGS.md").read_text()
    assert not (repository.path / "x").exists()
