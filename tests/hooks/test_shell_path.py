"""The model's shell finds devtools also where only the project's own environment has it."""

import io
import os
import subprocess

import pytest

from devtools.hooks import dispatch, shell_path
from devtools.system.fast_json import encode


@pytest.fixture
def script(tmp_path, monkeypatch):
    """A devtools in a folder that no PATH names, and the client's file."""
    path = tmp_path / "it's $HOME" / "devtools"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\necho found\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv(shell_path.VARIABLE, str(tmp_path / "lines.sh"))
    return path


def called(tmp_path):
    """What a shell says that has run the client's file."""
    done = subprocess.run(
        ["sh", "-c", ". ./lines.sh && devtools"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_folder_of_the_command_comes_last_on_the_path(script, tmp_path):
    shell_path.lead_to(str(script))
    assert called(tmp_path) == "found\n"
    assert (tmp_path / "lines.sh").read_text().startswith('export PATH="$PATH":')


def test_a_devtools_that_is_found_already_is_enough(script, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}/usr/bin")
    shell_path.lead_to(str(script))
    assert not (tmp_path / "lines.sh").exists()


def test_without_a_file_of_the_client_or_a_script_nothing_is_written(script, tmp_path, monkeypatch):
    shell_path.lead_to(str(tmp_path / "none"))
    monkeypatch.delenv(shell_path.VARIABLE)
    shell_path.lead_to(str(script))
    assert not (tmp_path / "lines.sh").exists()


def test_a_session_that_starts_writes_it(script, tmp_path, repository, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", [str(script), "hook", "session-start"])
    given = {"hook_event_name": "SessionStart", "cwd": str(repository.path), "session_id": "1"}
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(encode(given).encode())))
    assert dispatch.main(["session-start"]) == 0
    assert called(tmp_path) == "found\n"
