"""Each text that init writes stands in one place, and an installed package has it as a checkout does."""

import json
from pathlib import Path

import pytest

from devtools.errors import ToolError
from devtools.hooks import dispatch
from devtools.setup import client_settings, templates

ROOT = Path(__file__).parent.parent.parent


def test_the_commands_are_the_project_s_own():
    assert templates.commands() == {each.name: each.read_bytes() for each in (ROOT / ".claude" / "commands").iterdir()}
    assert set(templates.commands()) == {
        f"{name}.md" for name in ("commit", "history", "hygiene", "learn", "tdd", "tutor")
    }


def test_an_installation_without_its_commands_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(templates, "PLACES", (str(tmp_path / "none"),))
    with pytest.raises(ToolError, match="not installed whole"):
        templates.commands()


def test_the_hooks_cover_every_event_that_devtools_answers_and_filter_none():
    entries = client_settings.wanted("devtools", templates.hooks())
    assert {each.event for each in entries} == {
        *("PreToolUse", "PostToolUse", "PostToolUseFailure", "ConfigChange"),
        *("SessionStart", "SubagentStart", "UserPromptExpansion", "Stop"),
    }
    assert {each.command.removeprefix("devtools hook ") for each in entries} <= set(dispatch.EVENTS)
    assert '"if"' not in templates.hooks()
    assert json.loads(templates.hooks())["description"]


@pytest.mark.parametrize(
    ("name", "text", "ours"),
    [
        ("hygiene.md", "!`devtools hygiene --exit-zero`", True),
        ("tutor.md", "!`devtools learn --exit-zero --budget 300`", True),
        ("commit.md", "commit what is staged with git", False),
    ],
)
def test_a_command_file_is_ours_where_it_calls_us(name, text, ours):
    assert templates.is_ours(name, text) is ours
