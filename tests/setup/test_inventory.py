"""init says in a few lines which interpreter and which checks it found, and what the first run will do."""

import os
import sys

import pytest

from devtools.project.project import load
from devtools.setup import inventory

ENVIRONMENT = {"pyvenv.cfg": "", "lib/x.py": ""}


@pytest.fixture
def look(repository):
    return lambda: inventory.look(load(str(repository.path)))


def said(found, root="/r"):
    return "\n".join(inventory.lines(found, root))


def test_a_python_project_has_an_interpreter_checks_and_tests(repository, look):
    repository.put("pyproject.toml", "[tool.mypy]\n")
    repository.put("a.py", "")
    repository.put("tests/test_a.py", "")
    repository.put("tests/conftest.py", "")
    found = look()
    assert (found.python, found.tests, found.types, found.linter) == (sys.executable, 1, "mypy", "ruff")
    assert found.foreign
    assert found.version == ".".join(map(str, sys.version_info[:3]))
    assert f"{found.version} with pytest {found.pytest}" in said(found)
    assert "(that of devtools: no .venv here)" in said(found)
    assert "lint and format by ruff, types by mypy" in said(found)
    assert "takes all tests of 1 file, later ones" in inventory.first_run(found)


def test_an_environment_that_git_does_not_ignore_is_named_and_nobody_s_work(repository, look):
    for name, text in ENVIRONMENT.items():
        repository.put(f".venv/{name}", text)
    found = look()
    assert (found.environments, found.python) == ((".venv",), "")
    repository.put("a.py", "")
    assert inventory.first_run(look()).endswith("there are no tests yet: /tdd BEHAVIOUR begins with one")
    assert "git does not ignore .venv/: echo .venv/ >> .gitignore" in said(found)
    repository.put(".gitignore", ".venv/\n")
    assert "ignore" not in said(look())


def test_the_interpreter_of_the_project_is_shown_from_its_top(repository, look):
    repository.put("a.py", "")
    repository.put(".venv/bin/python", "#!/bin/sh\nprintf '3.12.1\\n\\n'\n")
    os.chmod(repository.path / ".venv/bin/python", 0o755)
    found = look()
    assert not found.foreign
    text = said(found, str(repository.path))
    assert "python: .venv/bin/python 3.12.1 without pytest: .venv/bin/python -m pip install pytest" in text


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 1\n", "#!/none\n"])
def test_an_interpreter_that_cannot_be_run_is_named(repository, look, script):
    repository.put("a.py", "")
    repository.put(".venv/bin/python", script)
    os.chmod(repository.path / ".venv/bin/python", 0o755)
    assert "python: .venv/bin/python cannot be run; set python in" in said(look(), str(repository.path))


def test_a_project_without_python_is_told_where_its_own_checks_go(repository, look):
    repository.put("package.json", "{}")
    found = look()
    assert said(found).startswith(
        "python: none here (package.json); name your own checks in devtools.toml: [checks] tests"
    )
    assert '"npm test"' in said(found)
    assert said(found).splitlines()[1] == "checks: debt markers, git state, and those that you name"
    assert "it runs the checks that the settings name" in inventory.first_run(found)


def test_asking_imports_nothing_of_the_project(repository):
    repository.put("sys.py", "raise SystemExit(7)")
    repository.put("importlib.py", "raise SystemExit(7)")
    assert inventory.probe(sys.executable, str(repository.path))[0]
    assert inventory.probe("/none", str(repository.path)) == ("", "")
