"""A hook of the project that reports another thing than what a test did is no result of the test."""

import sys

import pytest

from devtools.runner.working_tree import run_pytest

BAD = "import pytest\ndef test_a(): assert 1 == 2\n"
WRAPPER = "import pytest\n@pytest.hookimpl(hookwrapper=True{0})\ndef {1}:\n    outcome = yield\n    {2}\n"


@pytest.fixture
def run(repository):
    def start(text, conftest=""):
        repository.put("test_it.py", text)
        repository.put("conftest.py", conftest)
        return run_pytest(sys.executable, str(repository.path))

    return start


@pytest.mark.parametrize(
    ("conftest", "said"),
    [
        (
            WRAPPER.format("", "pytest_runtest_makereport()", "outcome.get_result().outcome = 'passed'"),
            "reported it as passed, though it raised AssertionError: assert 1 == 2",
        ),
        (
            WRAPPER.format(
                "",
                "pytest_runtest_makereport(call)",
                "outcome.get_result().outcome = ['passed', 'skipped'][call.when == 'call']",
            ),
            "reported it as skipped, though it raised AssertionError",
        ),
        (
            WRAPPER.format("", "pytest_runtest_makereport()", "outcome.get_result().outcome = 'skipped'"),
            "reported it as skipped, though nothing in it asked for that",
        ),
        (
            WRAPPER.format(", trylast=True", "pytest_runtest_call()", "outcome.force_result(None)"),
            "though it raised AssertionError",
        ),
        (
            "def pytest_runtest_call(item):\n    item.runtest = lambda: None\n",
            "though it never ran",
        ),
        ("def pytest_pyfunc_call(): return True\n", "though it never ran"),
        (
            "from _pytest.reports import TestReport\ndef pytest_runtest_protocol(item):\n"
            "    for when in ('setup', 'call', 'teardown'):\n"
            "        item.ihook.pytest_runtest_logreport(report=TestReport(\n"
            "            item.nodeid, item.location, {}, 'passed', None, when))\n    return True\n",
            "though it never ran",
        ),
    ],
)
def test_a_report_that_contradicts_what_happened_is_a_failure_of_its_test(run, conftest, said):
    done = run(BAD, conftest)
    assert (done.counts["passed"], done.counts["failed"]) == (0, 1)
    assert said in done.failures[0]["message"]


def test_an_error_of_a_fixture_that_a_hook_reports_as_passed_is_a_failure(run):
    conftest = WRAPPER.format("", "pytest_runtest_makereport()", "outcome.get_result().outcome = 'passed'")
    done = run("import pytest\n@pytest.fixture\ndef f():\n    yield\n    1 / 0\ndef test_a(f): pass\n", conftest)
    assert done.counts["failed"] == 1
    assert "ZeroDivisionError" in done.failures[0]["message"]


HONEST = """
import pytest, unittest
def test_ok(): pass
async def test_waits(): pass
def test_skips(): pytest.skip("no")
@pytest.mark.xfail
def test_expected(): assert 0
@pytest.mark.xfail
def test_better(): pass
class T(unittest.TestCase):
    def test_ok(self): pass
    def test_skips(self): self.skipTest("no")
    @unittest.expectedFailure
    def test_expected(self): assert 0
"""


def test_honest_hooks_and_outcomes_are_believed(run):
    hook = "import asyncio, inspect\ndef pytest_pyfunc_call(pyfuncitem):\n"
    hook += "    if inspect.iscoroutinefunction(pyfuncitem.obj):\n"
    hook += "        asyncio.run(pyfuncitem.obj())\n        return True\n"
    done = run(HONEST, hook)
    assert (done.counts, done.failures) == ({"passed": 4, "failed": 0, "errors": 0, "skipped": 4}, [])


