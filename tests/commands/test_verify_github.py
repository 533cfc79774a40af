"""verify --format github writes an annotation at each line and a summary with the red evidence of each commit."""

import pytest

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
