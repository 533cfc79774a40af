"""Each of these is a red run that a parser of pytest's text has shown as green, or lost."""

import sys

import pytest

from devtools.runner.working_tree import run_pytest


@pytest.fixture
def outcome(repository):
    def run(text="", *arguments, timeout=None, **files):
        repository.put("test_it.py", text)
        for name, content in files.items():
            repository.put(f"{name}.py", content)
        return run_pytest(sys.executable, str(repository.path), arguments, timeout)

    return run


def test_a_failure_is_data_with_its_values_places_and_output(outcome):
    run = outcome("def test_a():\n    print('seen')\n    x = 1\n    assert x == 2\n\ndef test_b(): pass\n")
    assert run.counts == {"passed": 1, "failed": 1, "errors": 0, "skipped": 0}
    [failure] = run.failures
    assert (failure["id"], failure["line"], failure["message"]) == ("test_it.py::test_a", 1, "assert 1 == 2")
    assert failure["frames"] == [["test_it.py", 4]]
    assert failure["captured"] == [["Captured stdout call", "seen\n"]]
    assert (run.ended, run.selected) == (1, 2)


def test_a_failed_collection_is_an_error_and_not_no_tests(outcome):
    run = outcome("import nonsense_xyz\n")
    assert (run.counts["errors"], run.ended) == (1, 2)
    assert "nonsense_xyz" in run.failures[0]["message"]


def test_a_syntax_error_is_an_error_with_its_file(outcome):
    run = outcome("def test_a(:\n")
    assert run.counts["errors"] == 1
    assert run.failures[0]["id"] == "test_it.py"
    assert "SyntaxError" in run.failures[0]["message"]


def test_errors_of_fixtures_are_counted_apart_from_failures(outcome):
    run = outcome("import pytest\n@pytest.fixture\ndef f(): 1 / 0\ndef test_a(f): pass\ndef test_b(): assert 0\n")
    assert run.counts == {"passed": 0, "failed": 1, "errors": 1, "skipped": 0}


def test_a_broken_conftest_says_what_broke(outcome):
    run = outcome("def test_a(): pass\n", conftest="1 / 0\n")
    assert run.code not in (0, 5)
    assert run.ended == run.code
    assert "ZeroDivisionError" in run.out + run.err


@pytest.mark.parametrize("end", ["os.abort()", "os._exit(0)", "os.kill(os.getpid(), 11)"])
def test_a_crash_of_the_interpreter_names_the_test_that_ran(outcome, end):
    run = outcome(f"import os\ndef test_a(): pass\ndef test_b(): {end}\n")
    assert (run.ended, run.running, run.counts["passed"]) == (None, "test_it.py::test_b", 1)


def test_a_hanging_test_is_named(outcome):
    run = outcome("import time\ndef test_a(): time.sleep(60)\n", timeout=4)
    assert (run.timed_out, run.running) == (True, "test_it.py::test_a")


def test_no_tests_are_no_failure_of_a_test(outcome):
    run = outcome("")
    assert (run.ended, run.selected, run.failures) == (5, 0, [])


def test_xdist_workers_report_the_same(outcome, plugins):
    pytest.importorskip("xdist")
    run = outcome("def test_a(): assert 1 == 2\ndef test_b(): pass\n", "-n2")
    assert run.counts == {"passed": 1, "failed": 1, "errors": 0, "skipped": 0}
    assert run.failures[0]["frames"] == [["test_it.py", 1]]


def test_output_that_is_no_text_does_not_hide_a_failure(outcome):
    run = outcome("import os\ndef test_a():\n    os.write(1, b'\\xff\\x1b[31m')\n    assert 0\n")
    assert run.counts["failed"] == 1


def test_warnings_skips_and_deselection_are_counted(outcome):
    text = "import warnings, pytest\ndef test_a(): warnings.warn('old')\n"
    text += "def test_b(): pytest.skip('no')\ndef test_c(): 0\n"
    run = outcome(text, "-k", "not test_c")
    assert (run.counts["skipped"], run.deselected, run.selected) == (1, 1, 2)
    assert run.warnings[0]["text"] == "UserWarning: old"