def test_a_test_that_a_hook_of_the_project_runs_again_is_judged_by_its_last_run(run):
    again = "from _pytest.runner import runtestprotocol\ndef pytest_runtest_protocol(item, nextitem):\n"
    again += "    for report in runtestprotocol(item, nextitem=item, log=False):\n        pass\n"
    again += "    for report in runtestprotocol(item, nextitem=nextitem, log=False):\n"
    again += "        item.ihook.pytest_runtest_logreport(report=report)\n    return True\n"
    done = run("seen = []\ndef test_a():\n    seen.append(1)\n    assert len(seen) == 2\n", again)
    assert (done.counts["passed"], done.failures) == (1, [])


def test_the_traceback_of_a_test_stays_as_it_was(run):
    done = run(BAD)
    assert done.failures[0]["frames"] == [["test_it.py", 2]]


def test_workers_hold_their_reports_against_what_their_tests_did(run, repository, plugins):
    pytest.importorskip("xdist")
    repository.put("pytest.ini", "[pytest]\naddopts = -n1\n")
    conftest = WRAPPER.format("", "pytest_runtest_makereport()", "outcome.get_result().outcome = 'passed'")
    done = run(BAD, conftest)
    assert "though it raised AssertionError" in done.failures[0]["message"]
    done = run("def test_a(): pass\ndef test_b(): assert 0\n")
    assert (done.counts["passed"], done.counts["failed"], len(done.failures)) == (1, 1, 1)


CHEATED = """
import unittest
def test_object(): assert 0
def test_swallowed(): assert 0
def test_run(): assert 0
def test_code(): assert 0
def test_set_up(): assert 0
def test_expected(): assert 0
def test_good(): pass
class T(unittest.TestCase):
    def run(self, result=None): pass
    def test_unit(self): assert 0
class U(unittest.TestCase):
    def test_good(self): pass
    def test_skipped(self): self.skipTest("x")
"""
CHEATS = """
import functools, pytest
def pytest_collection_modifyitems(items):
    for item in items:
        if item.name == "test_object": item.obj = lambda: None
        if item.name == "test_swallowed": item.obj = calm(item.obj)
        if item.name == "test_run": item.runtest = lambda: None
        if item.name == "test_code": item.function.__code__ = (lambda: None).__code__
def calm(function):
    @functools.wraps(function)
    def inner():
        try: function()
        except AssertionError: pass
    return inner
@pytest.fixture(autouse=True)
def replaced(request):
    if request.node.name == "test_set_up": request.node.obj = lambda: None
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    if item.name == "test_expected" and report.failed: report.outcome, report.wasxfail = "skipped", "known"
"""


def test_what_replaces_a_test_or_swallows_what_it_raises_makes_it_fail(run):
    done = run(CHEATED, CHEATS)
    told = {each["id"].partition("::")[2]: each["message"].partition(", though it ")[2] for each in done.failures}
    raised = "raised AssertionError: assert 0"
    assert told == {
        "test_object": "never ran",
        "test_swallowed": raised,
        "test_run": "never ran",
        "test_code": "",
        "test_set_up": "never ran",
        "test_expected": raised,
        "T::test_unit": "never ran",
    }
    assert (done.counts["passed"], done.counts["failed"], done.counts["skipped"]) == (2, 7, 1)


@pytest.mark.parametrize(
    "patch",
    [
        "pytest.Function.runtest = lambda self: None\n",
        "def pytest_pyfunc_call(pyfuncitem):\n    try: pyfuncitem.obj()\n    except AssertionError: return True\n",
        "unittest.TestCase._callTestMethod = lambda self, method: None\n",
        "_pytest.unittest.TestCaseFunction.addFailure = lambda self, *_: None\n",
    ],
)
def test_a_part_of_pytest_that_a_conftest_replaces_makes_no_test_pass(run, patch):
    unit = "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): self.fail()\n"
    done = run(unit if "unittest" in patch else BAD, "import pytest, unittest, _pytest.unittest\n" + patch)
    assert (done.counts["passed"], done.counts["failed"]) == (0, 1)
