"""Tests run in workers where they bear it; what is red there is told only where it is red alone as well."""

import sys

import pytest

from devtools.checks import workers
from devtools.project.project import load
from devtools.selection import memory as impact
from devtools.system.store import Store

pytest.importorskip("xdist")


@pytest.fixture
def run(repository, plugins, monkeypatch):
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "2")

    def start(in_workers=True, timeout=None, **files):
        for name, text in files.items():
            repository.put(f"{name}.py", text)
        order = workers.Workload(sys.executable, str(repository.path), (), False, timeout)
        return workers.run(order, in_workers)

    return start


IN_WORKER = "import os\ndef test_a(): assert 'PYTEST_XDIST_WORKER' {} os.environ\n"
COUNTS = "    open('ran', 'a').write('x')\n"


def test_a_green_of_workers_is_believed(run):
    done, unfit = run(test_a=IN_WORKER.format("in"))
    assert (done.divided, done.counts["passed"], unfit) == (True, 1, "")


def test_a_test_that_fails_alone_as_well_is_red_at_once(run, repository):
    done, unfit = run(test_a="def test_a():\n" + COUNTS + "    assert 0\n", test_b="def test_b():\n" + COUNTS)
    assert (done.divided, done.counts["failed"], done.counts["passed"], unfit) == (True, 1, 1, "")
    assert (repository.path / "ran").read_text() == "xxx"


def test_only_the_file_that_fails_in_workers_runs_again_alone(run, repository):
    """What passes alone is green and named; the other files keep their results, and no test runs a third time."""
    flaky = IN_WORKER.format("not in") + "def test_more():\n" + COUNTS
    done, unfit = run(test_a=flaky, test_b="def test_b():\n" + COUNTS)
    assert (done.counts["passed"], done.ended, done.code, done.failures, unfit) == (3, 0, 0, [], "")
    assert done.beside == ("test_a.py::test_a",)
    assert (repository.path / "ran").read_text() == "xxx"
    assert {path: each["passed"] for path, each in done.impact["tests"].items()} == {"test_a.py": 2, "test_b.py": 1}


def test_what_fails_behind_another_file_of_its_worker_is_red(run, monkeypatch):
    """Alone the file passes, and behind the other one it fails without workers as well."""
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "1")
    spoil = "import os\ndef test_a(): os.environ['SPOILT'] = '1'\n"
    look = "import os\ndef test_b(): assert 'SPOILT' not in os.environ\n"
    done, unfit = run(test_a=spoil, test_b=look, test_c="def test_c(): pass\n")
    assert (done.ended, done.counts["failed"], done.beside, unfit) == (1, 1, (), "")


def test_a_failure_in_workers_alone_is_told_apart_from_one_that_stays(run):
    done, _ = run(test_a=IN_WORKER.format("not in"), test_b="def test_b(): assert 0\n")
    assert (done.ended, done.counts["failed"], done.beside) == (1, 2, ("test_a.py::test_a",))


def test_a_hook_that_decides_on_the_exit_code_is_asked_again_without_workers(run):
    """Beside a failed test its own word is not heard."""
    hook = "def pytest_sessionfinish(session): session.exitstatus = 1\n"
    done, unfit = run(test_a=IN_WORKER.format("not in"), conftest=hook)
    assert (done.ended, done.counts["failed"], unfit) == (1, 0, "test_a.py")


def test_a_bad_end_of_a_worker_alone_is_no_green(run):
    hook = "def pytest_sessionfinish(session):\n    if hasattr(session.config, 'workerinput'): session.exitstatus = 3\n"
    done, unfit = run(test_a="def test_a(): pass\n", conftest=hook)
    assert (done.divided, done.ended, unfit) == (False, 0, "the session")


def test_a_timeout_in_workers_is_one(run):
    done, unfit = run(timeout=2, test_a="import time\ndef test_a(): time.sleep(60)\n")
    assert (done.timed_out, unfit) == (True, "")


def test_who_asked_is_told_how_far_the_tests_are(repository):
    said = []
    repository.put("test_a.py", "import time\ndef test_a(): time.sleep(1.5)\n")
    workers.run(workers.Workload(sys.executable, str(repository.path), (), False, tell=said.append), False)
    assert "0 of 1 tests" in said


def worth(repository, left=()):
    plan = impact.plan(load(str(repository.path)))
    return workers.worth(plan, Store(str(repository.path)), left)


def test_workers_are_worth_their_start_where_many_tests_are_due_or_slow_ones(repository, monkeypatch):
    monkeypatch.setattr(workers, "_processors", lambda: 2)
    repository.put("test_a.py", "\n".join(f"def test_{n}(): pass" for n in range(workers.DEFINITIONS)))
    assert worth(repository)
    monkeypatch.setattr(workers, "_processors", lambda: 1)
    assert not worth(repository)
    monkeypatch.setattr(workers, "_processors", lambda: 2)
    repository.put("test_a.py", "def test_1(): pass\n")
    assert not worth(repository)
    plan = impact.plan(load(str(repository.path)))
    done, _ = workers.run(workers.Workload(sys.executable, str(repository.path), (), False), False)
    done.impact["seconds"]["test_a.py"] = workers.SECONDS
    impact.remember(plan, done, ())
    assert worth(repository)
    assert not worth(repository, ["test_a.py"])
    Store(str(repository.path)).add(workers.UNFIT, plan.collection, {}, 1)
    assert not worth(repository)
