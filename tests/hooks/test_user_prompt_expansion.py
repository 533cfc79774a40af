"""What was typed after a slash command is kept under the command's plain name, and nothing is said."""

import pytest

from devtools.hooks import typed_text as typed


@pytest.mark.parametrize("name", ["tdd", "/tdd", "plugin:tdd"])
def test_the_text_is_kept_for_the_command(hook, repository, name):
    assert hook("user-prompt-expansion", command_name=name, command_args="one\n```\ntwo") == {}
    assert typed.take(str(repository.path), "s", "tdd", "one") == "one\n```\ntwo"


def test_an_event_without_text_or_repository_keeps_nothing(hook, repository, tmp_path):
    assert hook("user-prompt-expansion", command_name="tdd", command_args=None) == {}
    assert hook("user-prompt-expansion", command_name="tdd", command_args="```", cwd=str(tmp_path)) == {}
    assert not (repository.state / "typed").exists()
