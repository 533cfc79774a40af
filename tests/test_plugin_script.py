"""The plugin's own command answers a hook with Python alone, and hands any other command to who can run it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def plugin(tmp_path):
    """A copy of the script beside the package, and an empty folder for programs."""
    shutil.copytree(ROOT / "bin", tmp_path / "plugin" / "bin")
    (tmp_path / "plugin" / "devtools").symlink_to(ROOT / "devtools")
    (tmp_path / "programs").mkdir()
    return tmp_path / "plugin" / "bin" / "devtools"


def program(folder, name, text):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def called(plugin, *words, flags=(), feed=""):
    """Run the script with the programs of its own folder alone on the PATH."""
    env = {"PATH": f"{plugin.parent.parent.parent / 'programs'}{os.pathsep}{plugin.parent}", "HOME": "/nonexistent"}
    argv = [sys.executable, *flags, str(plugin), *words]
    return subprocess.run(argv, env=env, input=feed, capture_output=True, text=True, check=False)


def test_a_hook_needs_nothing_but_python(plugin, repository):
    event = json.dumps({"hook_event_name": "SessionStart", "cwd": str(repository.path), "session_id": "1"})
    done = called(plugin, "hook", "session-start", flags=("-I", "-S"), feed=event)
    assert "devtools tdd: idle" in json.loads(done.stdout)["hookSpecificOutput"]["additionalContext"]


def test_an_installed_devtools_runs_any_other_command(plugin):
    program(plugin.parent.parent.parent / "programs", "devtools", "echo installed $@")
    assert called(plugin, "hygiene", "--full").stdout == "installed hygiene --full\n"


def test_this_python_runs_it_where_it_has_the_packages(plugin):
    assert called(plugin, "learn", "--help").stdout.startswith("Usage: devtools learn")


def test_uv_runs_it_where_there_is_nothing_else_and_without_uv_it_says_what_to_install(plugin):
    done = called(plugin, "hygiene", flags=("-S",))
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "uv tool install claude-devtools" in done.stderr
    program(plugin.parent.parent.parent / "programs", "uvx", "echo $@")
    assert (
        called(plugin, "hygiene", flags=("-S",)).stdout == f"--quiet --from {plugin.parent.parent} devtools hygiene\n"
    )


def test_two_plugins_do_not_start_each_other(plugin):
    shutil.copy(plugin, plugin.parent.parent.parent / "programs" / "devtools")
    assert called(plugin, "hygiene", flags=("-S",)).returncode == 3
