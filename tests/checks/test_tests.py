import sys
from dataclasses import replace

import pytest

from devtools.checks import Request, tests, workers
from devtools.project.project import Project, load
from devtools.runner.snapshot import warm
from devtools.runner.working_tree import TestRun


@pytest.fixture
def result(repository, shared):
    def run(text, timeout=None, **files):
        repository.put("test_it.py", text)
        for name, content in files.items():
            repository.put(f"{name}.py", content)
        project = load(".")
        start = warm(project.python, project.root, project.root, [""])
        return tests.run(project, Request(timeout=timeout, popen=start))

    return run


def test_a_green_run_counts_what_passed(result):
    done = result("import warnings\ndef test_a(): warnings.warn('x')\n")
    assert (done.ok, done.summary, done.notes) == (True, "1 passed", ("1 warning",))
    assert done.counts == {"passed": 1, "failed": 0, "errors": 0, "skipped": 0, "selected": 1, "total": 1}


def test_a_test_that_failed_beside_others_and_passed_alone_is_named_by_a_green():
    done = TestRun(0, 0, False, False, {"passed": 2}, 2, 0, beside=("test_a.py::test_1", "test_b.py::test_2"))
    words = "2 tests failed beside others and passed alone (load or order), the first is test_a.py::test_1"
    assert (tests.read(".", done).ok, tests.read(".", done).notes) == (True, (words,))


def test_a_failure_is_placed_in_the_project_s_own_code(result):
    text = "import it, json\ndef test_a(): it.f('{')\n"
    done = result(text, it="import json\n\ndef f(x):\n    return json.loads(x)\n")
    [finding] = done.findings
    assert (finding.place(), finding.test, finding.code) == ("it.py:4", "test_it.py::test_a", "failed")
    assert finding.message.startswith("json.decoder.JSONDecodeError")
    assert "json.loads" in done.log


def test_an_error_in_set_up_says_so(result):
    done = result("import pytest\n@pytest.fixture\ndef f(): 1 / 0\ndef test_a(f): pass\n")
    assert done.findings[0].message == "in set-up: ZeroDivisionError: division by zero"
    assert (done.ok, done.summary) == (False, "1 error")


def test_two_thousand_printed_lines_and_a_huge_diff_are_folded(result):
    done = result("def test_a():\n    for n in range(2000): print(n)\n    assert 0, '\\n'.join(map(str, range(100)))\n")
    detail = done.findings[0].detail
    assert len(detail) == 13 + 6
    assert detail[-6:] == ("output, last 5 of 2000 lines:", "1995", "1996", "1997", "1998", "1999")
    assert any(line.startswith("… ") for line in detail)


def test_evidence_that_the_first_line_gives_already_is_left_out(result):
    done = result("def test_a():\n    values = list(range(5))\n    assert values == [0, 1]\n")
    assert (done.findings[0].message, done.findings[0].detail) == ("assert [0, 1, 2, 3, 4] == [0, 1]", ())


def test_a_failed_assert_is_an_assertion_error_without_saying_so(result):
    """Pytest leaves the name out itself, but where the text holds a quote."""
    done = result("def test_a():\n    x = 'a'\n    assert x == 'b'\n")
    assert done.findings[0].message == "assert 'a' == 'b'"
    assert result('def test_a():\n    raise AssertionError("it\'s")\n').findings[0].message == "AssertionError: it's"


def test_short_output_stands_whole(result):
    assert result("def test_a():\n    print('seen')\n    assert 0\n").findings[0].detail == ("output:", "seen")


@pytest.mark.parametrize(
    ("end", "what"),
    [
        ("os.abort()", "crashed (SIGABRT)"),
        ("os._exit(0)", "pytest stopped with code 0 before its end"),
        ("os.kill(os.getpid(), 40)", "crashed (signal 40)"),
    ],
)
def test_a_crash_is_red_and_names_the_test(result, end, what):
    done = result(f"import os\ndef test_a(): {end}\n")
    assert not done.ok
    assert done.findings[0].test == "test_it.py::test_a"
    assert what in done.findings[0].message


def test_a_hanging_test_is_red_and_named(result):
    [finding] = result("import time\ndef test_a(): time.sleep(60)\n", timeout=2).findings
    assert finding.message.startswith("timed out")
    done = TestRun(-9, None, timed_out=True, missing=False, counts={}, selected=1, deselected=0, running="a.py::test_b")
    [finding] = tests.read(".", done).findings
    assert (finding.path, finding.message, finding.test) == ("a.py", "timed out", "a.py::test_b")


