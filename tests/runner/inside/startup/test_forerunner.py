"""The process that has pytest imported, asked as `runner/forerunner.py` asks it."""

import json
import os
import socket
import subprocess
import sys

import pytest

from devtools.runner import forerunner
from devtools.runner.snapshot import BOOT, PLUGIN, environment


@pytest.fixture
def asked(tmp_path):
    """Starts one; `ask` has it fork a run and returns its number, its end and what it wrote."""
    ours, theirs = socket.socketpair()
    with theirs:
        env = {**environment(sys.executable), "PYTHONPATH": str(tmp_path)}
        argv = [sys.executable, "-c", BOOT, PLUGIN]
        running = subprocess.Popen(argv, cwd="/", env=env, stdin=theirs.fileno(), stdout=subprocess.DEVNULL)
    ours.settimeout(60)
    (tmp_path / "pluggy.py").write_text("raise RuntimeError('the working tree is not what is tested')\n")
    ours.sendall(json.dumps(str(tmp_path)).encode())

    def ask(*arguments, script="", env=None):
        pipes = [os.pipe() for _ in range(4)]
        theirs = [pipes[0][0], *(pair[1] for pair in pipes[1:])]
        socket.send_fds(ours, [json.dumps([str(tmp_path), arguments, script, env]).encode()], theirs)
        for handle in (*theirs, pipes[0][1]):
            os.close(handle)
        out, err, status = (os.fdopen(pair[0], "rb").read().decode() for pair in pipes[1:])
        number, end = map(int, status.split())
        return number, os.waitstatus_to_exitcode(end), out, err

    ask.socket, ask.process, ask.folder = ours, running, tmp_path
    yield ask
    ours.close()
    assert running.wait(60) == 0


def names(asked):
    with asked.socket.makefile() as lines:
        loaded, path = json.loads(lines.readline())
    assert os.path.realpath(asked.folder) in path
    assert not any("site-packages" in each for each in path)
    return loaded


def test_pytest_is_loaded_from_where_it_is_installed_before_a_run_is_asked_for(asked):
    loaded = names(asked)
    assert {"_pytest", "pluggy", "pytest"} <= set(loaded)
    assert loaded == sorted(set(loaded))


def test_each_run_is_a_process_of_its_own_and_its_end_is_told(asked):
    names(asked)
    first, second = asked("no-spec", "no-results"), asked("no-spec", "no-results")
    assert first[0] != second[0]
    for _, code, out, err in (first, second):
        assert (code, out) == (1, "")
        assert "No such file or directory: 'no-spec'" in err


def test_a_script_runs_as_one_that_an_interpreter_was_started_with(asked, tmp_path):
    names(asked)
    script = tmp_path / "script.py"
    script.write_text("import os, sys\nprint(__name__, sys.argv, sys.path[:2], sorted(vars()), {**os.environ})\n")
    env = {**{name: os.environ[name] for name in ("PATH", "HOME")}, "PYTHONPATH": "/some", "LC_CTYPE": "C.UTF-8"}
    _, code, out, err = asked("a", "b", script=str(script), env=env)
    alone = subprocess.run(
        [sys.executable, script, "a", "b"], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert (code, err) == (0, "")
    known = "'__annotations__', "  # where the interpreter makes that by itself
    assert out.replace(known, "") == alone.stdout.replace(known, "")


def test_it_serves_each_working_tree_that_holds_nothing_of_its_import_path(tmp_path):
    boot = [sys.executable, "-c", BOOT, PLUGIN]
    env = {**environment(sys.executable), "PYTHONPATH": str(tmp_path / "mine" / "lib")}
    one = forerunner.Forerunner(boot, env, str(tmp_path / "some"))
    told = {name: one.serves(boot, env, str(tmp_path / name)) for name in ("some", "other", "mine")}
    one.close()
    assert told == {"some": True, "other": True, "mine": False}
