import io
import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from devtools.cli import run
from devtools.project.project import Project
from devtools.tdd import store as cycling

ADD = "def add(a, b):\n    return a + b\n"
DOUBLE = ADD + "\n\ndef double(a):\n    return 2 * a\n"
TESTS = "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n"
MORE = TESTS + "\n\ndef test_double():\n    assert calc.double(2) == 4\n"
ID = "test_calc.py::test_double"


@pytest.fixture
def tdd(repository, capsys):
    repository.put("calc.py", ADD)
    repository.put("test_calc.py", TESTS)
    repository.commit()

    def tdd(*arguments):
        code = run(["tdd", *arguments, "--json"])
        answer = json.loads(capsys.readouterr().out)
        return code, [problem["code"] for problem in answer.get("problems", ())], answer

    return tdd


def phase(answer):
    return answer["phase"], answer["behaviour"], answer["cycle"], answer["witnessed"]


def test_a_whole_cycle_from_a_failing_test_to_the_trailer(tdd, repository, capsys):
    assert phase(tdd("status")[2]) == ("idle", "", 0, [])
    assert phase(tdd("start", "doubles", "a number")[2]) == ("red", "doubles a number", 1, [])
    assert tdd("red")[:2] == (1, ["no-new-test"])
    repository.put("test_calc.py", MORE)
    code, _, answer = tdd("red")
    assert (code, phase(answer)) == (0, ("green", "doubles a number", 1, [ID]))
    assert run(["show", str(answer["run"])]) == 0
    assert capsys.readouterr().out.startswith(f"run {answer['run']}: tdd red")
    assert tdd("green")[:2] == (1, ["still-failing"])
    repository.put("calc.py", DOUBLE)
    assert tdd("green")[2]["phase"] == "refactor"
    repository.put("calc.py", DOUBLE.replace("2 * a", "add(a, a)"))
    code, _, answer = tdd("done")
    assert (code, answer["phase"], answer["trailer"]) == (0, "idle", "TDD: red->green (1 test)")
    _, _, answer = tdd("log")
    taken = [(step["step"], step["ok"]) for step in answer["cycles"][0]["steps"]]
    expected = [("start", True), ("red", False), ("red", True), ("green", False), ("green", True)]
    assert taken == [*expected, ("refactor", True), ("done", True)]


def test_the_text_is_verdict_evidence_and_next_command(tdd, repository, capsys):
    assert run(["tdd", "doubles", "a", "number"]) == 0
    said = "phase red, cycle 1: doubles a number\nnext: write a test that fails, then devtools tdd red\n"
    assert capsys.readouterr().out == said
    assert run(["tdd", "red", "--exit-zero"]) == 0
    head, evidence, following = capsys.readouterr().out.splitlines()
    assert (head, evidence) == ("red refused: no-new-test", "no test is new or changed")
    assert following == "next: write a test that fails, then devtools tdd red"
    assert run(["tdd"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "red refused: no-new-test"


def test_production_first_is_refused_with_the_way_back(tdd, repository):
    tdd("start", "doubles")
    repository.put("calc.py", DOUBLE)
    repository.put("test_calc.py", MORE)
    code, codes, answer = tdd("red")
    assert (code, codes, answer["phase"]) == (1, ["production-changed"], "red")
    assert answer["problems"][0]["message"].endswith("devtools tdd restore takes it back")


def test_a_witnessed_test_that_was_weakened_is_tampered_with(tdd, repository):
    tdd("start", "doubles")
    repository.put("test_calc.py", MORE)
    tdd("red")
    repository.put("calc.py", DOUBLE)
    repository.put("test_calc.py", MORE.replace("== 4", "is not None"))
    assert "tests-tampered" in tdd("green")[1]


def test_a_wrong_test_is_reopened_and_proved_over_the_start_again(tdd, repository):
    tdd("start", "doubles")
    repository.put("test_calc.py", MORE.replace("== 4", "== 5"))
    tdd("red")
    repository.put("calc.py", DOUBLE)
    assert tdd("red", "--reopen")[2]["phase"] == "red"
    repository.put("test_calc.py", MORE)
    repository.put("calc.py", DOUBLE + "X = 1\n")
    assert tdd("red")[1] == ["production-changed"]
    repository.put("calc.py", DOUBLE)
    assert tdd("red")[2]["witnessed"] == [ID]


def test_green_tells_of_a_line_that_the_tests_run_and_do_not_look_at(tdd, repository, capsys):
    tdd("start", "doubles a number")
    repository.put("test_calc.py", MORE)
    tdd("red")
    repository.put("calc.py", DOUBLE)
    assert run(["tdd", "green"]) == 0
    assert "weak-test: calc.py:6 `2 * a` can become `2 + a` and no test that runs it fails" in capsys.readouterr().out


def test_a_refactoring_leaves_the_tests_and_keeps_them_green(tdd, repository):
    tdd("start", "doubles")
    repository.put("test_calc.py", MORE)
    tdd("red")
    repository.put("calc.py", DOUBLE)
    tdd("green")
    assert tdd("refactor")[0] == 0
    repository.put("test_calc.py", MORE.replace("assert calc.add(1, 2) == 3", "calc.add(1, 2)"))
    assert tdd("refactor")[:2] == (1, ["tests-tampered"])
    repository.put("test_calc.py", MORE)
    repository.put("calc.py", DOUBLE.replace("2 * a", "3 * a"))
    code, _, answer = tdd("done")
    assert (code, answer["phase"]) == (1, "refactor")


def test_steps_out_of_order_are_told_the_next_one(tdd):
    assert tdd("green")[:2] == (1, ["wrong-phase"])
    tdd("start", "doubles")
    code, codes, answer = tdd("start", "another")
    assert (code, codes, answer["behaviour"]) == (1, ["wrong-phase"], "doubles")
    assert "devtools tdd abort" in answer["problems"][0]["message"]
    assert tdd("abort")[2]["phase"] == "idle"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["start"], "start needs a behaviour"),
        (["start", " "], "start needs a behaviour"),
        (["gren"], "no step is named 'gren'"),
        (["green", "now"], "green takes no words"),
        (["green", "--reopen"], "--reopen goes with red"),
    ],
)
def test_a_slip_of_the_pen_is_no_behaviour(tdd, arguments, said):
    code, codes, answer = tdd(*arguments)
    assert (code, codes) == (2, ["usage"])
    assert said in answer["problems"][0]["message"]


