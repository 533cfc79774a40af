"""Where workers are asked for, the project's own settings have the first word."""

import subprocess
import sys
from pathlib import Path

import pytest

from devtools.runner.working_tree import PLUGIN, _read, run_pytest

pytest.importorskip("xdist")


@pytest.fixture
def seen(repository, tmp_path, plugins):
    """Run the plugin with workers asked for; say whether it has divided the tests, and into how many processes."""

    def run(*arguments, addopts=""):
        repository.put("pytest.ini", f"[pytest]\naddopts = {addopts}\n")
        for name in "ab":
            text = "import os\ndef test_1(): open(f'{os.getpid()}.pid', 'w').close()\ndef test_2(): test_1()\n"
            repository.put(f"test_{name}.py", text)
        results = tmp_path / "results"
        Path(f"{results}.workers").touch()
        command = [sys.executable, PLUGIN, results, "-q", *arguments]
        subprocess.run(command, input=b"", capture_output=True, check=True)
        events = [event["event"] for event in _read(str(results))[0]]
        return "divided" in events, len(list(repository.path.glob("*.pid")))

    return run


def test_a_project_that_says_nothing_of_workers_gets_some_and_each_file_stays_whole(seen, monkeypatch):
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "2")
    assert seen() == (True, 2)


@pytest.mark.parametrize("addopts", ["-n0", "-p no:xdist", "--pdb", "-n1", "--dist=loadfile --tx=popen"])
def test_a_project_that_has_its_own_way_keeps_it(seen, monkeypatch, addopts):
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "2")
    assert seen(addopts=addopts) == (False, 1)


@pytest.fixture
def told(repository, plugins, monkeypatch):
    """The run of two workers of a project with these files."""
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "2")

    def run(**files):
        for name, text in files.items():
            repository.put(f"{name}.py", text)
        return run_pytest(sys.executable, str(repository.path), workers=True)

    return run


def test_each_worker_tells_which_files_it_ran_and_that_it_came_to_its_end(told):
    run = told(test_a="def test_1(): pass\ndef test_2(): pass\n", test_b="def test_1(): assert 0\n")
    assert sorted(run.shares) == [("test_a.py",), ("test_b.py",)]
    assert (run.broken, run.crashed, run.weighed) == (1, 0, False)


def test_a_worker_that_dies_has_crashed(told):
    assert told(test_a="import os\ndef test_1(): os._exit(0)\n", test_b="def test_1(): pass\n").crashed > 0


@pytest.mark.parametrize(
    "hook", ["pytest_sessionfinish(session)", "pytest_runtestloop(session)", "pytest_unconfigure(config)"]
)
def test_a_hook_of_the_project_that_may_decide_on_the_exit_code_is_told(told, hook):
    assert told(test_a="def test_1(): pass\n", conftest=f"def {hook}: pass\n").weighed
