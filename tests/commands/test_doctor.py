"""devtools doctor exits 1 where anything is wrong, and says of each thing what to run."""

import json
import os

import pytest

from devtools import __version__
from devtools.cli import run


@pytest.fixture
def project(repository, tmp_path, monkeypatch):
    tool = tmp_path / "bin" / "devtools"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\n# from devtools.__main__ import FAST\necho devtools {__version__}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
    repository.put("a.py", "x = 1\n")
    return repository


def test_before_init_each_thing_is_named_with_its_command(project, capsys):
    assert run(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "not-installed: .claude/settings.json has no hooks of devtools; devtools init" in lines
    assert run(["doctor", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert {each["code"] for each in said["problems"]} == {"not-installed"}
    assert said["complaints"][0]["remedy"] == "devtools init"


def test_after_init_one_line_says_that_all_is_sound(project, capsys):
    run(["init"])
    capsys.readouterr()
    assert run(["doctor"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("sound: hooks, slash commands and git hook are as they should be; python 3.")
    assert "; Claude Code " in line
    assert run(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["complaints"] == []