def test_a_run_that_passed_a_bound_is_red_with_the_bound():
    over = "devtools ended it: it printed more than 512 MB"
    seen = TestRun(-9, None, timed_out=False, missing=False, counts={}, selected=1, deselected=0, err=f"x\n{over}")
    assert [each.message for each in tests.read(".", seen).findings] == [over]
    [finding] = tests.read(".", replace(seen, running="a.py::test_b")).findings
    assert (finding.message, finding.test) == (over, "a.py::test_b")


def test_a_broken_conftest_is_red_with_its_error(result):
    done = result("def test_a(): pass\n", conftest="1 / 0\n")
    assert not done.ok
    assert "ZeroDivisionError" in done.findings[0].message


def test_a_plugin_that_stops_pytest_is_red(result):
    done = result(
        "def test_a(): pass\n", conftest="import pytest\ndef pytest_collection_modifyitems(): pytest.exit('no', 4)\n"
    )
    assert (done.ok, done.findings[0].code) == (False, "pytest")


def test_no_tests_hold_and_say_so(result):
    done = result("")
    assert (done.ok, done.summary) == (True, "no tests")


def test_a_project_without_pytest_is_skipped_with_the_reason(repository, tmp_path):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    python.chmod(0o755)
    done = tests.run(Project(str(repository.path), load(".").config, str(python)), Request())
    assert "pytest is not installed" in done.skipped


def test_a_project_that_configures_pytest_and_lacks_it_is_told_to_install_it(repository, tmp_path):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    python.chmod(0o755)
    project = Project(str(repository.path), load(".").config, str(python), {"tool": {"pytest": {}}})
    assert tests.run(project, Request()).fault.endswith("pip install pytest")


def test_only_affected_tests_run_where_that_is_asked_for_and_the_rest_count_toward_the_total(repository):
    repository.put("test_a.py", "def test_a(): pass\n")
    repository.put("test_b.py", "def test_b(): pass\ndef test_c(): pass\n")
    project = load(".")
    assert tests.run(project, Request(affected=True)).counts["selected"] == 3
    none = tests.run(project, Request(affected=True))
    assert (none.ok, none.summary, none.counts["selected"], none.counts["total"]) == (True, "none of 3 affected", 0, 3)
    repository.put("test_a.py", "def test_a(): assert 0\n")
    part = tests.run(project, Request(affected=True))
    assert (part.ok, part.summary, part.counts["selected"]) == (False, "1 failed of 3", 1)
    assert tests.run(project, Request()).counts["selected"] == 3


def test_a_conftest_that_decides_what_is_collected_cannot_call_back_what_need_not_run(repository):
    repository.put("conftest.py", "def pytest_ignore_collect(): return False\n")
    repository.put("test_a.py", "def test_a(): pass\n")
    project = load(".")
    assert tests.run(project, Request(affected=True)).summary == "1 passed"
    assert tests.run(project, Request(affected=True)).summary == "none of 1 affected"


def test_a_green_names_the_files_of_which_it_ran_every_test(repository):
    repository.put("test_a.py", "def test_a(): pass\n")
    repository.put("test_b.py", "def test_b(): pass\n")
    project = load(".")
    assert tests.run(project, Request(affected=True)).passed == {"test_a.py", "test_b.py"}
    assert tests.run(project, Request(affected=True)).passed == frozenset()
    repository.put("test_a.py", "def test_a(): assert 1\n")
    assert tests.run(project, Request(affected=True)).passed == {"test_a.py"}
    repository.put("test_b.py", "def test_b(): assert 0\n")
    assert tests.run(project, Request(affected=True)).passed == frozenset()


