"""What was red when devtools came is not counted against a person's first green; what comes since is."""

import json

import pytest

from devtools.checks import baseline
from devtools.cli import run


@pytest.fixture
def project(repository):
    """A project with an unformatted file, an unused import and a failing test, before init."""
    repository.put("a.py", "import os\nx=1\n")
    repository.put("test_a.py", "def test_a():\n    assert 1 == 2\n\n\ndef test_b():\n    pass\n")
    repository.commit()
    return repository


def test_the_first_hygiene_is_green_and_says_what_it_does_not_count(project, capsys):
    assert run(["hygiene"]) == 1
    run(["init"])
    capsys.readouterr()
    assert run(["hygiene"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("green: lint, format, ")
    for words in (
        "2 old lint findings are not counted",
        "1 old format finding is not counted",
        "1 old test failure is not",
    ):
        assert words in said
    assert run(["hygiene"]) == 0
    assert "2 old lint findings are not counted" in capsys.readouterr().out


def test_what_came_since_is_red(project, capsys):
    run(["init"])
    project.put("b.py", "import sys\n")
    capsys.readouterr()
    assert run(["hygiene", "--only", "lint", "--json"]) == 1
    [check] = json.loads(capsys.readouterr().out)["checks"]
    assert [finding["path"] for finding in check["findings"]] == ["b.py"]
    assert check["notes"] == ["2 old lint findings are not counted"]


def test_a_green_without_old_findings_serves_a_commit_and_one_with_them_does_not(project):
    run(["init"])
    run(["hygiene"])
    greens = json.loads((project.state / "greens.json").read_text())
    assert [" since " in name for name in greens] == [True]
    run(["hygiene", "--only", "debt"])
    greens = json.loads((project.state / "greens.json").read_text())
    assert [" since " in name for name in greens] == [True, False]


def test_a_baseline_that_is_gone_holds_nothing_back(project):
    run(["init"])
    record = json.loads((project.state / "setup.json").read_text())
    for commit in ("0" * 40, "", None):
        project.keep("setup.json", json.dumps({**record, "baseline": commit}))
        assert run(["hygiene", "--only", "lint"]) == 1
    assert baseline.since(str(project.path)) == ""
    project.keep("setup.json", json.dumps(record))
    assert baseline.since(str(project.path)) == project.git("rev-parse", "HEAD").strip()
    assert run(["uninstall"]) == 0
    assert run(["hygiene", "--only", "lint"]) == 1
