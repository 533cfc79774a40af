# ruff: noqa: E501 -- attacks, one a line
"""Tests and conftests that forge what is reported of them: no failing test is ever taken for one that passed."""

import sys
import textwrap

import pytest

from devtools.runner.snapshot import Order, run_proof

RECORDER = "next(p for p in request.config.pluginmanager.get_plugins() if hasattr(p, 'judge'))"


@pytest.fixture
def run(tmp_path):
    def start(tests, conftest=""):
        (tmp_path / "test_a.py").write_text(textwrap.dedent(tests))
        (tmp_path / "conftest.py").write_text(textwrap.dedent(conftest))
        seen = run_proof(sys.executable, Order(str(tmp_path), "/no", [""], [], seconds=30))
        return {test["name"]: test.get("outcome") for test in seen.tests}, seen

    return start


FAILING = "def test_bad():\n    assert 0\n"
SWALLOWING = {
    "a wrapper of the call": """
        import pytest
        @pytest.hookimpl(hookwrapper=True)
        def pytest_pyfunc_call(pyfuncitem):
            outcome = yield
            outcome.force_result(True)
    """,
    "an answer in the place of the call": """
        import pytest
        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(pyfuncitem):
            return True
    """,
    "a wrapper of the run": """
        import pytest
        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_call(item):
            try:
                return (yield)
            except BaseException:
                return None
    """,
    "a wrapper of the report": """
        import pytest
        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_makereport(item, call):
            outcome = yield
            report = outcome.get_result()
            report.outcome, report.longrepr = "passed", None
    """,
    "another run of the item": """
        def pytest_collection_modifyitems(items):
            for item in items:
                item.runtest = lambda: None
    """,
    "another function in the test's place": """
        def pytest_collection_modifyitems(items):
            for item in items:
                item.obj = lambda: None
    """,
    "a function around the test's": """
        def calm(function):
            def inner():
                try:
                    function()
                except AssertionError:
                    pass
            return inner
        def pytest_runtest_setup(item):
            item.obj = calm(item.obj)
    """,
}


@pytest.mark.parametrize("how", SWALLOWING)
def test_a_failure_that_a_conftest_reports_as_passed_is_a_failure(run, how):
    outcomes, seen = run(FAILING + "def test_good(): pass\n", SWALLOWING[how])
    assert (outcomes["test_bad"], seen.fault) == ("failed", "")
    assert "reported as passed" in seen.tests[0]["text"]


def test_a_class_of_unittest_that_is_reported_as_passed_has_failed(run):
    tests = "import unittest\nclass TestA(unittest.TestCase):\n    def test_bad(self): self.fail()\n"
    outcomes, _ = run(tests + "    def test_good(self): pass\n", SWALLOWING["a wrapper of the report"])
    assert outcomes == {"TestA.test_bad": "failed", "TestA.test_good": "passed"}


def test_what_pytest_runs_otherwise_still_passes(run):
    tests = """
        import pytest
        def test_skipped(): pytest.skip("x")
        @pytest.mark.xfail
        def test_expected(): assert 0
        @pytest.mark.parametrize("x", [1, 2])
        def test_each(x): assert x
        async def test_later(): assert 1
    """
    conftest = """
        import asyncio
        def pytest_pyfunc_call(pyfuncitem):
            if asyncio.iscoroutinefunction(pyfuncitem.obj):
                asyncio.run(pyfuncitem.obj())
                return True
    """
    outcomes, seen = run(tests, conftest)
    expected = {"test_skipped": "skipped", "test_expected": "xfailed", "test_each": "passed", "test_later": "passed"}
    assert (outcomes, seen.fault) == (expected, "")


FORGING = {
    "a record through the recorder": f"r = {RECORDER}; r.write('test', id='test_a.py::test_bad', outcome='passed')",
    "a whole record of its own, and the end": f"r = {RECORDER}; r.write('test', id='test_a.py::test_bad', path='test_a.py', name='test_bad', seconds=0.1, probes=[], outcome='passed'); os._exit(0)",
    "a record of another test": f"r = {RECORDER}; r.write('start', id='test_a.py::test_x')",
    "a record that no test can make": f"r = {RECORDER}; r.write('mutant', number=1, noticed=True)",
    "lines in every file that is open": """
        for fd in range(3, 60):
            try: os.write(fd, b'{"event": "test", "id": "test_a.py::test_bad", "outcome": "passed"}\\n')
            except OSError: pass
    """,
}


@pytest.mark.parametrize("how", FORGING)
def test_a_forged_record_is_a_fault_of_the_run(run, how):
    body = textwrap.indent(textwrap.dedent(FORGING[how]).strip(), "    ")
    outcomes, seen = run(f"import os\ndef test_bad(request):\n{body}\n    assert 0\ndef test_good(): pass\n")
    assert seen.fault.startswith("the tests changed what is reported of them: ") or outcomes["test_bad"] == "failed"
    assert outcomes.get("test_bad") != "passed"


PATCHING = {
    "the recorder's outcome": f"{RECORDER}.test.update(outcome='passed')",
    "its hook": f"r = {RECORDER}; type(r).pytest_runtest_logreport = lambda self, report: self.test.update(outcome='passed')",
    "its judge": f"{RECORDER}.judge = str",
    "json, time and write": "import json, time; json.dumps = lambda *a, **k: '{}'; time.monotonic = lambda: 0.0; os.write = len",
    "the end of the process": "os._exit(0)",
    "all that is collected": "import gc; [o.update(outcome='passed') for o in gc.get_objects() if type(o) is dict and 'when' in o]",
    "the functions of pytest": "import _pytest.runner as r; r.pytest_runtest_makereport = None; sys.modules['pytest'].fail = len",
    "the trace": "sys.settrace(lambda *_: None)",
}


@pytest.mark.parametrize("how", PATCHING)
def test_no_patch_makes_a_failing_test_pass(run, how):
    tests = f"import os, sys\ndef test_bad(request):\n    {PATCHING[how]}\n    assert 0\ndef test_good(): pass\n"
    outcomes, seen = run(tests)
    assert outcomes.get("test_bad", "failed") == "failed"
    assert outcomes.get("test_bad") == "failed" or seen.running == "test_a.py::test_bad"


@pytest.mark.parametrize(
    "conftest",
    [
        "def pytest_configure(config):\n    for p in config.pluginmanager.get_plugins():\n"
        "        if hasattr(p, 'judge'): config.pluginmanager.unregister(p)\n",
        "def pytest_runtest_protocol(item, nextitem):\n    return True\n",
        "from _pytest.reports import TestReport\ndef pytest_runtest_protocol(item, nextitem):\n"
        "    for when in ('setup', 'call', 'teardown'):\n"
        "        item.ihook.pytest_runtest_logreport(report=TestReport(item.nodeid, item.location, {}, 'passed', None, when))\n"
        "    return True\n",
    ],
    ids=["unregistered", "another protocol", "reports of its own"],
)
def test_a_conftest_that_takes_the_place_of_the_run_gets_no_pass(run, conftest):
    outcomes, seen = run("def test_bad(): assert 0\n", conftest)
    assert seen.fault or outcomes.get("test_bad") != "passed"


def test_who_tells_of_a_failure_that_pytest_did_not_report_has_not_passed(run):
    """A test that asserts nothing could so seem to notice each mutant: the same evidence counts in the run itself."""
    outcomes, _ = run(f"def test_vacuous(request):\n    {RECORDER}.test['raised'] = None\n")
    assert outcomes == {"test_vacuous": "failed"}
