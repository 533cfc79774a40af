"""Lint, format and types on real projects with the real tools."""

import dataclasses
import os
import sys

import pytest

from devtools.checks import Request, answer, format, lint, tools, types
from devtools.checks.run import run_checks
from devtools.project.project import Project, load


@pytest.fixture
def project(repository):
    repository.put("bad.py", "import os\nx: int = 'a'\ny = [  ]\n")
    repository.put("pyproject.toml", "[tool.ruff.lint]\nselect = ['F']\n[tool.mypy]\n")
    return load(".")


def without_tools(repository, manifest):
    bare = Project(str(repository.path), load(".").config, "/nowhere/python", manifest)
    object.__setattr__(bare, "program", lambda name: None)
    return bare


def test_format_names_the_files_and_formats_them_when_asked(project, repository):
    result = format.run(project, Request())
    assert [finding.path for finding in result.findings] == ["bad.py"]
    assert format.run(project, Request(fix=True)).notes == ("format: 1 file reformatted",)
    assert format.run(project, Request()).ok


def test_a_file_that_cannot_be_parsed_is_not_format_green(project, repository):
    repository.put("broken.py", "def f(:\n")
    assert lint.run(project, Request()).findings[-1].path == "broken.py"
    for fix, plain in ((False, ["bad.py"]), (True, [])):
        result = format.run(project, Request(fix=fix))
        told = {finding.path: finding.message for finding in result.findings}
        assert told.pop("broken.py").startswith("cannot be judged: ")
        assert (result.ok, [*told]) == (False, plain)


@pytest.mark.parametrize(
    ("code", "diff", "err", "said"),
    [
        (1, "--- a b.py\n+++ a b.py\n@@ -1 +1 @@\n", "", [("a b.py", "is not formatted")]),
        (2, "", "error: Failed to parse c.py:3:7: Expected x", [("c.py", "cannot be judged: Expected x")]),
        (0, "", "", []),
    ],
)
def test_an_older_ruff_that_knows_no_json_is_asked_for_a_diff(repository, tmp_path, code, diff, err, said):
    (tmp_path / "err").write_text(err)
    (tmp_path / "out").write_text(diff)
    tool = tmp_path / "ruff"
    tool.write_text(
        f"#!/bin/sh\ncase $* in *output-format*) echo unexpected argument >&2; exit 2;; esac\n"
        f"cat {tmp_path}/out; cat {tmp_path}/err >&2; exit {code}\n"
    )
    tool.chmod(0o755)
    result = format.run(Project(str(repository.path), load(".").config, str(tmp_path / "python")), Request())
    assert [(finding.path, finding.message) for finding in result.findings] == said
    assert (result.ok, result.fault) == (not said, "")


def test_broken_settings_are_the_tool_s_fault_and_not_a_finding(project, repository):
    repository.put("pyproject.toml", "[tool.ruff]\nnonsense = 1\n")
    for check in (lint, format):
        result = check.run(project, Request())
        assert not result.ok
        assert result.fault.startswith("ruff failed: ")
        assert result.findings == ()


def test_types_come_from_mypy_with_place_and_code(project):
    finding = types.run(project, Request()).findings[0]
    assert (finding.place(), finding.code) == ("bad.py:2", "assignment")


def test_mypy_without_files_of_its_own_checks_the_production_code(project, repository):
    for path in ("pkg/__init__.py", "tests/test_pkg.py", "docs/conf.py"):
        repository.put(path, "x: int = 'a'\n")
    assert {finding.path for finding in types.run(project, Request()).findings} == {"bad.py", "pkg/__init__.py"}
    repository.put("pyproject.toml", "[tool.mypy]\n[tool.devtools]\nsource = ['pkg']\n")
    result = types.run(load("."), Request())
    assert ([finding.path for finding in result.findings], result.summary) == (["pkg/__init__.py"], "1 error")


def test_mypy_looks_into_no_environment_that_git_does_not_ignore(project, repository):
    repository.put("env/pyvenv.cfg", "")
    repository.put("env/lib/site-packages/z/__init__.py", "x: int = 'a'\n")
    assert {finding.path for finding in types.run(project, Request()).findings} == {"bad.py"}


def test_mypy_checks_everything_where_nothing_is_production(repository):
    repository.put("pyproject.toml", "[tool.mypy]\n")
    repository.put("test_all.py", "x: int = 'a'\n")
    assert [finding.path for finding in types.run(load("."), Request()).findings] == ["test_all.py"]


def test_a_mypy_that_cannot_run_is_a_fault(project, repository):
    repository.put("pyproject.toml", "[tool.mypy]\nfiles = ['nowhere']\n")
    assert types.run(load("."), Request()).fault.startswith("mypy failed")


def test_one_finding_is_no_plural(project, repository):
    repository.put("bad.py", "import os\nx: int = 'a'\n\n\n\n\ny = 1\n")
    summaries = [check.run(project, Request()).summary for check in (lint, format)]
    assert summaries == ["1 finding", "1 file"]


