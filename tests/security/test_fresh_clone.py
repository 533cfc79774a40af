"""What a clone brings under our old folder's name is neither believed nor followed by any hook."""

import json
import os

import pytest

from devtools.hooks import statusline
from devtools.project.config import Config
from devtools.tdd.cycle import Cycle, started, witnessed

LINKS = ("cycle.json", "seen", "logged", "settled", "lock", "runs", "greens.json", "proofs.json", "search.sqlite")


@pytest.fixture
def clone(repository, tmp_path):
    """Makes a clone of a repository that ships a state in this phase, and whatever else is put there first."""

    def clone(phase):
        tree = repository.git("write-tree").strip()
        cycle = started(Cycle(), "adds", tree, tree, "", Config())
        if phase == "green":
            cycle = witnessed(cycle, ("test_a.py::test_a", "-pevil", "--co"), tree)
        repository.put("evil.py", "open('trace', 'w').close()\n")
        repository.put("conftest.py", "open('trace', 'w').close()\n")
        repository.put("test_a.py", "def test_a():\n    assert 0\n")
        repository.put(".devtools/cycle.json", json.dumps(cycle.to_json()))
        repository.git("add", "-A", "-f")
        repository.git("commit", "-q", "-m", "feat: ship")
        repository.git("clone", "-q", ".", str(tmp_path / "clone"))
        return tmp_path / "clone"

    return clone


def events(hook, folder):
    """The answers of all events to honest work in the folder."""
    edit = {"file_path": str(folder / "evil.py"), "old_string": "a", "new_string": "b"}
    shell = {"tool_name": "Bash", "tool_input": {"command": "ls > a.log"}, "cwd": str(folder)}
    yield hook("session-start", cwd=str(folder)).get("hookSpecificOutput", {}).get("additionalContext", "")
    yield hook("pre-tool-use", tool_name="Edit", tool_input=edit, cwd=str(folder))
    yield hook("pre-tool-use", **shell)
    yield hook("post-tool-use", **shell)
    yield hook("stop", cwd=str(folder))


@pytest.mark.parametrize("phase", ["red", "green"])
def test_a_shipped_cycle_refuses_nothing_says_nothing_and_runs_nothing(hook, clone, phase):
    folder = clone(phase)
    text, *answers = events(hook, folder)
    assert text.startswith("devtools tdd: idle")
    assert answers == [{}] * 4
    assert not (folder / "trace").exists()


def test_shipped_links_lead_no_hook_anywhere(hook, clone, repository, tmp_path):
    (tmp_path / "theirs").write_text("theirs")
    (repository.path / ".devtools").mkdir()
    for name in LINKS:
        os.symlink("../.git/config" if name == "seen" else tmp_path / "theirs", repository.path / ".devtools" / name)
    os.unlink(repository.path / ".devtools" / "cycle.json")
    folder = clone("red")
    config = (folder / ".git" / "config").read_bytes()
    assert list(events(hook, folder))[1:] == [{}] * 4
    assert ((tmp_path / "theirs").read_text(), (folder / ".git" / "config").read_bytes()) == ("theirs", config)


def test_in_a_fresh_clone_a_commit_by_a_script_is_told(hook, clone, repository):
    folder = clone("red")
    shell = {"tool_name": "Bash", "tool_input": {"command": "./x.sh"}, "cwd": str(folder)}
    assert hook("pre-tool-use", **shell) == {}
    repository.git("-C", str(folder), "commit", "-q", "--allow-empty", "-m", "feat: x")
    assert "did not make" in hook("post-tool-use", **shell)["reason"]


def test_the_status_line_of_a_fresh_clone_is_idle_and_makes_nothing(clone, monkeypatch, capsys):
    folder = clone("red")
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.stdin", None)
    assert statusline.main([]) == 0
    assert capsys.readouterr().out == "tdd idle\n"
    assert not (folder / ".git" / "devtools").exists()