def test_a_project_s_own_options_do_not_hide_failures(outcome, repository):
    repository.put("pytest.ini", "[pytest]\naddopts = --tb=no -p no:terminal\n")
    assert outcome("def test_a(): assert 0\n").failures[0]["frames"] == [["test_it.py", 1]]


def test_an_interpreter_without_pytest_says_so(repository, tmp_path):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    python.chmod(0o755)
    assert run_pytest(str(python), str(repository.path)).missing


def test_an_interpreter_that_leaves_out_asserts_runs_no_test_and_says_so(repository, tmp_path):
    wrapper = tmp_path / "python"
    wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" -O "$@"\n')
    wrapper.chmod(0o755)
    repository.put("test_it.py", "def test_a(): assert 0\n")
    run = run_pytest(str(wrapper), str(repository.path))
    assert (run.optimized, run.ended, run.selected) == (True, None, 0)


def test_what_each_test_file_did_is_told_where_it_is_asked_for(repository):
    repository.put("test_a.py", "def test_a(): pass\n")
    repository.put("test_b.py", "def test_b(): pass\n")
    assert run_pytest(sys.executable, str(repository.path)).impact is None
    run = run_pytest(sys.executable, str(repository.path), fresh=["test_a.py"])
    assert (run.selected, list(run.impact["tests"])) == (1, ["test_b.py"])


def test_every_selected_test_without_a_result_is_counted_and_named(outcome):
    run = outcome("import pytest\ndef test_a(): pass\ndef test_b(): pytest.exit('enough', 0)\ndef test_c(): pass\n")
    assert (run.code, run.ended, run.selected, run.lost) == (0, 0, 3, 2)
    assert run.names == ("test_it.py::test_b", "test_it.py::test_c")
    assert not run.whole


def test_ids_that_a_hook_changes_lose_no_test(outcome):
    hook = "import pytest\n@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_makereport():\n"
    hook += "    report = yield\n    report.nodeid = 'renamed'\n    return report\n"
    run = outcome("def test_a(): pass\ndef test_b(): assert 0\n", conftest=hook)
    assert (run.lost, run.counts["passed"], run.counts["failed"]) == (0, 1, 1)
    assert run.failures[0]["id"] == "test_it.py::test_b"


def test_subtests_are_no_tests_and_their_failures_are_their_test_s(outcome):
    text = "import unittest\nclass T(unittest.TestCase):\n    def test_u(self):\n        for i in range(3):\n"
    text += "            with self.subTest(i=i): assert i != 1\ndef test_p(subtests):\n    for i in range(3):\n"
    text += "        with subtests.test(i=i): assert i != 1\ndef test_ok(subtests):\n    with subtests.test(): pass\n"
    run = outcome(text)
    assert (run.counts, run.selected) == ({"passed": 1, "failed": 2, "errors": 0, "skipped": 0}, 3)
    assert [failure["id"] for failure in run.failures] == ["test_it.py::T::test_u", "test_it.py::test_p"]


def test_tests_that_a_hook_takes_out_in_silence_are_told_beside_the_deselected(outcome):
    hook = "def pytest_collection_modifyitems(items): items[:] = items[:1]\n"
    run = outcome("def test_a(): pass\ndef test_b(): pass\n", conftest=hook)
    assert (run.selected, run.deselected, run.lost) == (1, 1, 0)
    assert (run.cut, run.cut_first) == (1, "test_it.py::test_b")


def test_what_a_hook_takes_out_in_workers_alone_is_told(outcome, plugins):
    pytest.importorskip("xdist")
    hook = "def pytest_collection_modifyitems(config, items):\n"
    hook += "    if hasattr(config, 'workerinput'): del items[1]\n"
    run = outcome("def test_a(): pass\ndef test_b(): pass\n", "-n1", conftest=hook)
    assert (run.cut, run.cut_first) == (1, "test_it.py::test_b")


