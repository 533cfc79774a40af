"""verify --format github writes an annotation at each line and a summary with the red evidence of each commit."""

import json

import pytest

from devtools.cli import run
from devtools.commands import verify_github as github
from devtools.errors import ToolError

ENTRY = {
    "commit": "a" * 40,
    "subject": "feat: x",
    "files": 2,
    "added": 3,
    "deleted": 1,
    "tdd": "proved",
    "problems": [],
}


def entry(**fields):
    return {**ENTRY, **fields}


@pytest.fixture
def history(repository):
    repository.put("a.py", "x = 1\n")
    repository.commit()
    repository.put("a.py", "x = 1\n\n\ndef f():\n    return 1\n")
    repository.put("test_a.py", "from a import f\n\n\ndef test_f():\n    assert f() == 1\n")
    repository.commit("feat: f")
    repository.put("a.py", "x = 1\n\n\ndef f():\n    return 2 - 1\n")
    repository.commit("feat: g\n\nbody")
    return repository


def test_a_pull_request_shows_each_commit_with_its_verdict_and_how_it_was_red(history, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv(github.VARIABLE, str(tmp_path / "summary.md"))
    for _ in range(2):  # the second time from the record
        assert run(["verify", "HEAD~2..HEAD", "--format", "github"]) == 1
    out = capsys.readouterr().out
    head = history.git("rev-parse", "HEAD")[:9]
    assert f"\n::error title=unproved%3A {head} feat%3A g::no new or changed test fails" in out
    text = (tmp_path / "summary.md").read_text()
    assert text.count("## devtools verify\n") == 2
    assert text.count("- red on the parent: `test_a.py::test_f`: `ImportError: cannot import name 'f' from 'a'") == 2
    assert f"| `{head}` | feat: g | 🔴 unproved | +1 -1 in 1 |" in text
    assert "feat: f | 🟢 proved |" in text


def test_json_names_the_red_evidence_and_stays_one_object(history, capsys):
    assert run(["verify", "HEAD~2..HEAD", "--format", "github", "--json"]) == 1
    commits = json.loads(capsys.readouterr().out)["commits"]
    assert [red["test"] for red in commits[0]["red"]] == ["test_a.py::test_f"]
    assert commits[1]["red"] == []


def test_an_annotation_stands_at_its_line_and_no_word_of_outside_makes_one():
    problem = {"code": "untested-code", "message": "100 %\n::error::forged", "path": "a,b:c.py", "line": 3}
    found = github.annotate([entry(problems=[problem], warnings=[{"code": "weak-test", "message": "\x1b[1m"}])])
    assert found == [
        f"::error file=a%2Cb%3Ac.py,line=3,title=untested-code%3A {'a' * 9} feat%3A x::100 %25%0A::error::forged",
        f"::warning title=weak-test%3A {'a' * 9} feat%3A x::\ufffd[1m",
    ]
    assert github.annotate([entry(fault="no git")]) == [f"::error title=tool%3A {'a' * 9} feat%3A x::no git"]


def test_words_of_outside_mark_nothing_up_in_the_summary():
    problem = {"code": "lint", "message": "a `b` <img>\n## x", "path": "a.py", "line": 2}
    text = github.summary([entry(subject="<b>|[x](y)", problems=[problem], fault="``", tdd="error")])
    assert "| \\<b\\>\\|\\[x\\]\\(y\\) | 🔴 error | +3 -1 in 2 |" in text
    assert "- **lint** `a.py:2` `` a `b` <img> ## x ``\n- **tool** ``` `` ```\n" in text
    assert github.summary([entry(tdd="no-code")]).count("\n") == 5
    assert "- **x** `m`" in github.summary([entry(problems=[{"code": "x", "message": "m"}])])


def test_a_summary_is_never_longer_than_github_takes():
    text = github.summary([entry(problems=[{"code": "x", "message": "é" * 1000}])] * 1000)
    assert len(text.encode()) < 1_000_000
    assert text.endswith("\n…\n")


def test_without_a_file_nothing_is_written_and_one_that_cannot_be_is_an_error(monkeypatch, tmp_path):
    monkeypatch.delenv(github.VARIABLE, raising=False)
    github.write([ENTRY])
    monkeypatch.setenv(github.VARIABLE, str(tmp_path))
    with pytest.raises(ToolError, match="cannot write the summary"):
        github.write([ENTRY])