def test_the_mode_warn_goes_on_and_says_what_it_would_refuse(tdd, repository, capsys):
    repository.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    assert run(["tdd", "start", "doubles"]) == run(["tdd", "red"]) == 0
    out = capsys.readouterr().out
    assert "warning: red: no-new-test\nno test is new or changed\n" in out
    assert tdd("status")[2]["phase"] == "green"


def test_the_mode_off_has_no_phases(tdd, repository, capsys):
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    assert phase(tdd("start", "doubles")[2]) == ("idle", "", 0, [])
    assert not (repository.state / "cycle.json").exists()


def test_a_fault_of_the_tools_is_exit_three_and_moves_nothing(tdd, repository, tmp_path):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nexec python3 -S "$@"\n')
    python.chmod(0o755)
    repository.put("devtools.toml", f"python = '{python}'\n")
    tdd("start", "doubles")
    repository.put("test_calc.py", MORE)
    code, codes, answer = tdd("red")
    assert (code, codes, answer["phase"]) == (3, ["error"], "red")


def test_a_malformed_state_is_said_and_a_new_cycle_may_start(tdd, repository, capsys):
    repository.keep("cycle.json", "{")
    assert run(["tdd", "status"]) == 0
    assert "taken for idle" in capsys.readouterr().out
    assert tdd("start", "doubles")[2]["phase"] == "red"


def test_the_patterns_of_the_start_hold_for_the_whole_cycle(tdd, repository):
    tdd("start", "doubles")
    repository.put("devtools.toml", "tests = ['*.py']\n")
    repository.put("calc.py", DOUBLE)
    repository.put("test_calc.py", MORE)
    assert tdd("red")[1] == ["production-changed"]
    assert cycling.load(str(repository.path))[0].phase == "red"


def test_restore_takes_back_what_the_phase_holds_and_keeps_what_was_there(tdd, repository, capsys, monkeypatch):
    repository.put("README.md", "unsaved\n")
    repository.put("src/b.py", "unsaved = 1\n")
    tdd("start", "doubles")
    for name in ("calc.py", "src/b.py", "src/c.py"):
        repository.put(name, DOUBLE)
    repository.put("test_calc.py", MORE)
    monkeypatch.chdir(repository.path / "src")
    code, codes, answer = tdd("restore", "../test_calc.py")
    assert (code, codes) == (2, ["usage"])
    assert answer["problems"][0]["message"].startswith("nothing to restore in 'test_calc.py'")
    assert run(["tdd", "restore", "b.py"]) == 0
    kept = os.path.relpath(repository.state / "restored" / "1", repository.path)
    assert f"restored src/b.py; what was there is kept in {kept}" in capsys.readouterr().out
    assert (repository.path / "src" / "b.py").read_text() == "unsaved = 1\n"
    assert tdd("restore")[0] == 0
    assert (repository.path / "calc.py").read_text() == ADD
    assert not (repository.path / "src" / "c.py").exists()
    assert (repository.path / "test_calc.py").read_text() == MORE
    assert (repository.state / "restored" / "2" / "calc.py").read_text() == DOUBLE
    assert run(["tdd", "restore"]) == 0
    assert capsys.readouterr().out.startswith("nothing to restore")


