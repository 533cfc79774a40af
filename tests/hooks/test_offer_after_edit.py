import pytest

from devtools.hooks import offered

GEARS = "Gears of 7 teeth skip: 3 of 10 runs."


@pytest.fixture
def edited(hook, repository):
    """The reply after an edit of a file, in a repository where what fits which file was prepared."""
    offered.prepare(str(repository.path), [("engine/gears.py", GEARS), ("engine/gears.py", "Oil them."), ("b", GEARS)])

    def call(path, session="s", event="post-tool-use"):
        given = {"file_path": str(repository.path / path)}
        return hook(event, tool_name="Edit", tool_input=given, tool_response={}, session_id=session)

    return call


def said(reply):
    return reply["hookSpecificOutput"]["additionalContext"]


def test_an_edit_is_answered_by_the_insight_that_fits_the_file_and_each_only_once_in_a_session(edited):
    assert said(edited("engine/gears.py")) == f"learned here before: {GEARS}"
    assert said(edited("engine/gears.py")) == "learned here before: Oil them."
    assert edited("engine/gears.py") == {}
    assert edited("b") == {}
    assert said(edited("b", session="t")) == f"learned here before: {GEARS}"


def test_a_file_that_none_fits_a_failed_edit_and_the_mode_off_are_silent(edited, repository):
    assert edited("engine/other.py") == {}
    assert edited("gears.py") == {}
    assert edited("b", event="post-tool-use-failure") == {}
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    assert edited("b") == {}
