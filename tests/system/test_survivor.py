import os
import signal
import subprocess
import sys
import time

import pytest

from devtools.system import survivor

RUNS = """
import sys
from devtools.system.process import run
run(["sh", "-c", "sleep 30 & echo $! $$ > pids.new; mv pids.new pids; sleep 30"], ".")
"""


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def soon(condition, seconds=5):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
def test_a_kill_of_ours_ends_the_program_that_we_run_and_its_children(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", RUNS], cwd=tmp_path)
    assert soon((tmp_path / "pids").exists)
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert all(map(alive, pids))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert soon(lambda: not any(map(alive, pids))), "a program runs on after us"


def test_a_program_that_is_watched_runs_on_when_all_is_well():
    program = subprocess.Popen(["sleep", "30"], start_new_session=True)
    with survivor.watching(program.pid):
        pass
    with pytest.raises(ValueError, match="oh"), survivor.watching(program.pid):
        raise ValueError("oh")
    assert program.poll() is None
    program.kill()
    program.wait()


def test_without_a_shell_nobody_watches(monkeypatch):
    def missing(*_, **__):
        raise FileNotFoundError

    monkeypatch.setattr("subprocess.Popen", missing)
    with survivor.watching(1) as nothing:
        assert nothing is None
