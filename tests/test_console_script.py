"""An installation puts our own short script on the PATH, which loads nothing that a hook does not need."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "devtools"


def test_an_installation_puts_the_script_itself_on_the_path():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert settings["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-scripts"] == {"scripts/devtools": "devtools"}
    assert "devtools" not in settings["project"]["scripts"]
    assert os.access(SCRIPT, os.X_OK)
    assert SCRIPT.read_text().startswith("#!python\n")


def test_a_hook_through_the_script_loads_no_regular_expressions(tmp_path):
    argv = [sys.executable, "-X", "importtime", SCRIPT, "hook", "pre-tool-use"]
    event = '{"cwd": "/", "tool_name": "Bash", "tool_input": {"command": "git commit"}}'
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(argv, input=event, env=env, cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "devtools.hooks.pre_tool_use" in loaded
    assert not {"re", "enum", "functools", "importlib.metadata"} & loaded


def test_the_script_ends_with_the_exit_code_of_the_command(tmp_path):
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, SCRIPT, "hygeine"], env=env, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 2


def test_a_hook_through_the_script_answers_whole(tmp_path):
    answers = [
        subprocess.run(
            [sys.executable, *argv, "hook", "pre-tool-use"],
            input=b"no json",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        for argv in ([SCRIPT], ["-m", "devtools"])
    ]
    assert b"devtools hook failed" in answers[0].stdout
    assert (answers[0].stdout, answers[0].stderr) == (answers[1].stdout, answers[1].stderr)


STARTED = {"devtools/__init__.py": "import os, signal; os.kill(os.getpid(), signal.SIGINT)"}
ENDING = {"sitecustomize.py": "import atexit, os, signal; atexit.register(os.kill, os.getpid(), signal.SIGINT)"}


@pytest.mark.parametrize(
    ("argv", "files"), [([SCRIPT], STARTED), ([SCRIPT], ENDING), (["-m", "devtools"], ENDING)], ids=str
)
def test_an_interrupt_before_our_first_module_or_after_our_last_line_ends_it_without_a_word(tmp_path, argv, files):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, *argv, "--version"], env=env, stderr=subprocess.PIPE, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stderr) == (130, b"")
