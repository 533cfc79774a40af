"""devtools run as a person or the hook calls it."""

import json
import subprocess
import sys

from devtools.cli import run
from devtools.client import savings
from devtools.system.store import Store


def test_a_red_pytest_is_told_in_short_and_shown_in_full(repository, capsys):
    repository.put("test_a.py", "def test_a(): assert 1 == 2\n")
    assert run(["run", "--", sys.executable, "-m", "pytest", "-q"]) == 1
    assert capsys.readouterr().out == "red: 1 failed; exit 1\ntest_a.py::test_a:1 assert 1 == 2\n"
    assert run(["show"]) == 0
    assert "1 failed in" in capsys.readouterr().out
    assert run(["run", "--json", "--", sys.executable, "-m", "pytest", "-q"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["exit_code"], said["checks"][0]["counts"]["failed"]) == (False, 1, 1)
    assert said["problems"] == [{"code": "tests", "message": "pytest ended with exit code 1"}]


def test_what_is_not_known_runs_as_it_is(repository):
    words = ["sh", "-c", "echo out; echo err >&2; exit 9", "--json", "--debug"]
    ours = [sys.executable, "-m", "devtools", "run", "--", *words]
    raw, done = (subprocess.run(argv, capture_output=True, cwd=repository.path, check=False) for argv in (words, ours))
    assert (done.returncode, done.stdout, done.stderr) == (raw.returncode, raw.stdout, raw.stderr)


def test_what_is_not_known_stands_in_the_json_object(repository, capsys):
    assert run(["run", "--json", "--", "sh", "-c", "echo out; exit 9"]) == 9
    said = json.loads(capsys.readouterr().out)
    assert (said["known"], said["exit_code"], said["out"]) == (False, 9, "out\n")


def test_outside_of_a_repository_a_known_command_runs_as_it_is(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert run(["run", "--", "git", "status"]) == 128
    assert "not a git repository" in capfd.readouterr().err


def test_a_program_that_is_not_there_is_exit_3_and_no_command_a_wrong_call(repository, capsys):
    assert run(["run", "--", "no-such-program"]) == 3
    assert "cannot run no-such-program" in capsys.readouterr().err
    assert run(["run"]) == 2
    assert "no command is given" in capsys.readouterr().err


def test_what_a_run_saves_is_noted_as_far_as_its_caller_would_have_read(repository, capsys):
    repository.put("test_a.py", "def test_a(): assert 1 == 2\n")
    pytest = ["--", sys.executable, "-m", "pytest", "-q"]
    for more in ([], ["--cut", "1"]):
        assert run(["run", *more, *pytest]) == 1
        ((_, kinds),) = savings.kept(Store(str(repository.path))).items()
        capsys.readouterr()
        (repository.state / "savings.json").unlink()
        assert (kinds["pytest"]["raw"] > kinds["pytest"]["ours"]) is not bool(more)
