"""What unittest asserts by is what unittest has defined."""

import subprocess
import sys

import pytest

from devtools.runner.working_tree import PLUGIN, _read


@pytest.fixture
def replaced(repository, tmp_path):
    def run(conftest, test="def test_a(): pass\n"):
        repository.put("conftest.py", f"import unittest\n{conftest}")
        repository.put("test_it.py", test)
        argv = [sys.executable, PLUGIN, tmp_path / "results", "-q"]
        subprocess.run(argv, input=b"", capture_output=True, check=False)
        events = {event["event"]: event for event in _read(str(tmp_path / "results"))[0]}
        return events.get("replaced", {"method": ""})["method"]

    return run


@pytest.mark.parametrize(
    ("conftest", "method"),
    [
        ("unittest.TestCase.assertEqual = lambda *_: None\n", "assertEqual"),
        ("unittest.TestCase.fail = print\n", "fail"),
        ("unittest.TestCase.assertTrue.__code__ = (lambda self, expr, msg=None: None).__code__\n", "assertTrue"),
        (
            "old = unittest.TestCase.assertIn\nunittest.TestCase.assertIn = print\n"
            "def pytest_sessionfinish(): unittest.TestCase.assertIn = old\n",
            "assertIn",
        ),
        ("def pytest_runtest_setup(): unittest.TestCase.assertIs = print\n", "assertIs"),
    ],
)
def test_a_method_that_asserts_and_is_replaced_is_told(replaced, conftest, method):
    assert replaced(conftest) == f"unittest.TestCase.{method}"


def test_a_mock_that_its_test_takes_away_again_and_an_installed_plugin_are_no_replacement(replaced, repository):
    mock = "import unittest\ndef test_a(monkeypatch): monkeypatch.setattr(unittest.TestCase, 'assertEqual', print)\n"
    assert replaced("", mock) == ""
    repository.put("site-packages/better.py", "import unittest\nunittest.TestCase.assertEqual = lambda *_: None\n")
    repository.put("pytest.ini", "[pytest]\npythonpath = site-packages\naddopts = -p better\n")
    assert replaced("") == ""