def test_types_come_from_pyright_where_that_is_configured(repository, tmp_path, monkeypatch):
    answer = '{"generalDiagnostics": [{"file": "%s/a.py", "severity": "error", "message": "bad", "rule": "r", "range": '
    answer += '{"start": {"line": 2, "character": 4}}}]}'
    tool = tmp_path / "pyright"
    tool.write_text(f"#!{sys.executable}\nprint('''{answer % repository.path}''')\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    repository.put("pyrightconfig.json", "{}")
    [finding] = types.run(load("."), Request()).findings
    assert (finding.place(), finding.column, finding.code) == ("a.py:3", 5, "r")
    tool.write_text("#!/bin/sh\necho broken\n")
    assert types.run(load("."), Request()).fault == "pyright failed: broken"


@pytest.mark.parametrize(
    "settings",
    [
        "pretty = true\ncolor_output = true",
        "show_absolute_path = true\nhide_error_codes = true",
        "show_error_end = true",
    ],
)
def test_what_a_project_sets_for_mypy_s_text_does_not_hide_its_errors(project, repository, monkeypatch, settings):
    monkeypatch.setenv("MYPY_FORCE_COLOR", "1")
    repository.put("pyproject.toml", f"[tool.mypy]\n{settings}\n")
    finding, *_ = types.run(load("."), Request()).findings
    assert (finding.place(), finding.column, finding.code) == ("bad.py:2", 10, "assignment")


@pytest.fixture
def answering(repository, tmp_path):
    """A project whose checker of types prints this and ends with this code; one that is old knows no JSON."""

    def make(name, text, code, old=False):
        (tmp_path / "out").write_text(text)
        refusal = "case $* in *output=json*) echo unrecognized arguments: --output=json >&2; exit 2;; esac\n"
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\n{refusal if old else ''}cat {tmp_path}/out; exit {code}\n")
        tool.chmod(0o755)
        return Project(str(repository.path), load(".").config, str(tmp_path / "python"), {"tool": {name: {}}})

    return make


@pytest.mark.parametrize("end", ["2:5:", "2:5:2:9:"])
def test_an_older_mypy_is_asked_for_text_and_its_places_are_read(answering, end):
    result = types.run(answering("mypy", f"a.py:{end} error: Bad  [misc]\n", 1, old=True), Request())
    assert [(each.place(), each.column, each.code) for each in result.findings] == [("a.py:2", 5, "misc")]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("mypy", "INTERNAL ERROR", 2),
        ("mypy", "", 1),
        ("mypy", "", 3),
        ("pyright", '{"generalDiagnostics": []}', 1),
        ("pyright", '{"generalDiagnostics": []}', 3),
        ("pyright", "", 0),
    ],
)
def test_types_are_never_green_by_an_answer_that_nobody_knows(answering, name, text, code):
    [result] = run_checks(answering(name, text, code), ["types"], Request())
    assert (result.ok, name in result.fault) == (False, True)


@pytest.mark.parametrize("answer", ["[]", '{"generalDiagnostics": [{}]}', '{"generalDiagnostics": 3}'])
def test_pyright_s_json_of_another_shape_is_a_fault(answering, answer):
    [result] = run_checks(answering("pyright", answer, 1), ["types"], Request())
    assert "shape" in result.fault


def test_a_finding_of_pyright_without_a_place_in_the_file_is_told(answering):
    text = '{"generalDiagnostics": [{"file": "a.py", "severity": "error", "message": "bad\\nworse"}]}'
    [finding] = types.run(answering("pyright", text, 1), Request()).findings
    assert (finding.place(), finding.message, finding.detail) == ("a.py", "bad", ("worse",))


def test_a_tool_that_is_missing_is_a_skip_unless_the_project_configures_it(repository):
    bare = without_tools(repository, {})
    assert (lint.run(bare, Request()).skipped, format.run(bare, Request()).skipped) == ("ruff is not installed",) * 2
    assert types.run(bare, Request()).skipped
    for name, check in (("ruff", lint), ("ruff", format), ("mypy", types), ("pyright", types)):
        assert not check.run(without_tools(repository, {"tool": {name: {}}}), Request()).ok


def test_without_a_python_file_no_format_was_looked_at(repository):
    assert format.run(load("."), Request()).skipped == "no Python files"
    repository.put("a.py", "")
    assert format.run(load("."), Request()).skipped == ""


def test_what_is_configured_and_not_installed_is_known_before_a_check_runs(repository):
    told = tools.missing(without_tools(repository, {"tool": {"ruff": {}, "pyright": {}}}))
    assert told == [
        "ruff is not installed, but configured: pip install ruff",
        "pyright is configured: pip install pyright",
    ]
    assert tools.missing(without_tools(repository, {})) == []


@pytest.mark.parametrize("check", [lint, format, types])
def test_a_pipe_in_the_tree_is_a_finding_and_no_tool_is_asked_to_open_it(project, repository, check):
    os.mkfifo(repository.path / "pipe.py")
    [finding] = check.run(project, Request()).findings
    assert (finding.path, finding.message) == ("pipe.py", answer.IRREGULAR)


@pytest.mark.parametrize(("check", "tool"), [(lint, "ruff"), (format, "ruff"), (types, "mypy")])
def test_a_tool_that_never_ends_is_a_fault_that_names_it(project, tmp_path, monkeypatch, check, tool):
    monkeypatch.setattr(answer, "LONGEST", 0.2)
    (tmp_path / tool).write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / tool).chmod(0o755)
    result = check.run(dataclasses.replace(project, python=str(tmp_path / "python")), Request())
    assert (result.ok, result.fault) == (False, f"{tool} did not end in time")


def test_a_file_name_that_is_no_utf8_is_linted_and_formatted_like_another(project, repository):
    (repository.path / os.fsdecode(b"\xff.py")).write_text("import os\n\n\nx = [  ]\n")
    assert [finding.code for finding in lint.run(project, Request()).findings] == ["F401", "F401"]
    assert len(format.run(project, Request()).findings) == 2
    assert format.run(project, Request(fix=True)).ok


def test_settings_that_mypy_refuses_are_told_in_its_words(project, repository):
    repository.put("pyproject.toml", "[tool.mypy]\nplugins = ['nowhere.plugin']\n")
    result = types.run(load("."), Request())
    assert result.fault.startswith("mypy failed: pyproject.toml: Error importing plugin")
