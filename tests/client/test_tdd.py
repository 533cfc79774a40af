"""The guided cycle in the real client: the slash command, and the hooks that guard it."""

import json

import pytest

HOOKS = {
    "PreToolUse": ("Write|Edit|MultiEdit|NotebookEdit|Bash", "pre-tool-use"),
    "PostToolUse": ("Bash", "post-tool-use"),
    "SessionStart": ("", "session-start"),
    "Stop": ("", "stop"),
}
ALLOW = ("--permission-mode", "bypassPermissions")


@pytest.fixture
def guarded(claude, repository, monkeypatch):
    """The client in a repository with the hooks, in phase red."""
    hooks = {
        event: [{"matcher": matcher, "hooks": [{"type": "command", "command": f"devtools hook {name}"}]}]
        for event, (matcher, name) in HOOKS.items()
    }
    repository.put("calc.py", "def add(a, b):\n    return a + b\n")
    repository.put(".claude/settings.json", json.dumps({"hooks": hooks}))
    repository.commit()
    from devtools.cli import run

    assert run(["tdd", "start", "doubles a number"]) == 0

    def guarded(*script):
        tools = "Bash,Write,Edit"
        return claude("go on", "--allowedTools", tools, script=[*script, "done"])[-1]

    return guarded


def call(name, **given):
    return {"name": name, "input": given}


def test_a_bare_behaviour_starts_a_cycle_in_one_request(claude, repository):
    requests = [
        text for text in claude("/tdd it's a `number` that doubles; $(touch x)") if "phase red, cycle 1" in text
    ]
    assert len(requests) == 1
    assert "phase red, cycle 1: it's a `number` that doubles; $(touch x)" in requests[0]
    assert "next: write a test that fails, then devtools tdd red" in requests[0]
    assert not (repository.path / "x").exists()


def test_the_slash_command_alone_says_where_the_work_stands(claude, repository):
    assert [text for text in claude("/tdd") if "idle\\nnext: devtools tdd start BEHAVIOUR" in text]


def test_a_write_of_production_in_red_does_not_happen_and_the_model_reads_why(guarded, repository):
    path = repository.path / "new.py"
    said = guarded(call("Write", file_path=str(path), content="x = 1\n"))
    assert not path.exists()
    assert "devtools: phase red: new.py is production code" in said


def test_a_session_begins_with_the_phase(guarded):
    assert "devtools tdd: phase red, cycle 1: doubles a number. Last: started." in guarded()


def test_what_sed_does_to_production_in_red_is_told(guarded, repository):
    said = guarded(
        call(
            "Bash",
            command="sed -e s/a/c/ calc.py > t; cat t | python3 -c "
            "\"import sys; open('calc.py', 'w').write(sys.stdin.read())\"",
            description="edit",
        )
    )
    assert "devtools: phase red: calc.py changed, but production code" in said
    assert "run devtools tdd restore" in said


def test_a_commit_past_the_checks_does_not_happen(guarded, repository):
    head = repository.git("rev-parse", "HEAD")
    said = guarded(call("Bash", command="git commit --allow-empty --no-verify -m x", description="commit"))
    assert repository.git("rev-parse", "HEAD") == head
    assert "devtools: git commit" in said
    assert "un devtools commit -m MESSAGE" in said