def test_what_failed_last_time_does_not_choose_what_runs(outcome, repository):
    repository.put("pytest.ini", "[pytest]\naddopts = --lf\n")
    outcome("def test_a(): assert 0\ndef test_b(): pass\n")
    assert outcome("def test_a(): pass\ndef test_b(): pass\n").selected == 2


def test_workers_that_die_tell_of_no_collection(outcome, plugins):
    pytest.importorskip("xdist")
    run = outcome("import os\nos._exit(0)\ndef test_a(): pass\n", "-n1")
    assert (run.silent, run.whole) == (True, False)


def test_a_part_of_the_tests_is_collected_with_the_rest_where_that_is_asked_for(repository):
    repository.put("a/test_it.py", "def test_a(): pass\n")
    repository.put("b/test_it.py", "def test_b(): pass\n")
    alone = run_pytest(sys.executable, str(repository.path), fresh=["a/test_it.py"])
    assert (alone.selected, alone.failures, alone.undivided) == (1, [], False)
    run = run_pytest(sys.executable, str(repository.path), fresh=["a/test_it.py"], collect=True)
    assert "import file mismatch" in run.failures[0]["text"]


def test_workers_that_collect_nothing_are_no_dead_ones(outcome, plugins):
    pytest.importorskip("xdist")
    run = outcome("def test_a(): pass\n", "-n1", "-k", "nothing")
    assert (run.silent, run.ended) == (False, 5)


def test_workers_leave_out_what_need_not_run_and_say_what_the_rest_did(repository, plugins):
    pytest.importorskip("xdist")
    repository.put("lib.py", "")
    repository.put("test_a.py", "def test_a(): assert 0\n")
    repository.put("test_b.py", "import lib\ndef test_b(): pass\ndef test_c(): pass\n")
    repository.put("test_c.py", "def test_d(): open('lib.py').read()\n")
    run = run_pytest(sys.executable, str(repository.path), ["-n2"], fresh=["test_a.py"], collect=True)
    assert (run.undivided, run.counts["passed"], run.deselected, run.lost) == (False, 3, 0, 0)
    assert {path: counts["ran"] for path, counts in run.impact["tests"].items()} == {"test_b.py": 2, "test_c.py": 1}
    assert (run.impact["opaque"], "test_c.py" in run.impact["reads"]["lib.py"]) == ([], True)
    assert run.impact["loaded"]["lib.py"] == "test_b.py"


def test_a_worker_that_is_lost_leaves_no_record_and_is_counted(outcome, plugins, repository):
    pytest.importorskip("xdist")
    end = "import os, pytest\n@pytest.fixture(scope='session', autouse=True)\ndef f():\n    yield\n    os._exit(0)\n"
    repository.put("conftest.py", end)
    repository.put("test_it.py", "def test_a(): pass\n")
    run = run_pytest(sys.executable, str(repository.path), ["-n1", "--max-worker-restart=0"], fresh=[])
    assert (run.impact, run.broken) == (None, 1)


def test_an_end_that_a_worker_alone_has_called_bad_is_counted(outcome, plugins):
    pytest.importorskip("xdist")
    hook = "def pytest_sessionfinish(session):\n    if hasattr(session.config, 'workerinput'):\n"
    hook += "        session.exitstatus = {}\n"
    assert outcome("def test_a(): pass\n", "-n1", conftest=hook.format(3)).broken == 1
    assert outcome("def test_a(): pass\n", "-n1", conftest=hook.format(0)).broken == 0


def test_workers_run_the_tests_where_that_is_asked_for_and_the_project_says_nothing_of_it(repository, plugins):
    pytest.importorskip("xdist")
    repository.put("test_a.py", "def test_a(): pass\ndef test_b(): pass\n")
    run = run_pytest(sys.executable, str(repository.path), fresh=[], workers=True)
    assert (run.divided, run.counts["passed"], run.impact["tests"]["test_a.py"]["ran"]) == (True, 2, 2)
    repository.put("pytest.ini", "[pytest]\naddopts = -n0\n")
    assert not run_pytest(sys.executable, str(repository.path), workers=True).divided


