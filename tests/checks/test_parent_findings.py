"""A commit is held to what it makes worse."""

import json

import pytest

from devtools.cli import run

OLD = "import os\n\n\ndef f( ):\n    return 1\n"


@pytest.fixture
def commit(repository, capsys):
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n[checks]\ntypes = 'true'\n")
    repository.put(".gitignore", "__pycache__/\n.*_cache/\n")
    repository.put("a.py", OLD)
    repository.put("test_a.py", "from a import f\n\n\ndef test_red():\n    assert f() == 2\n")
    repository.commit()

    def call(*arguments):
        capsys.readouterr()
        code = run(["commit", "--json", *arguments])
        return code, json.loads(capsys.readouterr().out)

    return call


def test_what_was_found_before_refuses_no_commit_and_is_counted_in_the_line_of_success(commit, repository, capsys):
    repository.put("a.py", "# Moved.\n" + OLD)
    assert run(["commit", "-m", "chore: move", "a.py"]) == 0
    said = capsys.readouterr().out
    for words in ("1 old lint finding is", "1 old format finding is", "1 old test failure is"):
        assert f"; {words} not counted" in said
    assert run(["hygiene"]) == 1


def test_what_is_worse_refuses_and_only_that_is_told(commit, repository):
    repository.put("a.py", "import sys\n" + OLD)
    repository.put("test_a.py", "def test_red():\n    assert False\n\n\ndef test_new():\n    assert False\n")
    code, answer = commit("-m", "chore: worse", "a.py", "test_a.py")
    assert code == 1
    found = [(each["code"], each["message"]) for each in answer["problems"]]
    assert {code for code, _ in found} == {"lint", "tests"}
    said = " ".join(words for _, words in found)
    assert ("`sys`" in said, "`os`" in said, "test_new" in said, "test_red" in said) == (True, False, True, False)


def test_a_first_commit_has_no_parent_to_blame(repository, capsys):
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n[checks]\ntests = 'true'\ntypes = 'true'\n")
    repository.put("a.py", "import os\n")
    assert run(["commit", "-m", "chore: begin", "a.py", "devtools.toml"]) == 1
    assert "lint (1 finding)" in capsys.readouterr().out
