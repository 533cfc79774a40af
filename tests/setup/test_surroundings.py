"""doctor sees what would not work around a repository, each with the command that puts it right."""

import os
import sys
import time

import pytest

from devtools.cli import run
from devtools.project.project import load
from devtools.setup import inventory, surroundings

SCRIPT = "#!/bin/sh\n# from devtools.__main__ import FAST\necho devtools {}\n"


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """The folder of the programs on the PATH: a devtools of this version, git and a shell."""
    from devtools import __version__

    folder = tmp_path / "bin"
    program(folder / "devtools", SCRIPT.format(__version__))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return folder


@pytest.fixture
def installed(repository, tool, capsys):
    assert run(["init"]) == 0
    capsys.readouterr()
    return repository


def said(repository):
    project = load(str(repository.path))
    return [
        (each.code, each.message, each.remedy) for each in surroundings.complaints(project, inventory.look(project))
    ]


def test_after_init_nothing_is_wrong(installed):
    installed.put("test_a.py", "")
    assert said(installed) == []


def test_an_interpreter_without_pytest_or_that_cannot_be_run_is_broken(installed):
    installed.put("test_a.py", "")
    python = installed.path / ".venv/bin/python"
    program(python, "#!/bin/sh\nprintf '3.12.1\\n\\n'\n")
    assert said(installed) == [("broken", f"{python} has no pytest", f"{python} -m pip install pytest")]
    program(python, "#!/bin/sh\nexit 3\n")
    assert [each[:2] for each in said(installed)] == [("broken", f"{python} cannot be run")]


def test_a_tool_that_the_project_configures_and_that_is_not_there_is_broken(installed, monkeypatch):
    installed.put("pyproject.toml", "[tool.pyright]\n")
    assert said(installed) == [("broken", "pyright is configured", "pip install pyright")]


@pytest.mark.parametrize(
    ("words", "found"),
    [("2.1.100 (Claude Code)", ["stale"]), ("2.1.331 (Claude Code)", []), ("10.0.0", []), ("what", [])],
)
def test_a_client_that_is_too_old_is_stale(installed, tool, words, found):
    program(tool / "claude", f"#!/bin/sh\necho '{words}'\n")
    assert [each[0] for each in said(installed)] == found
    assert surroundings.client_version(str(installed.path)) == ("" if words == "what" else words.split()[0])


def test_a_client_that_cannot_be_run_has_no_version(installed, tool):
    assert surroundings.client_version("/") == ""
    program(tool / "claude", "#!/none\n")
    assert surroundings.client_version("/") == ""


def test_the_command_may_be_gone_a_wrapper_of_another_version_or_of_an_active_environment(installed, tool, monkeypatch):
    monkeypatch.setenv("VIRTUAL_ENV", str(tool.parent))
    assert [each[:2] for each in said(installed)] == [
        ("broken", f"devtools is on the PATH only while {tool.parent} is active")
    ]
    monkeypatch.delenv("VIRTUAL_ENV")
    program(tool / "devtools", SCRIPT.format("0.0.1"))
    assert [(each[0], "devtools 0.0.1, and this is" in each[1]) for each in said(installed)] == [("stale", True)]
    program(tool / "devtools", "#!/usr/bin/python3\nimport re\n")
    assert [each[0::2] for each in said(installed)] == [("stale", "pip install --force-reinstall claude-devtools")]
    program(tool / "devtools", SCRIPT.format("").replace("#!/bin/sh", "#!/none"))
    assert [(each[0], "devtools none" in each[1]) for each in said(installed)] == [("stale", True)]
    (tool / "devtools").unlink()
    assert [each[:2] for each in said(installed)] == [("broken", "the hooks call devtools, which is not on the PATH")]


def test_a_path_into_the_project_must_lead_to_the_command(installed):
    path = installed.path / ".claude/settings.json"
    path.write_text(path.read_text().replace('"devtools hook', '"\\"$CLAUDE_PROJECT_DIR\\"/.venv/bin/devtools hook'))
    [(code, message, _)] = said(installed)
    assert (code, message) == ("broken", f"the hooks call {installed.path}/.venv/bin/devtools, which is not there")
    path.write_text(
        path.read_text().replace('\\"$CLAUDE_PROJECT_DIR\\"/.venv/bin/devtools', f"{sys.executable} -m devtools")
    )
    assert said(installed) == []


def test_hooks_that_did_not_run_in_a_session_since_are_named(installed):
    session = os.path.join(
        os.environ["HOME"], ".claude/projects", str(installed.path).replace("/", "-").replace("_", "-")
    )
    os.makedirs(session)
    transcript = os.path.join(session, "1.jsonl")
    with open(transcript, "w"):
        pass
    assert said(installed) == []
    later = time.time() + 100
    os.utime(transcript, (later, later))
    assert [each[0::2] for each in said(installed)] == [("not-installed", "start a new session, or see /hooks")]
    installed.state.joinpath("sessions").mkdir()
    installed.keep("sessions/x", "")
    assert said(installed) == []
    (installed.path / ".claude/settings.json").unlink()
    assert said(installed) == []
