import pytest

from devtools.adapters.project import Project, load
from devtools.checks import Request, lint


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
