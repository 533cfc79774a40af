"""Why each test file would run now or be left out."""

import pytest

from devtools.checks import Request, tests
from devtools.checks.explanation import explain, lines
from devtools.errors import UsageError
from devtools.project.project import load


@pytest.fixture
def project(repository):
    repository.put("a.py", "def f():\n    return 1\n")
    repository.put("test_a.py", "import a\n\n\ndef test_f():\n    assert a.f() == 1\n")
    return load(".")


def test_each_test_file_has_its_reason_now_and_that_of_its_last_run(project, repository):
    tests.run(project, Request(affected=True))
    repository.put("test_b.py", "def test_b():\n    pass\n")
    left, new = explain(project)
    assert (left["runs"], left["why"]) == (False, "nothing that it depends on has changed since it passed")
    assert (new["runs"], new["why"], left["last"], new["last"]) == (
        True,
        "it has not run yet",
        "no run to build on",
        "",
    )
    head, line = lines([left, new])
    assert (head.full, line.full) == ("1 test file of 2 would run now", "test_b.py runs: it has not run yet")


def test_one_file_is_shown_with_its_last_run_and_an_unknown_one_is_refused(project):
    entries = explain(project, "test_a.py::test_f")
    assert [block.full for block in lines(entries)] == [
        "1 test file of 1 would run now",
        "test_a.py runs: no run to build on",
        "in the last run of tests it did not run",
    ]
    with pytest.raises(UsageError, match="no test file is named b"):
        explain(project, "b.py")


def test_what_the_import_of_a_test_file_does_to_others_runs_all(project, repository):
    repository.put("test_b.py", "import os\nos.environ['SET'] = '1'\n\n\ndef test_b():\n    pass\n")
    assert {entry["why"] for entry in explain(project)} == {
        "the import of a test file changes something elsewhere, so all tests run together once"
    }
