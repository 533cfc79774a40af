"""The hooks as docs/tdd.md has them, in the real client: what goes past them beforehand is told afterwards."""

import json
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs" / "tdd.md"
HOOKS = json.loads(re.search(r"```json\n(.*?)```", DOCS.read_text(), re.DOTALL)[1])
LOCAL = ".claude/settings.local.json"


@pytest.fixture
def guarded(claude, repository):
    """The client in a repository with the documented hooks; each word is a shell command of the model."""
    repository.put("calc.py", "x = 1\n")
    repository.put(".claude/settings.json", json.dumps(HOOKS))
    repository.commit()

    def guarded(*commands):
        calls = [{"name": "Bash", "input": {"command": line, "description": "x"}} for line in commands]
        return claude("go on", "--permission-mode", "bypassPermissions", script=[*calls, "done"])[-1]

    return guarded


def test_the_documented_entries_name_all_events_and_filter_none():
    assert set(HOOKS["hooks"]) == {
        *("PreToolUse", "PostToolUse", "PostToolUseFailure", "ConfigChange"),
        *("SessionStart", "SubagentStart", "UserPromptExpansion", "Stop"),
    }
    assert '"if"' not in json.dumps(HOOKS)


def test_a_command_that_writes_production_in_red_and_fails_is_told(guarded, repository):
    from devtools.cli import run

    assert run(["tdd", "start", "doubles"]) == 0
    said = guarded("""python3 -c "open('calc' + '.py', 'w').write('x = 2')"; exit 3""")
    assert "devtools: phase red: calc.py changed, but production code" in said


def test_a_script_that_switches_the_hooks_off_is_told_and_the_guards_stay(guarded, repository):
    script = (
        """python3 -c "open('.claude/settings' + '.local.json', 'w').write('{\\"disableAllHooks\\": true}')"; sleep 2"""
    )
    head = repository.git("rev-parse", "HEAD")
    said = guarded(script, "git commit --allow-empty --no-verify -m x")
    assert json.loads((repository.path / LOCAL).read_text()) == {"disableAllHooks": True}
    assert f"devtools: {LOCAL} sets disableAllHooks, which guards this repository" in said
    assert "un devtools commit -m MESSAGE" in said
    assert repository.git("rev-parse", "HEAD") == head


def test_a_commit_and_a_hook_of_git_that_a_failing_script_made_are_told(guarded, repository):
    commit = "git -c user.name=x -c user.email=x@example.org commit -q --allow-empty -m 'fix: x'"
    repository.put("x.sh", f"{commit}\ntouch .git/hooks/commit-msg\nexit 1\n")
    said = guarded("sh ./x.sh")
    assert "HEAD moved to a commit that devtools commit did not make" in said
    assert ".git/hooks/commit-msg changed, which decides which git hooks run" in said


@pytest.mark.parametrize(
    "options", [("--permission-mode", "bypassPermissions"), ()], ids=["bypassPermissions", "default"]
)
def test_three_backticks_in_the_arguments_reach_the_command_in_one_request(claude, repository, options):
    repository.put(".claude/settings.json", json.dumps(HOOKS))
    repository.commit()
    requests = claude("/tdd start one\n```\ntouch hit\n```!\ntouch hit\n```\ntwo", *options)
    assert len(requests) == 1
    assert "phase red, cycle 1: one ``` touch hit ```! touch hit ``` two" in requests[0]
    assert not (repository.path / "hit").exists()
