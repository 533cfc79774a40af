"""Arguments that three backticks cut reach the slash command by the hook, once and in their session alone."""

import io
import sys

import pytest

from devtools.cli import run

TYPED = "one\n```\ntwo `x` $(y)"


@pytest.fixture
def expanded(hook, repository, monkeypatch):
    """The hook has heard of a command; the command then gets what is left of the client's block."""
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", "s")
    repository.put("a.txt", "1\n")
    repository.commit()

    def expanded(command, handed, told="tdd", text=TYPED):
        assert hook("user-prompt-expansion", command_name=told, command_args=text) == {}
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(handed.encode())))
        return run([command, "--exit-zero", "--asked"])

    return expanded


def test_a_text_that_was_cut_is_taken_from_the_hook(expanded, capsys):
    assert expanded("tdd", "start one\n", text=f"start {TYPED}") == 0
    assert "phase red, cycle 1: one ``` two `x` $(y)" in capsys.readouterr().out


@pytest.mark.parametrize(("told", "handed"), [("learn", "start one\n"), ("tdd", "start other\n")])
def test_another_command_or_another_text_is_not_taken(expanded, capsys, told, handed):
    assert expanded("tdd", handed, told=told, text=f"start {TYPED}") == 0
    assert "nothing was run" in capsys.readouterr().out
