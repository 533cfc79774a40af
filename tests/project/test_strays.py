"""A file that defines tests and counts as production is found, and the way out is said."""

import pytest

from devtools.project.config import Config
from devtools.project.strays import advice, remedy, strays, uncollected
from devtools.syntax.tests import Suite

TESTS = b"def test_one():\n    assert 1\n"


@pytest.mark.parametrize("path", ["test.py", "tests.py", "app/tests.py", "app/model_tests.py", "app/test/model.py"])
def test_a_file_called_test_that_defines_tests_is_a_stray(path):
    assert strays([path], Suite(lambda _: TESTS), Config()) == [path]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("test.py", b"def check():\n    return 1\n"),  # defines none
        ("latest.py", TESTS),
        ("contest/app.py", TESTS),
        ("test_app.py", TESTS),  # a test file already
        ("docs/test.py", TESTS),  # no production
        ("test.js", TESTS),
    ],
)
def test_other_files_are_none(path, source):
    assert strays([path], Suite(lambda _: source), Config()) == []


def test_the_advice_is_the_setting_as_it_must_stand():
    assert advice("test.py", Config(tests=("test_*.py",)), {"testpaths": "test.py"}) == (
        'test.py defines tests and counts as production: set tests = ["test_*.py", "test.py"] in [tool.devtools]'
    )


@pytest.mark.parametrize("settings", [{"python_files": "test.py"}, {"python_files": "a.py\napp/*.py"}])
def test_pytests_own_setting_is_named_only_where_it_is_missing(settings):
    assert "python_files" not in advice("app/test.py", Config(), settings)
    assert advice("app/test.py", Config(), {}).endswith(", and name it in python_files of pytest's settings")


@pytest.mark.parametrize(
    ("path", "pytest_settings", "found"),
    [
        ("test.py", {}, True),
        ("checks/app.py", {"python_files": "test_*.py"}, True),
        ("test.py", {"python_files": "test.py"}, False),
        ("test.py", {"testpaths": "test.py"}, False),
        ("test_app.py", {}, False),
        ("conftest.py", {}, False),
        ("checks/base.py", {}, False),  # another file imports its tests
        ("app.py", {}, False),  # no test file
    ],
)
def test_a_test_file_that_pytest_does_not_collect_is_found(path, pytest_settings, found):
    config, suite = Config(tests=("test*.py", "checks/*", "conftest.py")), Suite(lambda _: TESTS)
    assert uncollected([path], suite, config, pytest_settings, {"checks/base.py"}) == [path] * found


def test_a_file_without_tests_needs_no_collection():
    assert uncollected(["test.py"], Suite(lambda _: b"x = 1\n"), Config(tests=("test.py",)), {}) == []


def test_the_remedy_keeps_what_pytest_collects_already():
    words = "checks/app.py defines tests and pytest does not collect it: set pytest's python_files to a.py app.py"
    assert remedy("checks/app.py", {"python_files": "a.py"}) == words