def test_what_is_known_to_pass_need_not_run_and_counts_where_running_it_would_take_long(repository, monkeypatch):
    repository.put("test_a.py", "def test_a(): assert 0\n")
    repository.put("test_b.py", "def test_b(): pass\n")
    asked = []

    def known(files, look):
        asked.append((files, look))
        return {"test_a.py": {"passed": 4, "skipped": 0, "total": 4}}

    project, request = load("."), Request(affected=True, known=known)
    done = tests.run(project, request)
    assert (done.summary, done.counts["total"], done.passed) == ("1 passed of 5", 5, {"test_a.py", "test_b.py"})
    assert not tests.run(project, request).ok  # what is due takes no time: it runs
    assert asked == [(["test_a.py", "test_b.py"], False)]  # how long they take nobody knows
    monkeypatch.setattr(tests, "WORTH", 0.0)
    assert tests.run(project, request).summary == "none of 5 affected"
    assert asked[1:] == [(["test_a.py"], True)]
    repository.put("test_b.py", "def test_b(): assert 0\n")
    assert (tests.run(project, request).summary, len(asked)) == ("1 failed of 5", 3)


def test_a_run_of_which_no_test_came_to_a_result_says_so(result):
    stop = "import pytest\ndef pytest_runtestloop(): pytest.exit('enough', 0)\n"
    assert result("def test_a(): pass\n", conftest=stop).summary == "none ran"


TWO = "def test_a(): pass\ndef test_b(): pass\n"


@pytest.mark.parametrize(
    ("files", "options", "said"),
    [
        ({}, "--collect-only", "--collect-only"),
        ({}, "--setup-plan", "--setup-plan"),
        ({}, "--setup-only", "--setup-only"),
        ({}, "--fixtures", "--fixtures"),
        ({}, "-k nothing", "selected none of 2 tests"),
        ({"test_a": "import pytest\ndef test_x(): pytest.exit('enough', 0)\n"}, "", "3 of 3 tests came to no result"),
        ({"conftest": "def pytest_runtestloop(): return True\n"}, "", "2 of 2 tests came to no result"),
        ({"conftest": "def pytest_runtest_protocol(): return True\n"}, "", "2 of 2 tests came to no result"),
        ({"conftest": "def pytest_collection_finish(session): session.items.clear()\n"}, "", "2 of 2 tests came to"),
        ({"conftest": "def pytest_collection_modifyitems(items): items.clear()\n"}, "", "takes out 2 tests in silence"),
        ({"conftest": "def pytest_sessionfinish(session): session.exitstatus = 1\n"}, "", "ended with code 1 though"),
        ({"conftest": "def pytest_sessionfinish(session): session.exitstatus = 5\n"}, "", "ended with code 5 though"),
        ({"conftest": "import pytest\ndef pytest_sessionstart(): pytest.exit('no', 0)\n"}, "", "ran no test"),
        ({"conftest": "raise SystemExit(0)\n"}, "", "stopped with code 0 before its end"),
        ({"conftest": "import os\ndef pytest_unconfigure(): os._exit(0)\n"}, "", "stopped with code 0 before its end"),
        ({"conftest": "import atexit, os\natexit.register(os._exit, 3)\n"}, "", "its process with code 3"),
        (
            {
                "conftest": "def pytest_configure(config):\n    for each in config.pluginmanager.get_plugins():\n"
                "        if type(each).__name__ == 'Recorder': config.pluginmanager.unregister(each)\n"
            },
            "",
            "ran no test",
        ),
    ],
)
def test_a_green_has_a_result_of_every_test_and_codes_that_agree(result, repository, files, options, said):
    repository.put("pytest.ini", f"[pytest]\naddopts = -p no:cacheprovider {options}\n")
    done = result(TWO, **files)
    assert not done.ok
    assert said in done.findings[0].message


def test_a_session_that_is_red_for_no_test_says_why_in_pytest_s_own_words(result):
    hooks = "def pytest_sessionfinish(session): session.exitstatus = 1\n"
    hooks += "def pytest_terminal_summary(terminalreporter): terminalreporter.write_line('FAIL: 3 files left open')\n"
    [finding] = result(TWO, conftest=hooks).findings
    assert finding.message == "pytest ended with code 1 though no test failed: FAIL: 3 files left open"


def test_what_refuses_the_session_is_seen_again_though_no_test_is_due(result, repository):
    hooks = "def pytest_sessionfinish(session): session.exitstatus = int(session.testscollected > 1)\n"
    assert not result(TWO, conftest=hooks).ok
    assert not tests.run(load("."), Request(affected=True)).ok


@pytest.fixture
def again(repository):
    """Run the tests that are due after these files were written; each time the tree is what the last run left."""

    def run(request=None, **files):
        for name, text in files.items():
            repository.put(f"{name.replace('__', '/')}.py", text)
        return tests.run(load("."), request or Request(affected=True))

    return run


