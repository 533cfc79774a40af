"""The tests of a project in another language, as hygiene tells of them."""

import pytest

from devtools import cli
from devtools.checks import Request, tests
from devtools.checks.foreign_tests import place
from devtools.project.project import load
from devtools.runner.junit import ReportedTest

REPORT = """<testsuite name="s"><testcase name="a"/><testcase name="b"><skipped/></testcase>
<testcase name="c"><failure message="3 == 4">AssertionError: 3 == 4
 at run (file://{root}/test/c.test.js:7:3)</failure></testcase></testsuite>"""


@pytest.fixture
def checked(repository):
    def checked(command):
        repository.put("devtools.toml", f"[tests]\ncommand = '{command}'\nreport = 'junit.xml'\n")
        return tests.run(load(str(repository.path)), Request())

    return checked


def test_a_failure_has_its_name_its_place_and_its_words(checked, repository):
    repository.put("report", REPORT.format(root=repository.path))
    result = checked("cp report junit.xml; exit 1")
    assert (result.ok, result.summary) == (False, "1 failed, 1 skipped, 1 passed")
    assert result.counts == {"passed": 1, "failed": 1, "errors": 0, "skipped": 1, "selected": 3, "total": 3}
    (finding,) = result.findings
    assert (finding.test, finding.path, finding.line, finding.message) == ("s > c", "test/c.test.js", 7, "3 == 4")
    assert finding.detail[0] == "AssertionError: 3 == 4"


def test_a_green_needs_the_report_and_the_exit_code(checked, repository):
    repository.put("report", '<testsuite><testcase name="a"/></testsuite>')
    assert checked("cp report junit.xml").ok
    for command in ("cp report junit.xml; exit 1", "true"):
        result = checked(command)
        assert (result.ok, bool(result.fault)) == (False, True)


def test_no_test_at_all_is_told(checked, repository):
    repository.put("report", "<testsuite/>")
    assert checked("cp report junit.xml").summary == "no tests"


def test_a_place_outside_of_the_project_is_none():
    case = ReportedTest(
        "", "a", "failed", text="at node:internal/x.js:3:1\n/elsewhere/b.js:4\nnode_modules/c.js:5", file="/r/t.js"
    )
    assert place("/r", case) == ("t.js", 0)


def test_a_green_is_stored_though_its_run_wrote_a_report(checked, repository, capsys):
    repository.put("report", '<testsuite><testcase name="a"/></testsuite>')
    checked("cp report junit.xml")
    for said in ("green: 1 test;", "green (unchanged): 1 test;"):
        assert cli.run(["hygiene", "--only", "tests"]) == 0
        assert capsys.readouterr().out.startswith(said)
