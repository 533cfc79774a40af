"""devtools commit --fix, with the real ruff."""

import json

import pytest

from devtools.cli import run

SETTINGS = "[tdd]\nmode = 'off'\n[checks]\ntypes = 'true'\ntests = 'true'\n"
UGLY = "import os\nx = {  'a':1 }\n"
FINE = 'x = {"a": 1}\n'


@pytest.fixture
def commit(repository, capsys):
    """Calls devtools commit --fix --json in a repository whose checks are ruff's two."""
    repository.put("devtools.toml", SETTINGS)
    repository.put(".gitignore", ".*_cache/\n")
    repository.put("a.py", "")
    repository.put("b.py", UGLY)
    repository.commit()

    def call(*arguments):
        capsys.readouterr()
        code = run(["commit", "--fix", "--json", *arguments])
        return code, json.loads(capsys.readouterr().out)

    return call


def world(repository):
    """All that a refusal must leave as it is."""
    files = {path.name: path.read_bytes() for path in repository.path.iterdir() if path.is_file()}
    return files, (repository.path / ".git/index").read_bytes(), repository.git("rev-parse", "HEAD")


def test_a_named_file_is_fixed_in_the_commit_the_index_and_the_working_tree(commit, repository):
    repository.put("a.py", UGLY)
    code, answer = commit("-m", "docs: x", "a.py")
    assert (code, answer["fixed"], answer["left"], answer["added"]) == (0, ["a.py"], [], 1)
    assert repository.git("show", "HEAD:a.py") == (repository.path / "a.py").read_text() == FINE
    assert (repository.path / "b.py").read_text() == UGLY
    assert repository.git("status", "--porcelain") == ""


def test_a_file_with_unsaved_changes_is_fixed_in_the_commit_alone(commit, repository, capsys):
    repository.put("a.py", UGLY)
    repository.git("add", "a.py")
    repository.put("a.py", UGLY + "later = 1\n")
    assert run(["commit", "-m", "docs: x", "--fix"]) == 0
    said = capsys.readouterr().out
    assert said.split("; ")[1:3] == ["fixed a.py", "your working tree keeps its own a.py"]
    assert repository.git("show", "HEAD:a.py") == FINE
    assert (repository.path / "a.py").read_text() == UGLY + "later = 1\n"
    assert repository.git("status", "--porcelain") == " M a.py\n"


def test_a_dry_run_says_what_it_would_fix_and_changes_nothing(commit, repository):
    repository.put("a.py", UGLY)
    before = world(repository)
    code, answer = commit("-m", "docs: x", "--dry-run", "a.py")
    assert (code, answer["commit"], answer["fixed"], answer["left"]) == (0, None, ["a.py"], [])
    assert world(repository) == before


@pytest.mark.parametrize(
    ("text", "message", "found"),
    [(UGLY, "no type", "bad-message"), (UGLY + "y = z\n", "docs: x", "lint"), ("def f(:\n", "docs: x", "format")],
)
def test_a_refusal_for_another_reason_leaves_all_as_it_was(commit, repository, text, message, found):
    repository.put("a.py", text)
    repository.git("add", "a.py")
    before = world(repository)
    code, answer = commit("-m", message)
    assert (code, answer["ok"], found in [each["code"] for each in answer["problems"]]) == (1, False, True)
    assert world(repository) == before


def test_a_hook_that_refuses_leaves_all_as_it_was(commit, repository):
    repository.put(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n")
    (repository.path / ".git/hooks/pre-commit").chmod(0o755)
    repository.put("a.py", UGLY)
    before = world(repository)
    assert commit("-m", "docs: x", "a.py")[0] == 1
    assert world(repository) == before


def test_the_limits_and_the_checks_judge_what_was_fixed(commit, repository):
    repository.put("devtools.toml", "max-lines = 10\n" + SETTINGS)
    repository.commit()
    repository.put("a.py", "x = [" + ",".join(["111111"] * 30) + "]\n")
    before = world(repository)
    code, answer = commit("-m", "docs: x", "a.py")
    assert (code, answer["fixed"], answer["added"]) == (1, [], 1)
    assert answer["unfixed"] == "--fix changed nothing: its changes would be too-many-lines"
    assert world(repository) == before


def test_without_a_message_there_is_nothing_to_fix(commit, capsys):
    assert run(["commit", "--fix"]) == 2
    assert capsys.readouterr().err == "devtools: --fix needs a message: devtools commit -m MESSAGE --fix\n"
    assert run(["commit", "--fix", "--plan"]) == 2
