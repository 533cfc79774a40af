import pytest

from devtools.checks import Request, lint
from devtools.checks.run import run_checks
from devtools.project.project import Project, load


@pytest.fixture
def project(repository):
    repository.put("bad.py", "import os\n")
    repository.put("pyproject.toml", "[tool.ruff.lint]\nselect = ['F']\n")
    return load(".")


def test_lint_finds_the_rule_and_its_place_and_fixes_what_is_safe(project, repository):
    [finding] = lint.run(project, Request()).findings
    assert (finding.place(), finding.column, finding.code) == ("bad.py:1", 8, "F401")
    assert lint.run(project, Request(fix=True)).ok
    assert "import os" not in (repository.path / "bad.py").read_text()


def test_settings_that_ruff_refuses_are_its_fault_in_its_own_words(project, repository):
    repository.put("pyproject.toml", "[tool.ruff]\nnonsense = 1\n")
    result = lint.run(project, Request())
    assert (result.ok, result.findings) == (False, ())
    assert result.fault.startswith("ruff failed: ")


def test_a_missing_ruff_is_a_skip_unless_it_is_configured(project):
    bare = Project("/", project.config, "/nowhere/python")
    assert lint.missing("lint", bare).skipped == "ruff is not installed"
    assert lint.missing("lint", project).fault == "ruff is not installed, but configured: pip install ruff"


@pytest.fixture
def stand_in(repository, tmp_path):
    """A project whose ruff prints this and ends with this code."""

    def make(text, code):
        (tmp_path / "ruff").write_text(f"#!/bin/sh\necho '{text}'\nexit {code}\n")
        (tmp_path / "ruff").chmod(0o755)
        return Project(str(repository.path), load(".").config, str(tmp_path / "python"))

    return make


def test_the_project_s_own_output_settings_neither_hide_a_finding_nor_write(project, repository):
    settings = "[tool.ruff]\nfix = true\nfix-only = true\noutput-format = 'github'\n[tool.ruff.lint]\nselect = ['F']\n"
    repository.put("pyproject.toml", settings)
    assert [finding.code for finding in lint.run(project, Request()).findings] == ["F401"]
    assert (repository.path / "bad.py").read_text() == "import os\n"


@pytest.mark.parametrize(("text", "code"), [("[]", 1), ("[]", 2), ("[]", 77), ("", 0), ("All checks passed!", 0)])
def test_an_answer_that_says_neither_clean_nor_a_finding_is_never_green(stand_in, text, code):
    [result] = run_checks(stand_in(text, code), ["lint"], Request())
    assert not result.ok
    assert "ruff" in result.fault


@pytest.mark.parametrize(
    "entry", ["{}", "3", '{"filename": 1, "location": {"row": 1, "column": 1}, "message": "", "code": ""}']
)
def test_json_of_another_shape_is_a_fault_and_no_traceback(stand_in, entry):
    [result] = run_checks(stand_in(f"[{entry}]", 1), ["lint"], Request())
    assert "shape" in result.fault


def test_a_tool_that_does_not_end_in_time_says_so(stand_in):
    project = stand_in("[]'; sleep 60; echo '", 0)
    assert lint.run(project, Request(timeout=0.3)).fault == "ruff did not end in time"


def test_without_a_python_file_nothing_was_looked_at(repository):
    assert lint.run(load("."), Request()).skipped == "no Python files"
    repository.put("a.py", "")
    assert lint.run(load("."), Request()).skipped == ""


def test_a_file_that_python_cannot_read_is_red_though_ruff_reads_it(project, repository):
    files = {"coded.py": "# -*- coding: bogus -*-\n", "null.py": "x = 1\n# a\0b\n", "fine.py": "# coding: latin-1\n"}
    for name, text in files.items():
        repository.put(name, text)
    repository.put("bad.py", "")
    said = {finding.path: finding.message for finding in lint.run(project, Request()).findings}
    assert said == {
        "coded.py": "Python cannot read it: unknown encoding: bogus",
        "null.py": "Python cannot read it: null bytes",
    }
