"""git tells its hooks, aliases, editors and a rebase's commands which repository is theirs; no test may hear it."""

import os
import subprocess
import sys

import pytest

DEVTOOLS = f"{sys.executable} -m devtools"
MAKES_A_REPOSITORY = """
import subprocess


def test_a_repository_of_its_own(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path / "own"], check=True)
    subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "inner"], cwd=tmp_path / "own", check=True)
    log = subprocess.run(["git", "log", "--format=%s"], cwd=tmp_path / "own", capture_output=True, text=True)
    assert log.stdout == "inner\\n"
"""
RED = """
from own import missing
from tests.test_own import test_a_repository_of_its_own as make


def test_missing(tmp_path):
    make(tmp_path)
    assert missing() == 1
"""


@pytest.fixture
def linked(repository, tmp_path):
    """A linked worktree of a project whose tests make repositories."""
    repository.put(".gitignore", "__pycache__/\n.*_cache/\n")
    repository.put("devtools.toml", "[checks]\nlint = 'true'\nformat = 'true'\n")
    repository.put("own.py", "def own():\n    return 1\n")
    repository.put("tests/__init__.py", "")
    repository.put("tests/test_own.py", MAKES_A_REPOSITORY)
    repository.commit()
    folder = tmp_path / "linked"
    repository.git("worktree", "add", "-q", str(folder), "-b", "side")
    repository.git("-C", str(folder), "commit", "-q", "--allow-empty", "-m", "chore: on")
    return folder


def by_a_hook(repository, command):
    hook = repository.path / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\n{command}\n")
    hook.chmod(0o755)
    return ["git", "-c", "core.quotePath=false", "commit", "-q", "-a", "--allow-empty", "-m", "docs: x"]


def by_an_editor(repository, command):
    editor = repository.path / ".git/editor"
    editor.write_text(f'#!/bin/sh\necho "docs: x" > "$1"\n{command}\n')
    editor.chmod(0o755)
    return ["git", "-c", f"core.editor={editor}", "commit", "-q", "--allow-empty"]


def by_a_rebase(repository, command):
    return ["git", "-c", "sequence.editor=:", "rebase", "-q", "--exec", command, "HEAD~1"]


def by_an_alias(repository, command):
    return ["git", "-c", f"alias.try=!{command}", "try"]


@pytest.mark.parametrize("started", [by_a_hook, by_an_editor, by_a_rebase, by_an_alias])
def test_hygiene_runs_the_tests_as_a_person_does(repository, linked, started):
    argv = started(repository, f"{DEVTOOLS} hygiene --full --only tests")
    done = subprocess.run(argv, cwd=linked, capture_output=True, text=True, check=False)
    assert (done.returncode, "1 test" in done.stdout + done.stderr) == (0, True), done.stdout + done.stderr
    assert "inner" not in repository.git("log", "--all", "--format=%s").splitlines()
    assert repository.git("config", "core.bare") == "false\n"


def test_the_cycle_and_a_commit_run_the_tests_as_a_person_does(repository, linked):
    script = f"""
    {DEVTOOLS} tdd start missing && cp {linked}/../red.py tests/test_red.py && {DEVTOOLS} tdd red || exit 1
    {DEVTOOLS} tdd abort && rm tests/test_red.py && echo '# more' >> tests/test_own.py
    {DEVTOOLS} commit -m 'test: more' tests/test_own.py
    """
    (linked / "../red.py").write_text(RED)
    done = subprocess.run(by_an_alias(repository, script.strip()), cwd=linked, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert repository.git("log", "-1", "--format=%s", "side") == "test: more\n"
    assert "inner" not in repository.git("log", "--all", "--format=%s").splitlines()
    assert os.path.exists(linked / "devtools.toml")
    assert repository.git("-C", str(linked), "status", "--porcelain") == ""
