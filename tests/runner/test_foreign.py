"""A command of the project runs its tests; its report and its exit code must agree."""

import pytest

from devtools.errors import ToolError
from devtools.runner.foreign import Command, run_tests

PASS = '<testsuite><testcase name="a"/></testsuite>'
FAIL = '<testsuite><testcase name="{}/t.js"><failure message="no"/></testcase></testsuite>'


def run(folder, script, **more):
    return run_tests(Command(script, "out/junit.xml", **more), str(folder))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path


def test_a_report_that_agrees_with_the_exit_code_is_believed(folder):
    done = run(folder, f"echo '{PASS}' > out/junit.xml; echo 'SF:a\nDA:1,1' > lcov", coverage="lcov")
    assert (done.code, done.fault, [case.id for case in done.cases], done.lines) == (0, "", ["a"], {"a": {1: 1}})
    done = run(folder, f"echo '{FAIL.format(folder)}' > out/junit.xml; exit 3")
    assert (done.code, done.fault, [case.id for case in done.failed]) == (3, "", ["t.js"])


def test_an_old_report_is_never_believed(folder):
    (folder / "out" / "junit.xml").write_text(PASS)
    done = run(folder, "echo cannot compile; exit 2")
    assert done.cases == ()
    assert done.fault == "'echo cannot compile; exit 2' ended with code 2 without out/junit.xml: cannot compile"


def test_a_red_exit_code_without_a_failure_in_the_report_is_a_fault(folder):
    assert "though its report names no failure" in run(folder, f"echo '{PASS}' > out/junit.xml; exit 1").fault


def test_a_report_that_cannot_be_read_is_a_fault(folder):
    assert "no whole XML" in run(folder, "echo '<a' > out/junit.xml").fault
    assert run(folder, f"echo '{PASS}' > out/junit.xml", coverage="none").fault.endswith(
        "without none: it said nothing"
    )


def test_a_report_outside_of_the_project_is_refused_before_anything_is_run(folder):
    with pytest.raises(ToolError, match="outside of the project"):
        run_tests(Command("touch hit", "../junit.xml"), str(folder))
    assert not (folder / "hit").exists()


def test_a_command_that_does_not_end_is_ended(folder):
    assert "did not end in time" in run_tests(Command("sleep 60", "r.xml"), str(folder), 0.2).fault