@pytest.mark.parametrize("options", [[], ["-n1"]])
def test_a_run_tells_from_time_to_time_how_far_it_has_come(repository, plugins, options):
    said = []
    repository.put("test_a.py", "import time\ndef test_a(): pass\ndef test_b(): time.sleep(1.5)\n")
    run_pytest(sys.executable, str(repository.path), options, tell=said.append)
    assert any(text.startswith("1 of 2 tests") for text in said)


FORGE = """
import gc, json, os, sys

def forge(*lines, mode="a"):
    with open(sys.argv[1], mode) as stream:
        stream.writelines(line + "\\n" for line in lines)

def own():
    with open(sys.argv[1]) as stream:
        return stream.read().splitlines()

def recorder():
    [found] = [each for each in gc.get_objects() if type(each).__name__ == "Recorder"]
    return found

END = {"code": 0, "counts": {"passed": 1}, "collected": 1, "selected": 1, "deselected": 0, "lost": 0, "names": []}
END |= {"event": "end", "silent": False}
"""


@pytest.mark.parametrize(
    "trick",
    [
        "forge('nonsense')",
        "forge(json.dumps(END)); os._exit(0)",
        "forge(json.dumps(END), mode='w'); os._exit(0)",
        "forge('0' * 32 + ' ' + json.dumps([0, 'end', END]), mode='w'); os._exit(0)",
        "forge(*own())",
        "recorder().write('finish', id=[])",
    ],
)
def test_what_a_test_writes_into_the_record_of_its_run_makes_the_run_unbelievable(outcome, trick):
    run = outcome(f"{FORGE}\ndef test_a():\n    {trick}\n")
    assert (run.forged, run.ended, run.whole) == (True, None, False)


@pytest.mark.parametrize("trick", ["recorder().write(**END)", "forge(mode='w')"])
def test_an_end_comes_from_pytest_itself_and_from_no_test(outcome, trick):
    run = outcome(f"{FORGE}\ndef test_a():\n    {trick}\n    os._exit(0)\n")
    assert (run.code, run.ended, run.whole) == (0, None, False)


def test_the_key_of_a_run_is_seen_by_no_test(outcome, plugins):
    text = "import glob, os, sys\ndef test_a():\n    assert sys.stdin.read() == '' or os.read(0, 1) == b''\n"
    text += "    for name in glob.glob(os.path.dirname(sys.modules['devtools_worker'].__file__) + '/*'):\n"
    text += "        assert not name.endswith('.key')\n"
    run = outcome(text, "-s", "-n1")
    assert (run.ended, run.counts["passed"]) == (0, 1)


def test_a_worker_s_record_that_a_test_alters_or_removes_counts_against_the_run(outcome, plugins):
    pytest.importorskip("xdist")
    found = "import os, sys\ndef test_a():\n    folder = os.path.dirname(sys.modules['devtools_worker'].__file__)\n"
    assert outcome(f"{found}    open(folder + '/results.gw0', 'a').write('over\\n')\n", "-n1").forged
    assert outcome(f"{found}    os.unlink(folder + '/results.gw0')\n", "-n1").broken == 1


def test_a_worker_has_taken_its_key_before_a_conftest_is_loaded(outcome, plugins):
    pytest.importorskip("xdist")
    conftest = "import glob, os, sys\nfolder = os.path.dirname(sys.modules['devtools_worker'].__file__)\n"
    conftest += "if 'PYTEST_XDIST_WORKER' in os.environ:\n    assert not glob.glob(folder + '/*.key')\n"
    run = outcome("def test_a(): pass\n", "-n1", conftest=conftest)
    assert (run.ended, run.counts["passed"], run.broken) == (0, 1, 0)
