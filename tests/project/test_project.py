import os
import sys

import pytest

from devtools.errors import ToolError, UsageError
from devtools.project.project import load


def fake_interpreter(folder):
    path = folder / "bin" / "python"
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_settings_come_from_pyproject_and_else_from_devtools_toml(repository):
    repository.put("devtools.toml", "max-files = 7\n")
    assert load(".").config.max_files == 7
    repository.put("pyproject.toml", "[tool.devtools]\nmax-files = 5\n[tool.mypy]\nstrict = true\n")
    project = load(".")
    assert (project.root, project.config.max_files) == (str(repository.path), 5)
    assert project.tool("mypy", "strict") is True
    assert project.tool("mypy", "strict", "deeper") is None
    assert project.has("devtools.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.devtools]\nmax-file = 5\n", r"unknown key \[tool.devtools\] max-file"),
        ("[tool]\ndevtools = 5\n", "unknown key"),
        ("[tool.devtools\n", "pyproject.toml is not valid TOML"),
        ("x = '\udcff'\n", "pyproject.toml is not valid TOML"),
    ],
)
def test_malformed_settings_are_a_usage_error_that_says_where(repository, text, message):
    (repository.path / "pyproject.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=message):
        load(".")


def test_settings_that_cannot_be_read_are_a_usage_error(repository):
    (repository.path / "pyproject.toml").mkdir()
    with pytest.raises(UsageError, match=r"cannot read pyproject.toml"):
        load(".")


def test_the_interpreter_is_configured_or_active_or_in_the_tree_or_ours(repository, monkeypatch, tmp_path):
    assert load(".").python == sys.executable
    inside = fake_interpreter(repository.path / ".venv")
    assert load(".").python == inside
    active = fake_interpreter(tmp_path / "active")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    assert load(".").python == active
    fake_interpreter(repository.path / "mine")
    repository.put("devtools.toml", "python = 'mine/bin/python'\n")
    assert load(".").python == os.path.join(repository.path, "mine/bin/python")


def test_a_configured_interpreter_that_is_missing_is_named(repository):
    repository.put("devtools.toml", "python = 'nowhere/python'\n")
    with pytest.raises(ToolError, match="nowhere/python"):
        load(".")


def test_the_project_s_own_copy_of_a_tool_is_taken_first(repository, monkeypatch):
    assert load(".").program("no-such-tool") is None
    python = fake_interpreter(repository.path / ".venv")
    tool = os.path.join(os.path.dirname(python), "ruff")
    os.link(python, tool)
    assert load(".").program("ruff") == tool


@pytest.mark.parametrize("kind", ["pipe", "zeros", "huge", "deep"])
def test_settings_without_an_end_are_refused_and_not_waited_for(repository, kind):
    path = repository.path / "pyproject.toml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "zeros":
        path.symlink_to("/dev/zero")
    elif kind == "huge":
        path.touch()
        os.truncate(path, 5 << 20)
    else:
        path.write_text("a = " + "[" * 100_000)
    with pytest.raises(UsageError, match=r"pyproject\.toml"):
        load(str(repository.path))
