import pytest

from devtools.checks import Request, custom, debt
from devtools.project.project import load


@pytest.fixture
def project(repository):
    return load(".")


def test_a_command_that_succeeds_holds(project):
    result = custom.run(project, "build", "echo fine", Request())
    assert (result.ok, result.log) == (True, "fine\n")


def test_places_in_its_output_become_findings(project):
    result = custom.run(project, "build", "echo 'a b.c:3:7: bad thing'; echo noise; exit 1", Request())
    [finding] = result.findings
    assert (finding.path, finding.line, finding.column, finding.message) == ("a b.c", 3, 7, "bad thing")


def test_without_a_place_the_tail_of_the_output_is_the_evidence(project):
    [finding] = custom.run(project, "build", "seq 30; exit 4", Request()).findings
    assert finding.message == "build ended with code 4"
    assert finding.detail == tuple(str(n) for n in range(21, 31))


def test_a_command_that_does_not_exist_is_a_fault_and_one_that_hangs_a_finding(project):
    assert custom.run(project, "build", "no-such-command", Request()).fault
    assert custom.run(project, "build", "sleep 60", Request(timeout=0.1)).findings[0].message == "build timed out"


def test_debt_markers_in_comments_are_counted_and_never_refused(project, repository):
    repository.put("a.py", "# TODO one\nx = 'TODO'\n")
    repository.put("b.js", "// FIXME two\n")
    result = debt.run(project, Request())
    assert (result.ok, result.summary, result.counts) == (True, "2 debt markers", {"markers": 2})
    repository.put("b.js", "")
    assert debt.run(project, Request()).summary == "1 debt marker"
    repository.put(".gitignore", "*\n")
    assert debt.run(project, Request()).summary == "none"


def test_a_command_that_cannot_be_executed_is_a_fault(project, repository):
    repository.put("tool", "")
    assert custom.run(project, "build", "./tool", Request()).fault == "build: cannot be run: ./tool"


def test_git_s_own_settings_do_not_change_how_markers_are_counted(project, repository):
    repository.put("a.py", "# TODO one\n")
    repository.git("config", "color.ui", "always")
    repository.git("config", "submodule.recurse", "true")
    assert debt.run(project, Request()).summary == "1 debt marker"


def test_markers_that_git_cannot_count_are_a_fault(project, repository):
    repository.git("config", "grep.threads", "nonsense")
    assert debt.run(project, Request()).fault.startswith("git grep failed: ")


def test_markers_in_an_environment_that_git_does_not_ignore_do_not_count(project, repository):
    repository.put("a.py", "# TODO one\n")
    for path in ("env/pyvenv.cfg", "env/lib/b.py", "web/node_modules/c.js"):
        repository.put(path, "# TODO two\n")
    assert debt.run(project, Request()).summary == "1 debt marker"
