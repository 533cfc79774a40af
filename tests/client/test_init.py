"""A project after devtools init, in the real client: every event, a whole cycle, an agent that tries to get round."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from devtools.cli import run
from devtools.setup import client_settings, installation, templates
from devtools.system.store import Store

ROOT = Path(__file__).parent.parent.parent
ALLOW = ("--permission-mode", "bypassPermissions")
TEST = "from calc import double\n\n\ndef test_double():\n    assert double(2) == 4\n"
CODE = "x = 1\n\n\ndef double(a):\n    return a + a\n"


def bash(command):
    return {"name": "Bash", "input": {"command": command, "description": "x"}}


def write(path, content):
    return {"name": "Write", "input": {"file_path": str(path), "content": content}}


@pytest.fixture
def project(claude, repository, tmp_path, monkeypatch, capsys):
    """A project with devtools in it, and a devtools on the PATH that notes how it is called."""
    shutil.rmtree(repository.path / ".claude")
    tool = tmp_path / "tools" / "devtools"
    tool.parent.mkdir()
    python = f'exec "{sys.executable}" -m devtools "$@"'
    tool.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path / "calls"}"\n{python}\n')
    tool.chmod(0o755)
    monkeypatch.setenv(
        "PATH", f"{tool.parent}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    repository.git("config", "user.name", "A Tester")
    repository.git("config", "user.email", "tester@example.invalid")
    repository.put("calc.py", "x = 1\n")
    repository.put(".gitignore", "__pycache__/\n.*_cache/\n")
    assert run(["init"]) == 0
    repository.git("add", "-A")
    repository.git("commit", "-q", "--no-verify", "-m", "chore: begin")
    capsys.readouterr()
    repository.ask = lambda prompt, *options, script=(): claude(
        prompt, *options, script=script, path=os.environ["PATH"]
    )
    return repository


def results(request):
    """What the model was given as the results of its calls, in order."""
    contents = [message["content"] for message in json.loads(request) if isinstance(message["content"], list)]
    return [str(part["content"]) for content in contents for part in content if part.get("type") == "tool_result"]


def test_every_event_that_init_enters_reaches_devtools(project, tmp_path):
    agent = {"name": "Agent", "input": {"description": "x", "prompt": "say done", "subagent_type": "general-purpose"}}
    settings = """python3 -c "open('.claude/settings' + '.local.json', 'w').write('{}')"; sleep 2; exit 1"""
    project.ask("/tdd status", *ALLOW, script=[bash("true"), bash(settings), agent, "done", "done"])
    calls = (tmp_path / "calls").read_text().splitlines()
    wanted = {each.command.removeprefix("devtools ") for each in client_settings.wanted("devtools", templates.hooks())}
    assert wanted <= set(calls)
    assert "tdd --exit-zero --asked" in calls


def test_a_whole_cycle_from_refused_code_to_a_commit_with_its_insight(project):
    code, test = project.path / "calc.py", project.path / "test_calc.py"
    insight = "--insight 'Doubling is adding.' --topic Sums"
    commit = f"devtools commit -m 'feat(calc): double a number' {insight} calc.py test_calc.py"
    said = project.ask(
        "/tdd doubles a number",
        *ALLOW,
        script=[
            write(code, CODE),
            write(test, TEST),
            bash("devtools tdd red"),
            bash(f"cat > calc.py <<'END'\n{CODE}END"),
            bash("devtools tdd green"),
            bash("devtools tdd refactor && devtools tdd done"),
            bash(commit),
            "done",
        ],
    )[-1]
    assert "phase red, cycle 1: doubles a number" in said
    found = results(said)
    assert "phase red: calc.py is production code" in found[0]
    assert [found[2].startswith("red: 1 test witnessed"), found[4].startswith("green")] == [True, True]
    assert "committed" in found[-1] or "feat(calc): double a number" in found[-1]
    assert project.git("log", "-1", "--format=%s").strip() == "feat(calc): double a number"
    assert "TDD: red->green (1 test)" in project.git("log", "-1", "--format=%b")
    assert "- Doubling is adding." in (project.path / "LEARNINGS.md").read_text()
    assert project.git("status", "--porcelain", "--", "calc.py", "test_calc.py", "LEARNINGS.md") == ""


@pytest.mark.parametrize(
    "command",
    [
        "git add -A && git commit -q -m 'feat: x'",
        "git add -A && git -C . commit --no-verify -q -m 'feat: x'",
        "printf 'git add -A\\ngit commit -q -m \"feat: x\"\\n' > x.sh; sh x.sh",
        "git add -A; python3 -c \"import subprocess as s; s.run(['git', 'com' + 'mit', '-m', 'feat: x'])\"",
    ],
)
def test_an_agent_that_goes_round_makes_no_unproved_commit(project, command):
    head = project.git("rev-parse", "HEAD")
    project.put("calc.py", CODE)
    said = results(project.ask("go on", *ALLOW, script=[bash(command), "done"])[-1])[-1]
    assert project.git("rev-parse", "HEAD") == head
    assert "devtools commit" in said or "unproved" in said


def test_an_environment_of_the_project_alone_is_enough(claude, repository):
    """No PATH leads to devtools, as where it is a development dependency and nobody has activated the environment."""
    shutil.rmtree(repository.path / ".claude")
    tool = repository.path / ".venv" / "bin" / "devtools"
    tool.parent.mkdir(parents=True)
    tool.write_text((ROOT / "scripts" / "devtools").read_text().replace("#!python", f"#!{sys.executable}"))
    tool.chmod(0o755)
    root = str(repository.path)
    store = Store.common(root)
    with store.locked():
        installation.install(store, installation.plan(root, store, prefix=f"{root}/.venv"), "")
    path = "/usr/bin:/bin"
    assert shutil.which("devtools", path=path) is None
    repository.put("calc.py", "x = 1\n")
    assert [text for text in claude("/hygiene --only git", path=path) if "green" in text]
    start, edit = bash("mkdir d && cd d && devtools tdd start 'doubles'"), write(repository.path / "calc.py", CODE)
    said = results(claude("go on", *ALLOW, script=[start, edit, "done"], path=path)[-1])
    assert "phase red: calc.py is production code" in said[-1]