def test_two_modules_of_one_name_are_refused_though_one_need_not_run(again):
    assert again(a__test_cart="def test_a(): pass\n").ok
    done = again(b__test_cart="def test_b(): pass\n")
    assert not done.ok
    assert "import file mismatch" in done.log
    assert not again().ok


def test_a_file_that_came_is_collected_with_all_others_once(again, tmp_path):
    spoils = f"import pathlib\npathlib.Path({str(tmp_path / 'seen.txt')!r}).open('a').write('x')\n"
    assert again(test_a=f"def test_a(): pass\n{spoils}", conftest="").ok
    assert again(test_b="def test_b(): pass\n").summary == "1 passed of 2"
    assert again(test_b="def test_b(): assert 1\n").summary == "1 passed of 2"
    assert (tmp_path / "seen.txt").read_text() == "xx"


def test_a_test_file_that_spoils_others_when_it_is_imported_runs_them(again):
    price = "import pytest\nimport price\ndef test_it(): assert price.total() == 3\n"
    assert again(price="def total(): return 3\n", test_price=price, test_other="def test_o(): pass\n").ok
    spoil = "import price\nprice.total = lambda: 4\ndef test_x(): pass\n"
    assert [finding.test for finding in again(test_a=spoil).findings] == ["test_price.py::test_it"]
    assert not again().ok
    assert again(test_a="def test_x(): pass\n").ok


def test_on_a_snapshot_the_record_says_what_was_collected_together(again, repository, tmp_path, monkeypatch):
    """The words of others are not asked where an import may spoil their tests."""
    from devtools.system.store import Store

    monkeypatch.setattr(tests, "WORTH", 0.0)
    asked = []

    def known(files, look):
        asked.append(files)
        return {path: {"passed": 1, "skipped": 0, "total": 1} for path in files if path != "test_new.py"}

    record = Store(str(repository.path))
    request = Request(affected=True, known=known, record=record)
    assert again(request, test_a="import os\nos.environ['A_B'] = ''\ndef test_a(): pass\n").ok
    assert asked == []
    assert again(request, test_a="import os\nos.environ['A_B'] = ''\ndef test_a(): assert 1\n").ok
    assert asked == [["test_a.py"]]
    done = again(request, b__test_a="def test_b(): pass\n")
    assert (done.ok, "import file mismatch" in done.log) == (False, True)


@pytest.mark.parametrize("conftest", ["collect_ignore_glob = ['*']\n", "def pytest_ignore_collect(): return True\n"])
def test_files_with_tests_of_which_pytest_collects_none_are_red(result, conftest):
    done = result(TWO, conftest=conftest)
    assert (done.ok, done.findings[0].path) == (False, "test_it.py")
    assert done.findings[0].message == "pytest collects no test, though test_it.py defines some"
    assert result("VALUE = 1\n", conftest="").ok


def test_a_test_that_writes_into_the_record_of_its_run_is_named(result):
    [finding] = result("import sys\n\ndef test_a(): open(sys.argv[1], 'a').write('x\\n')\n").findings
    assert finding.message.startswith("the tests have written into pytest's record of this run")


def test_tests_that_do_not_bear_workers_run_one_after_the_other_and_are_not_tried_there_again(
    repository, monkeypatch, plugins
):
    pytest.importorskip("xdist")
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "2")
    monkeypatch.setattr(workers, "DEFINITIONS", 1)
    repository.put("test_a.py", "import os\ndef test_a():\n    open(f'{os.getpid()}.pid', 'w').close()\n")
    hook = "def pytest_sessionfinish(session):\n    if hasattr(session.config, 'workerinput'): session.exitstatus = 3\n"
    repository.put("conftest.py", hook)
    project = load(".")
    done = tests.run(project, Request())
    words = "the session fails in workers of pytest-xdist, so the tests ran one after the other"
    assert (done.ok, done.summary, done.notes) == (True, "1 passed", (words,))
    assert len(list(repository.path.glob("*.pid"))) == 2
    assert tests.run(project, Request()).notes == ()
    assert len(list(repository.path.glob("*.pid"))) == 3


def test_a_check_tells_how_far_its_tests_are(repository):
    said = []
    repository.put("test_a.py", "import time\ndef test_a(): time.sleep(1.5)\n")
    tests.run(load("."), Request(tell=said.append))
    assert "0 of 1 tests" in said


