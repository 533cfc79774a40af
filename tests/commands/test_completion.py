"""A shell completes the commands and options of devtools once it has read what devtools completion prints."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from devtools.cli import run
from devtools.commands.completion import LOADED


@pytest.fixture
def tool(tmp_path, monkeypatch):
    path = tmp_path / "bin" / "devtools"
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m devtools "$@"\n')
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")
    return path


@pytest.mark.parametrize(("typed", "found"), [("devtools unin", ["uninstall"]), ("devtools init --dry", ["--dry-run"])])
def test_bash_completes_a_command_and_its_options(tool, typed, found):
    words = " ".join(f"'{word}'" for word in typed.split())
    asked = f"{LOADED['bash']}; COMP_WORDS=({words}); COMP_CWORD={typed.count(' ')}"
    line = f'{asked}; _devtools_completion devtools; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert (done.stdout.split(), done.stderr) == (found, "")


@pytest.mark.parametrize("shell", LOADED)
def test_each_shell_gets_lines_that_it_can_read(shell, capsys):
    assert run(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert "_DEVTOOLS_COMPLETE=" in text or "_DEVTOOLS_COMPLETE " in text
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=text, text=True, check=True)
    assert run(["completion", shell, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["script"].split() == text.split()


def test_another_shell_is_refused(capsys):
    assert run(["completion", "cmd"]) == 2
