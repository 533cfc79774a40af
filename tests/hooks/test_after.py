"""Whatever tool wrote, and however its call ended, the next event after it tells of it, under that event's own name."""

import json
import sys

import pytest

from devtools.project.project import load
from devtools.tdd import store as cycling
from devtools.tdd.cycle import Cycle, started

GIVEN = {"tool_name": "Bash", "tool_input": {"command": "./x.sh"}}
COMMIT = "HEAD moved to a commit that devtools commit did not make"


@pytest.fixture
def commit(repository):
    repository.put("src/a.py", "x = 1\n")
    repository.commit()
    return lambda: repository.git("commit", "-q", "--allow-empty", "--no-verify", "-m", "fix: x")


@pytest.fixture
def red(repository, commit):
    root = str(repository.path)
    tree, head = cycling.begin(load(root))
    cycling.save(root, Cycle(), started(Cycle(), "adds", tree, tree, head, load(root).config), "start", True)


def test_a_command_that_writes_and_fails_is_told_by_the_event_of_its_failure(hook, red, repository):
    assert hook("pre-tool-use", **GIVEN, tool_use_id="1") == {}
    repository.put("src/a.py", "x = 2\n")
    answer = hook("post-tool-use", **GIVEN, tool_use_id="1", hook_event_name="PostToolUseFailure", error="exit 1")
    assert answer["decision"] == "block"
    assert "src/a.py changed" in answer["reason"]


@pytest.mark.parametrize("event", ["PostToolUse", "PostToolUseFailure"])
@pytest.mark.parametrize("entry", ["post-tool-use", "post-tool-use-failure", "PostToolUse"])
def test_a_warning_carries_the_name_of_the_event_that_came(hook, commit, repository, entry, event):
    repository.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    hook("PreToolUse", **GIVEN)
    commit()
    answer = hook(entry, **GIVEN, hook_event_name=event)
    assert answer["hookSpecificOutput"]["hookEventName"] == event
    assert COMMIT in answer["hookSpecificOutput"]["additionalContext"]


def test_what_a_call_wrote_of_which_no_event_came_is_told_with_the_next(hook, commit):
    hook("pre-tool-use", **GIVEN, tool_use_id="1")
    commit()
    hook("pre-tool-use", **GIVEN, tool_use_id="2")
    assert COMMIT in hook("post-tool-use", **GIVEN, tool_use_id="2")["reason"]


def test_two_sessions_at_once_are_both_told(hook, commit):
    for session in ("a", "b"):
        hook("pre-tool-use", **GIVEN, session_id=session)
    commit()
    for session in ("b", "a"):
        assert COMMIT in hook("post-tool-use", **GIVEN, session_id=session)["reason"]
        assert hook("post-tool-use", **GIVEN, session_id=session) == {}


def test_everything_that_a_command_did_is_told_at_once(hook, red, commit, repository):
    hook("pre-tool-use", **GIVEN)
    commit()
    repository.put("src/a.py", "x = 2\n")
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    repository.put(".git/hooks/commit-msg", "exit 0\n")
    said = hook("post-tool-use", **GIVEN)["reason"].splitlines()
    assert [line.split()[1] for line in said] == ["HEAD", "devtools.toml", ".git/hooks/commit-msg", "phase"]


def test_a_command_that_went_to_another_repository_is_answered_where_it_began(hook, commit, repository, tmp_path):
    inner = repository.path / "inner"
    inner.mkdir()
    hook("pre-tool-use", **GIVEN)
    repository.git("init", "-q", "inner")
    commit()
    assert COMMIT in hook("post-tool-use", **GIVEN, cwd=str(inner))["reason"]


def test_a_command_that_went_outside_is_answered_in_the_project(hook, commit, repository, tmp_path, monkeypatch):
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(repository.path))
    hook("pre-tool-use", **GIVEN)
    commit()
    assert COMMIT in hook("post-tool-use", **GIVEN, cwd=str(tmp_path))["reason"]


def test_a_refused_call_leaves_no_mark_and_a_warned_one_does(hook, commit, repository):
    refused = {"tool_name": "Bash", "tool_input": {"command": "git commit -m x"}}
    assert "deny" in json.dumps(hook("pre-tool-use", **refused))
    assert list((repository.state / "marks").iterdir()) == []
    repository.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    assert "deny" not in json.dumps(hook("pre-tool-use", **refused))
    assert len(list((repository.state / "marks").iterdir())) == 1


def test_an_editor_that_another_hook_sent_to_production_is_told(hook, red, repository):
    asked = {"file_path": str(repository.path / "notes.md"), "content": "x = 2\n"}
    assert hook("pre-tool-use", tool_name="Write", tool_input=asked) == {}
    done = {**asked, "file_path": str(repository.path / "src" / "a.py")}
    said = hook("post-tool-use", tool_name="Write", tool_input=done)["reason"]
    assert said.startswith("devtools: another hook sent the editor to a file that is locked: phase red: src/a.py is")
    assert said.endswith(
        "then run devtools tdd red. To undo the change of a file that a phase locks, run devtools tdd restore."
    )
    assert hook("post-tool-use", tool_name="Write", tool_input=asked) == {}
    assert hook("post-tool-use", tool_name="Write", tool_input="x") == {}
    repository.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    assert hook("post-tool-use", tool_name="Write", tool_input=done) == {}


def test_the_state_of_an_open_cycle_that_was_removed_is_told_once(hook, red, repository):
    hook("pre-tool-use", **GIVEN)
    for path in sorted(repository.state.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert hook("post-tool-use", **GIVEN)["reason"] == (
        "devtools: the state of the open cycle was removed: run devtools tdd start to begin it again"
    )
    assert hook("post-tool-use", **GIVEN) == {}


def test_a_malformed_state_hides_nothing_else(hook, commit, repository):
    hook("pre-tool-use", **GIVEN)
    commit()
    repository.keep("cycle.json", "{")
    said = hook("post-tool-use", **GIVEN)["reason"].splitlines()
    assert [line.split()[1] for line in said] == ["HEAD", "the"]
    assert "allowed the tool" in hook("post-tool-use", **GIVEN)["systemMessage"]


def test_a_name_of_several_lines_is_shown_as_one(hook, red, repository):
    repository.put("src/b\ngreen: c\x1b.py", "x = 2\n")
    said = hook("post-tool-use", **GIVEN)["reason"]
    assert "src/b\\ngreen: c\\x1b.py changed" in said
    assert len(said.splitlines()) == 1


def test_a_call_that_changed_nothing_loads_nothing_that_would_tell_of_it(hook, commit, monkeypatch):
    monkeypatch.setitem(sys.modules, "devtools.hooks.since", None)
    hook("pre-tool-use", **GIVEN)
    assert hook("post-tool-use", **GIVEN) == {}
