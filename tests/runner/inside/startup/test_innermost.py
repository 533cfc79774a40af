"""What is seen at the innermost place of a test, whatever stands between it and its report."""

import subprocess
import sys
import textwrap

from devtools.runner.inside.startup import innermost

CONFTEST = """
import importlib.util, pytest
spec = importlib.util.spec_from_file_location("innermost", PATH)
innermost = importlib.util.module_from_spec(spec)
spec.loader.exec_module(innermost)

@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    global judge
    judge = innermost.watch(config)

@pytest.hookimpl(hookwrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    outcome = yield
    outcome.force_result(True)

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item, nextitem):
    if item.name == "test_cut":
        judge()
        item.ihook.pytest_runtest_makereport(item=item, call=pytest.CallInfo.from_call(lambda: None, "setup"))
    else:
        yield
    with open("told", "a") as stream:
        print(item.name, judge(), sep=": ", file=stream)
    if item.name == "test_cut":
        yield
        judge()
"""
TESTS = """
import unittest
def test_good(): pass
def test_bad(): assert 0
def test_cut(): pass
def test_replaced(): pass
async def test_later(): pass
class TestA(unittest.TestCase):
    def test_good(self): pass
    def test_failing(self): self.fail()
"""
REPLACING = "def pytest_collection_modifyitems(items):\n    items[3].runtest = lambda: None\n"
EXPECTED = """
    test_good:
    test_bad: it raised AssertionError and was reported as passed
    test_cut: it did not come to its end and was reported as passed
    test_replaced: it never ran and was reported as passed
    test_later: it raised Failed and was reported as passed
    test_failing: it raised AssertionError and was reported as passed
    test_good:
"""


def told(tmp_path, *options):
    (tmp_path / "conftest.py").write_text(CONFTEST.replace("PATH", repr(innermost.__file__)) + REPLACING)
    (tmp_path / "test_a.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    subprocess.run(command, cwd=tmp_path, capture_output=True)
    return [line.strip() for line in (tmp_path / "told").read_text().splitlines()]


def test_what_raised_never_ran_or_did_not_end_has_not_passed(tmp_path):
    assert told(tmp_path) == textwrap.dedent(EXPECTED).strip().splitlines()


def test_tests_that_run_in_a_process_of_their_own_are_not_judged(tmp_path):
    option = "def pytest_addoption(parser):\n    parser.addoption('--forked', action='store_true')\n"
    (tmp_path / "forking.py").write_text(option)
    found = told(tmp_path, "-p", "forking", "--forked")
    assert {line.partition(":")[2] for line in found} == {""}
