"""Runs forked from a process that has pytest imported see what a run of their own sees."""

import json
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from devtools.runner import forerunner
from devtools.runner.snapshot import BOOT, PLUGIN, Order, environment, run_proof, warm
from devtools.system.process import run

SEEN = """
    import json, os, sys

    def test_write():
        told = dict(
            modules=sorted(sys.modules), path=sys.path, argv=sys.argv, environ=dict(os.environ), folder=os.getcwd(),
            flags=list(sys.flags), given=len(os.read(0, 9)), parent=os.getppid(),
            main=sorted(name for name in vars(sys.modules["__main__"]) if not name.startswith("__")),
        )
        with open({place!r}, "a") as stream:
            stream.write(json.dumps(told) + chr(10))
"""


@pytest.fixture(autouse=True)
def _ended():
    yield
    forerunner.close()


@pytest.fixture
def proved(tmp_path):
    """Runs one test of a snapshot; what it sees is the last line of the file `seen`."""
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    (snapshot / "test_seen.py").write_text(textwrap.dedent(SEEN).format(place=str(tmp_path / "seen")))

    def call():
        seen = run_proof(sys.executable, Order(str(snapshot), str(tmp_path / "main"), [""], [], seconds=60))
        assert (seen.fault, [test["outcome"] for test in seen.tests]) == ("", ["passed"])
        return json.loads((tmp_path / "seen").read_text().splitlines()[-1])

    call.snapshot = snapshot
    return call


def test_a_fork_sees_what_a_start_of_its_own_sees(proved, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(forerunner, "SECONDS", 0.0)  # it is not waited for
        alone = proved()
    forerunner.close()
    forked = proved()
    assert forerunner._running[0].loaded
    assert set(forked.pop("modules")) - set(alone.pop("modules")) == set()
    for each in (alone, forked):
        del each["parent"]
        each["environ"].pop("PYTEST_VERSION", None)
    assert forked == alone


def test_two_runs_are_forked_from_one_process_and_neither_sees_the_other(proved):
    (proved.snapshot / "mine.py").write_text("")
    first = proved()
    [one] = forerunner._running
    (proved.snapshot / "test_more.py").write_text("import mine\n\n\ndef test_more():\n    assert mine\n")
    (proved.snapshot / "test_more.py").unlink()
    again = proved()
    assert forerunner._running == [one]
    assert first["parent"] != again["parent"]
    assert "mine" not in again["modules"]


def test_a_project_with_a_module_that_pytest_loads_is_run_by_itself(proved):
    """Its own `iniconfig` must be the one that is imported, as it is when pytest starts there."""
    (proved.snapshot / "iniconfig.py").write_text("raise ImportError('the own one')\n")
    seen = run_proof(sys.executable, Order(str(proved.snapshot), "/no", [""], ["iniconfig"], seconds=60))
    assert seen.fault.endswith("ImportError: the own one")


def test_the_end_of_a_fork_is_told_whatever_ended_it(tmp_path):
    boot = [sys.executable, "-c", BOOT, PLUGIN]
    start = forerunner.starting(boot, str(tmp_path), ())
    options = {"cwd": str(tmp_path), "env": environment(sys.executable)}
    process = start([*boot, "no-spec", "no-results"], **options)
    assert isinstance(process, forerunner.Fork)
    os.kill(process.pid, signal.SIGKILL)
    assert (process.wait(30), process.poll()) == (-signal.SIGKILL, -signal.SIGKILL)
    done = run([*boot, "no-spec", "no-results"], str(tmp_path), environment(sys.executable), feed="", popen=start)
    assert done.code == 1
    assert "no-spec" in done.err


def test_it_ends_with_the_one_that_asked(tmp_path):
    boot = [sys.executable, "-c", BOOT, PLUGIN]
    one = forerunner.Forerunner(boot, environment(sys.executable), str(tmp_path))
    assert "pytest" in one.loaded
    one.close()
    assert one.process.wait(30) == 0


def test_where_pytest_is_missing_each_run_says_so_for_itself(tmp_path):
    boot = [sys.executable, "-S", "-c", BOOT, PLUGIN]
    assert forerunner.Forerunner(boot, environment(sys.executable), str(tmp_path)).loaded == frozenset()
    start = forerunner.starting(boot, str(tmp_path), ())
    process = start([*boot, "a", "b"], cwd=str(tmp_path), env=environment(sys.executable), stderr=subprocess.DEVNULL)
    assert not isinstance(process, forerunner.Fork)
    assert process.wait(30) == 1


def test_a_script_is_forked_unless_a_variable_would_change_the_start_of_an_interpreter(tmp_path):
    env, script = environment(sys.executable), tmp_path / "script.py"
    script.write_text("import os, sys; print(sys.argv[1:], os.environ.get('MORE'))\n")
    start = warm(sys.executable, str(tmp_path), str(tmp_path), [""])

    def call(**more):
        started.clear()
        done = run([sys.executable, str(script), "a"], str(tmp_path), {**env, **more}, popen=noting)
        return done.out, isinstance(started[0], forerunner.Fork)

    def noting(*arguments, **options):
        started.append(start(*arguments, **options))
        return started[0]

    started = []
    assert call(MORE="some") == ("['a'] some\n", True)
    assert call(PYTHONHASHSEED="7") == ("['a'] None\n", False)
    assert call(PYTHONWARNINGS="error") == ("['a'] None\n", False)
    assert call(COVERAGE_PROCESS_START="here") == ("['a'] None\n", False)
    assert call(MORE="x" * 70_000) == (f"['a'] {'x' * 70_000}\n", False)
