import io
import json
import sys

import pytest

from devtools.cli import run


@pytest.fixture
def stdin(monkeypatch):
    def stdin(text):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    return stdin


def test_a_hook_called_with_options_answers_the_same(repository, stdin, capsys):
    payload = {"tool_name": "Bash", "tool_input": {"command": "git commit"}, "cwd": str(repository.path)}
    stdin(json.dumps(payload))
    assert run(["hook", "pre-tool-use", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hookSpecificOutput"]["permissionDecision"] == "deny"
    assert run(["hook", "--help"]) == 0
    assert "pre-tool-use, post-tool-use, session-start or stop" in capsys.readouterr().out


def test_the_status_line_is_answered_by_the_command_line_too(repository, stdin, capsys):
    stdin("{}")
    assert run(["statusline"]) == 0
    assert capsys.readouterr().out == "tdd idle\n"
