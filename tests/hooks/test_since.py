"""What a tool changed that was not its to change is seen whatever program wrote it, and honest days are left alone."""

import json
import os

import pytest

from devtools.hooks import marks, since
from devtools.tdd import store as cycling
from devtools.tdd.cycle import Cycle

OURS = {"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "devtools hook stop"}]}]}}
BACK = "put it back as it was, or ask the person"


@pytest.fixture
def told(repository):
    """What is said of all that was done since the last call."""
    repository.put("a.txt", "1\n")
    repository.put(".claude/settings.json", json.dumps(OURS))
    repository.first = repository.commit()
    root = str(repository.path)
    before = marks.taken(root)

    def told():
        nonlocal before
        old, before = before, marks.taken(root)
        return [said for said, _ in since.found(root, old, before)]

    assert told() == []
    return told


@pytest.mark.parametrize("name", [".claude/settings.json", ".claude/settings.local.json"])
def test_settings_of_the_client_that_end_the_hooks_are_told(told, repository, name):
    repository.put(name, json.dumps({**OURS, "disableAllHooks": True}))
    assert told() == [f"{name} sets disableAllHooks, which guards this repository"]
    repository.put(name, json.dumps({**OURS, "permissions": {"allow": ["Bash(ls)"]}}))
    assert told() == []


def test_the_person_s_own_settings_of_client_and_git_are_watched_too(told, repository):
    home = os.environ["HOME"]
    os.mkdir(f"{home}/.claude")
    with open(f"{home}/.claude/settings.json", "w") as stream:
        stream.write('{"disableAllHooks": true}')
    with open(f"{home}/.gitconfig", "w") as stream:
        stream.write("[core]\n\thooksPath = /x\n")
    assert told() == [
        f"{home}/.claude/settings.json sets disableAllHooks, which guards this repository",
        f"{home}/.gitconfig changed, which decides which git hooks run",
    ]


def test_hooks_of_ours_that_were_taken_out_are_told_but_not_what_a_branch_brings(told, repository):
    repository.git("switch", "-q", "-c", "other")
    repository.git("rm", "-q", ".claude/settings.json")
    repository.git("-c", "core.hooksPath=/x", "commit", "-q", "-m", "chore: less")
    told()
    repository.git("switch", "-q", "main")
    assert told() == []
    repository.git("switch", "-q", "other")
    assert told() == []
    repository.git("switch", "-q", "main")
    told()
    (repository.path / ".claude" / "settings.json").unlink()
    assert told() == [
        ".claude/settings.json takes out or alters a hook of devtools, which guards this repository",
    ]


def test_git_s_hooks_and_where_it_looks_for_them_are_told(told, repository):
    repository.git("config", "core.hooksPath", "/dev/null")
    repository.put(".git/hooks/pre-commit", "exit 0\n")
    assert told() == [
        ".git/config changed, which decides which git hooks run",
        ".git/hooks/pre-commit changed, which decides which git hooks run",
    ]
    (repository.path / ".git/hooks/pre-commit").chmod(0o600)
    repository.git("config", "user.name", "x")
    repository.git("remote", "add", "origin", "/x")
    assert told() == [".git/hooks/pre-commit changed, which decides which git hooks run"]
    (repository.path / ".git/hooks/pre-commit").unlink()
    repository.put(".git/hooks/a\nnext: b", "")
    assert told()[0] == ".git/hooks/a\\nnext: b changed, which decides which git hooks run"


def test_a_commit_whose_log_was_cut_is_told_and_a_log_that_was_cut_alone_is_not(told, repository):
    log = repository.path / ".git" / "logs" / "HEAD"
    log.unlink()
    assert told() == []
    repository.git("commit", "-q", "--allow-empty", "-m", "fix: y")
    assert told() == ["HEAD moved to a commit that devtools commit did not make"]
    repository.git("commit", "-q", "--allow-empty", "-m", "fix: z")
    log.unlink()
    assert told() == ["HEAD moved, and its log was cut, so that no record shows how"]


def test_everything_that_one_command_did_is_told(told, repository):
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    repository.put(".claude/settings.local.json", '{"disableAllHooks": true}')
    repository.git("commit", "-q", "--allow-empty", "-m", "fix: x")
    assert [said.partition(" ")[0] for said in told()] == ["HEAD", "devtools.toml", ".claude/settings.local.json"]


def test_a_cycle_that_another_program_wrote_is_told_and_the_steps_of_devtools_are_not(told, repository):
    root, tree = str(repository.path), repository.git("rev-parse", "HEAD^{tree}").strip()
    red = Cycle("red", 1, "adds", tree, tree, result="started")
    cycling.save(root, Cycle(), red, "start", True)
    assert told() == []
    repository.keep("cycle.json", json.dumps(red.having(phase="refactor", result="green: 9 tests passed").to_json()))
    assert told() == ["the state of devtools was written by another program"]
    repository.keep("cycle.json", "{")
    assert told() == ["the state of devtools was written by another program"]
    (repository.state / "cycle.json").unlink()
    assert told() == ["the state of devtools was written by another program"]
