import json

import pytest

from devtools.cli import run


@pytest.fixture
def history(repository, capsys):
    repository.put("a", "1\n")
    repository.commit("feat(nn): trace\n\nwhy\n\nInsight: numbers lie\nTDD: red->green (2 tests)")
    repository.put("a", "2\n")
    repository.commit("docs: say <b>so</b>")

    def call(*arguments, code=0):
        assert run(["history", *arguments]) == code
        captured = capsys.readouterr()
        return json.loads(captured.out) if "--json" in arguments else captured.out + captured.err

    return call


def test_the_log_reads_as_concepts_in_order(history):
    lines = history().splitlines()
    assert lines[0].startswith("2 commits, 2 topics, 1 red->green cycle, 1 insight; ")
    assert lines[1] == "nn"
    assert lines[2].endswith(" +1 -0 trace [red->green, 2 tests]")
    assert lines[3:5] == ["    insight: numbers lie", "Documents"]
    assert "1 earlier" in history("--budget", "90")


def test_json_has_the_fields_of_every_concept_and_filters_hold(history):
    first, second = history("--json")["concepts"]
    assert (first["concept"], first["topic"], first["type"], first["files"]) == ("trace", "nn", "feat", 1)
    assert (first["tdd"], first["insights"]) == ({"cycle": "red->green", "tests": 2}, ["numbers lie"])
    assert (second["added"], second["deleted"], second["tdd"]) == (1, 1, None)
    assert len(history("--json", "--since", "HEAD~1")["concepts"]) == 1
    assert len(history("--json", "--topic", "NN")["concepts"]) == 1
    assert len(history("--json", "--grep", "lie numbers")["concepts"]) == 1
    assert len(history("--json", "lie", "NUMBERS")["concepts"]) == 1
    assert history("--topic", "x") == "no commit fits; topics: nn, Documents\n"
    assert "no commit 'nonsense'" in history("--since", "nonsense", code=2)


def test_the_page_is_written_and_named(history, repository):
    assert history("--html", "page.html").startswith("page.html: 2 commits")
    text = (repository.path / "page.html").read_text()
    assert "say &lt;b&gt;so&lt;/b&gt;" in text
    assert history("--html", "page.html", "--topic", "x") == "page.html: no commit\n"
    assert history("--html", "page.html", "--json")["html"] == "page.html"
    assert "cannot write no/page.html" in history("--html", "no/page.html", code=2)


def test_a_repository_without_a_commit_is_told(repository, capsys):
    assert run(["history"]) == 0
    assert capsys.readouterr().out == "no commit yet\n"