def test_a_green_of_which_a_hook_took_tests_out_in_silence_is_red_and_says_what_is_honest(result):
    hook = "def pytest_collection_modifyitems(items): items[:] = items[:1]\n"
    done = result("def test_a(): pass\ndef test_b(): assert 0\n", conftest=hook)
    words = "a hook of the project takes out 1 test in silence, the first is test_it.py::test_b: "
    assert [each.message for each in done.findings] == [f"{words}let it call config.hook.pytest_deselected(items=...)"]


def test_an_end_that_a_worker_alone_calls_bad_is_red_where_the_project_asks_for_workers(result, repository, plugins):
    pytest.importorskip("xdist")
    repository.put("pytest.ini", "[pytest]\naddopts = -n1\n")
    hook = "def pytest_sessionfinish(session):\n    if hasattr(session.config, 'workerinput'): session.exitstatus = 3\n"
    done = result("def test_a(): pass\n", conftest=hook)
    assert [each.message for each in done.findings] == ["1 worker of pytest came to no good end, though no test failed"]


@pytest.mark.parametrize("options", ["", "-n1"])
def test_a_green_of_which_an_assert_method_was_replaced_is_red(result, repository, request, options):
    if options:
        pytest.importorskip("xdist")
        request.getfixturevalue("plugins")
    repository.put("pytest.ini", f"[pytest]\naddopts = {options}\n")
    text = "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): self.assertEqual(1, 2)\n"
    done = result(text, conftest="import unittest\nunittest.TestCase.assertEqual = lambda *_: None\n")
    [finding] = done.findings
    assert finding.message.startswith("the project replaces unittest.TestCase.assertEqual for the whole session")


def test_an_interpreter_that_leaves_out_asserts_is_a_fault(repository, tmp_path):
    wrapper = tmp_path / "python"
    wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" -O "$@"\n')
    wrapper.chmod(0o755)
    repository.put("test_it.py", "def test_a(): assert 0\n")
    done = tests.run(replace(load("."), python=str(wrapper)), Request())
    assert (done.ok, done.findings, "runs with -O" in done.fault) == (False, (), True)


@pytest.mark.parametrize("text", ["import nowhere\n", "raise ImportError('no')\n"])
def test_a_pytest_that_the_project_keeps_from_being_imported_is_a_fault_and_not_missing(repository, text):
    repository.put("test_it.py", "def test_a(): assert 0\n")
    repository.put("pluggy.py", text)
    done = tests.run(load("."), Request())
    assert (done.ok, done.skipped) == (False, "")
    assert "ImportError: no" in done.log or "No module named 'nowhere'" in done.log


def test_a_comment_starts_no_pytest(repository, shared, tmp_path):
    """What nobody can see needs no run, and what was green stays the result of all tests."""
    repository.put("conftest.py", f"open({str(tmp_path / 'starts')!r}, 'a').write('x')\n")
    repository.put("a.py", "def f():\n    return 1\n")
    repository.put("test_a.py", "from a import f\ndef test_a(): assert f() == 1\n")
    project = load(".")
    assert tests.run(project, Request(affected=True)).summary == "1 passed"
    repository.put("a.py", "# Say.\ndef f():\n    return 1\n")
    done = tests.run(project, Request(affected=True))
    assert (done.ok, done.summary, done.counts["total"]) == (True, "none of 1 affected", 1)
    assert (tmp_path / "starts").read_text() == "x"
    repository.put("a.py", "# Say.\ndef f():\n    return 2\n")
    assert not tests.run(project, Request(affected=True)).ok


def test_a_whole_run_says_where_the_record_was_wrong(repository, shared, tmp_path):
    """A part of the tests would have left out what fails: nobody can see the folder of temporary files."""
    data = tmp_path / "data"
    data.write_text("1")
    repository.put("test_a.py", f"import os\ndef test_a(): assert os.path.getsize({str(data)!r}) == 1\n")
    project = load(".")
    assert tests.run(project, Request(affected=True)).ok
    data.write_text("22")
    assert tests.run(project, Request(affected=True)).ok
    done = tests.run(project, Request())
    words = "the record was wrong: it leaves out 1 failing test, the first is test_a.py::test_a"
    assert [(finding.code, finding.message) for finding in done.findings[1:]] == [("record", words)]
    assert len(tests.run(project, Request()).findings) == 1, "a failing test is due, which the record knows now"