def test_a_dash_reads_the_words_where_no_shell_takes_offence(tdd, monkeypatch):
    def given(text):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return tdd("-")

    assert given("\n")[2]["phase"] == "idle"
    assert given("it's a `number`\n")[2]["behaviour"] == "it's a `number`"
    assert given("status\n")[2]["phase"] == "red"
    code, _, answer = given("red --reopen\n")
    assert (code, answer["problems"][0]["message"]) == (
        1,
        "the phase is red: write a test that fails, then devtools tdd red",
    )


def test_watch_hands_over_to_pytest_watch(tdd, repository, tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    (folder / "ptw").write_text('#!/bin/sh\necho "$@" > said\nexit $(cat code 2> /dev/null || echo 0)\n')
    (folder / "ptw").chmod(0o755)
    repository.put("devtools.toml", f"python = '{folder}/python'\n")
    assert run(["tdd", "watch"]) == 0
    said = (repository.path / "said").read_text()
    assert f"--runner {sys.executable} -m devtools hygiene --only tests" in said
    repository.put("code", "5")
    assert run(["tdd", "watch"]) == 3


def test_watch_without_pytest_watch_says_what_to_install(tdd, monkeypatch):
    monkeypatch.setattr(Project, "program", lambda self, name: None)
    code, _, answer = tdd("watch")
    assert (code, answer["problems"][0]["message"]) == (3, "pytest-watch is not installed: pip install pytest-watch")


@pytest.fixture
def interruptible():
    """A shell starts what it runs in the background deaf to SIGINT, and children inherit that: they would never end."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_watch_runs_the_tests_on_every_save_and_shows_the_phase(tdd, repository, interruptible):
    tdd("start", "doubles a number")
    argv = [sys.executable, "-u", "-m", "devtools", "tdd", "watch"]
    said, saving = [], threading.Timer(0, list)
    own = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "start_new_session": True}
    with subprocess.Popen(argv, **own) as watching:
        for line in watching.stdout:
            said.append(line)
            if line.startswith("green"):
                repository.put("test_calc.py", MORE)
                saving = threading.Timer(10, lambda: repository.put("test_calc.py", f"{MORE}\n"))  # was it missed?
                saving.start()
            elif line.startswith("red"):
                break
        saving.cancel()
        os.killpg(watching.pid, signal.SIGINT)  # as a terminal does
        watching.wait(20)
    assert said.count("tdd red | doubles a number | started\n") == 2
    assert watching.returncode == 0


def test_restore_leaves_alone_what_a_switch_of_branches_brought(tdd, repository):
    tdd("start", "doubles")
    repository.git("switch", "-q", "-c", "other")
    repository.put("test_calc.py", MORE)
    repository.commit()
    assert tdd("restore")[0] == 0
    repository.put("calc.py", DOUBLE)
    repository.commit()
    code, _, answer = tdd("restore")
    assert (code, (repository.path / "calc.py").read_text()) == (2, DOUBLE)
    assert answer["problems"][0]["message"] == (
        "HEAD moved since the cycle began, so its files cannot be restored: run devtools tdd abort, then start the "
        "cycle again"
    )


def test_a_slip_of_the_pen_before_a_behaviour_starts_no_cycle(tdd):
    code, _, answer = tdd("strat", "a", "heap")
    assert code == 2
    assert answer["problems"][0]["message"] == "no step is named 'strat': devtools tdd start a heap"
    message = tdd("gren", "light")[2]["problems"][0]["message"]
    assert message == "no step is named 'gren': devtools tdd green, or devtools tdd start gren light"
    assert tdd("read", "a", "file")[2]["behaviour"] == "read a file"


def test_a_configured_tool_that_is_not_installed_is_told_at_the_start(repository, capsys, monkeypatch):
    monkeypatch.setattr(Project, "program", lambda self, name: None)
    repository.put("pyproject.toml", "[tool.pyright]\n[tool.ruff]\n")
    repository.commit()
    assert run(["tdd", "start", "totals are rounded"]) == 0
    told = capsys.readouterr().out
    assert "the commit will be refused: pyright is configured: pip install pyright" in told
    assert "the commit will be refused: ruff is not installed, but configured: pip install ruff" in told
    run(["tdd", "abort"])
    repository.put("pyproject.toml", "[tool.pyright]\n[tool.devtools.checks]\ntypes = 'true'\n")
    run(["tdd", "start", "totals are rounded"])
    assert "refused" not in capsys.readouterr().out
