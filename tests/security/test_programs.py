"""No hook, status line or look at the log executes what a repository's settings name."""

import io
import json
import subprocess
import sys

import pytest

from devtools.cli import run
from devtools.git import snapshot
from devtools.git import status as git
from devtools.project.config import Config
from devtools.tdd import store as cycling
from devtools.tdd.cycle import Cycle, started
from tests.conftest import Repository
from tests.security.conftest import Trap


def test_the_traps_of_these_tests_do_spring(trap, repository):
    subprocess.run(["git", "add", "-A", "-n", "."], cwd=repository.path, check=False, capture_output=True)
    subprocess.run(["git", "diff"], cwd=repository.path, check=False, capture_output=True)
    assert "program" in trap.sprung()


def test_the_start_of_a_session_runs_none(trap, hook):
    assert "devtools tdd" in hook("session-start")["hookSpecificOutput"]["additionalContext"]
    assert trap.sprung() == ""


def test_what_is_at_hand_is_seen_without_the_filters(trap, repository):
    assert set(git.at_hand(str(repository.path))) == {"a.py", "a.txt", "new.py"}
    assert trap.sprung() == ""


def test_the_working_tree_is_read_without_the_filters(trap, repository):
    root = str(repository.path)
    tree = snapshot.worktree_tree(root, filters=False)
    assert snapshot.read(root, tree, "a.txt") == b"b = 1\n"
    held = repository.git("rev-parse", "HEAD^{tree}").strip()
    cycle = started(Cycle(), "adds", held, held, "", Config())
    assert cycling.strayed(root, cycle, filters=False) == ["a.py", "new.py"]
    assert trap.sprung() == ""


def test_a_look_for_files_that_strayed_runs_none(trap, hook, repository):
    root = str(repository.path)
    tree = repository.git("rev-parse", "HEAD^{tree}").strip()
    cycle = started(Cycle(), "adds", tree, tree, "", Config())
    repository.keep("cycle.json", json.dumps(cycle.to_json()))
    repository.put("pyproject.toml", "[tool.devtools.tdd]\nmode = 'strict'\n")
    given = {"tool_name": "Bash", "tool_input": {"command": "git status && x"}}
    assert hook("pre-tool-use", **given) == {}
    assert "a.py, new.py changed" in hook("post-tool-use", **given)["reason"]
    assert hook("pre-tool-use", tool_name="Edit", tool_input={"file_path": f"{root}/a.txt"}) == {}
    assert trap.sprung() == ""


@pytest.mark.parametrize(
    "line",
    [
        "history",
        "history --since HEAD~1 --html page.html",
        "learn",
        "learn list",
        "learn search one",
        "learn add three",
        "learn sync",
        "show",
        "statusline --json",
    ],
)
def test_no_look_at_the_log_runs_one(trap, monkeypatch, line):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    assert run(line.split()) == (2 if line == "show" else 0)
    assert trap.sprung() == ""


@pytest.fixture
def inside(repository, tmp_path):
    """The trap that a submodule's own settings lay, with a change there that is in no commit."""
    repository.put("sub/s.py", "s = 1\n")
    inner = Repository(repository.path / "sub")
    inner.commit()
    repository.put(".gitmodules", '[submodule "sub"]\n\tpath = sub\n\turl = ./sub\n')
    repository.commit()
    trap = Trap(inner, tmp_path)
    for key in ("core.fsmonitor", "filter.x.clean", "diff.external"):
        inner.git("config", key, str(trap.program))
    inner.put(".gitattributes", "* filter=x\n")
    inner.put("s.py", "s = 2\n")
    repository.put("new.py", "")
    return trap


def test_the_working_tree_is_read_without_a_look_into_submodules(inside, repository):
    root = str(repository.path)
    found = snapshot.entries(root, snapshot.worktree_tree(root, filters=False))
    assert found["sub"] == snapshot.entries(root, "HEAD^{tree}")["sub"]
    assert "new.py" in found
    assert git.at_hand(root) == ["new.py"]
    assert inside.sprung() == ""


def test_the_trap_in_a_submodule_does_spring(inside, repository):
    subprocess.run(["git", "status"], cwd=repository.path, check=False, capture_output=True)
    assert inside.sprung()
