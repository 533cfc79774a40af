"""A commit that git itself makes is judged like one of devtools: from a terminal, a subagent, a graphical program."""

import os
import subprocess
import sys

import pytest

from devtools.cli import run

TEST = "from a import f\n\n\ndef test_f():\n    assert f() == 1\n"
CODE = "def f():\n    return 1\n"


@pytest.fixture
def commit(repository, tmp_path, monkeypatch):
    """git commit with the words, in a repository whose hook calls devtools."""
    tool = tmp_path / "bin" / "devtools"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m devtools "$@"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    repository.put("devtools.toml", "[checks]\nlint = 'true'\nformat = 'true'\n")
    repository.commit()
    hook = repository.path / ".git/hooks/commit-msg"
    hook.write_text('#!/bin/sh\ndevtools git-hook commit-msg "$1"\n')
    hook.chmod(0o755)
    return lambda *words: subprocess.run(["git", "commit", "-q", *words], capture_output=True, text=True, check=False)


def subject(repository):
    return repository.git("log", "-1", "--format=%s").strip()


def test_a_commit_that_is_not_proved_is_refused_with_its_reason(repository, commit):
    repository.put("a.py", CODE)
    repository.git("add", "-A")
    done = commit("-m", "feat: f")
    assert (done.returncode, subject(repository)) == (1, "chore: a commit")
    assert "unproved" in done.stderr


def test_a_proved_commit_passes_and_a_bad_message_does_not(repository, commit):
    repository.put("a.py", CODE)
    repository.put("test_a.py", TEST)
    repository.git("add", "-A")
    done = commit("-m", "made f")
    assert (done.returncode, "bad-message" in done.stderr) == (1, True)
    done = commit("-m", "feat: f", "-m", "# a heading")
    assert (done.returncode, done.stderr, subject(repository)) == (0, "", "feat: f")


def test_in_mode_warn_it_is_told_and_goes_on(repository, commit):
    repository.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    repository.git("add", "-A")
    done = commit("-m", "made f")
    assert (done.returncode, subject(repository)) == (0, "made f")
    assert "bad-message" in done.stderr
    assert done.stderr.endswith("the mode is warn, so git goes on\n")


def test_in_mode_off_it_is_silent(repository, commit):
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    repository.git("add", "-A")
    assert (commit("-m", "made f").stderr, subject(repository)) == ("", "made f")


def test_a_commit_of_devtools_is_not_judged_twice(repository, commit, capsys):
    repository.put("b.md", "x\n")
    repository.git("add", "-A")
    assert run(["commit", "-m", "docs: b"]) == 0
    assert subject(repository) == "docs: b"


def test_a_merge_an_amended_commit_and_an_empty_one_are_left_to_verify(repository, commit):
    assert commit("--allow-empty", "-m", "x").returncode == 0
    repository.put("a.py", CODE)
    repository.git("add", "-A")
    done = commit("--amend", "-m", "y")
    assert (done.returncode, subject(repository)) == (0, "y")
    assert done.stderr == "devtools: an amended commit is not judged here: devtools verify HEAD^..HEAD\n"
    repository.git("checkout", "-q", "-b", "side", "HEAD^")
    repository.put("b", "")
    repository.git("add", "-A")
    repository.git("commit", "-q", "--no-verify", "-m", "z")
    repository.git("merge", "-q", "--no-edit", "main")
    assert subject(repository).startswith("Merge branch")


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ("python = 'none'\n", 0, "could not judge this commit, so it goes on: python = 'none' cannot be run"),
        ("[checks]\nlint = 'no-such-tool'\nformat = 'true'\n", 0, "could not judge this commit, so it goes on"),
        ("none = 1\n", 1, "unknown key devtools.toml none"),
    ],
)
def test_a_missing_tool_lets_git_go_on_and_wrong_settings_refuse(repository, commit, settings, code, said):
    repository.put("devtools.toml", settings)
    repository.git("add", "-A")
    done = commit("-m", "docs: x")
    assert done.returncode == code, done.stderr
    assert said in done.stderr


def test_the_diff_below_the_scissors_is_no_message(repository, commit, monkeypatch, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\n{ printf "docs: x\\n# why\\n"; cat "$1"; } > "$1.new" && mv "$1.new" "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("GIT_EDITOR", str(editor))
    repository.put("b.md", f"{'x' * 200}\n")
    repository.git("add", "-A")
    done = commit("--verbose")
    assert (done.returncode, subject(repository)) == (0, "docs: x"), done.stderr
