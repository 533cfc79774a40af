"""A file that defines tests and counts as production is found, and the way out is said."""

import pytest

from devtools.project.config import Config
from devtools.project.strays import advice, strays
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
