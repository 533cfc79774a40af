"""A pytest that somebody else starts is seen from inside, and runs as it would without us."""

import os
import sys

import pytest

from devtools.runner.observed import observe, plain, untouched


@pytest.fixture
def seen(repository):
    def seen(tests, *arguments, **files):
        repository.put("test_a.py", tests)
        for name, text in files.items():
            repository.put(f"{name}.py", text)
        return observe([sys.executable, "-m", "pytest", "-q", *arguments], str(repository.path))

    return seen


def test_results_come_from_the_process_however_little_it_prints(seen):
    done, tests = seen("def test_a(): assert 0\ndef test_b(): pass\n", "-qqq")
    assert "passed" not in done.out
    assert (done.code, tests.ended, tests.counts["failed"], tests.counts["passed"]) == (1, 1, 1, 1)
    assert [failure["id"] for failure in tests.failures] == ["test_a.py::test_a"]


def test_a_test_finds_the_variables_that_it_would_find_and_may_start_a_pytest_of_its_own(seen, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k alpha")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    inner = "[sys.executable, '-m', 'pytest', '-q', 'inner.py']"
    text = (
        "import os, subprocess, sys\n"
        "def test_alpha():\n"
        "    assert os.environ['PYTEST_ADDOPTS'] == '-k alpha' and 'PYTHONPATH' not in os.environ\n"
        f"    assert subprocess.run({inner}, env={{**os.environ, 'PYTEST_ADDOPTS': ''}}).returncode == 1\n"
        "def test_b(): assert 0\n"
    )
    done, tests = seen(text, "test_a.py", inner="def test_c(): assert 0\n")
    assert (done.code, tests.ended, tests.counts["passed"], tests.failures) == (0, 0, 1, [])


def test_a_test_that_ends_the_process_leaves_no_end_in_the_record(seen):
    done, tests = seen("import os\ndef test_a(): os._exit(0)\ndef test_b(): assert 0\n")
    assert (done.code, tests.ended, tests.running) == (0, None, "test_a.py::test_a")


def test_an_option_that_runs_no_test_is_known(seen):
    assert seen("def test_a(): pass\n", "--co").tests.idle == "--collect-only"


def test_what_starts_no_pytest_has_no_record(repository):
    assert observe([sys.executable, "-c", "print(3)"], str(repository.path)) == (plain(["echo", "3"], "/"), None)


@pytest.mark.usefixtures("plugins")
def test_workers_are_seen_as_well(seen):
    done, tests = seen("def test_a(): assert 0\ndef test_b(): pass\n", "-n2")
    assert (done.code, tests.ended, tests.code) == (1, 1, 1)
    assert (tests.counts["failed"], tests.counts["passed"]) == (1, 1)


def test_what_is_not_observed_runs_with_our_own_streams_and_variables(repository, monkeypatch, capfd):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert untouched(["sh", "-c", "echo $FORCE_COLOR; exit 7"], os.getcwd()) == 7
    assert capfd.readouterr().out == "1\n"
