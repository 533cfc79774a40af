"""The GitHub Action proves the commits of a pull request, however little the checkout has fetched."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import cli

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "verify-pull-request"
TOOL = f"""#!/bin/sh
echo "$@" >> "$LOG"
exec {sys.executable} -m devtools "$@"
"""


@pytest.fixture
def origin(repository):
    """A repository with a commit on main and a documented one, which needs no proof, on a branch."""
    repository.put("a.py", "x = 1\n")
    repository.commit()
    repository.git("switch", "-qc", "work")
    repository.put("a.md", "x\n")
    repository.commit("docs: a")
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
    return repository


@pytest.fixture
def verify(origin, tmp_path):
    """Run the action's script in a clone that has fetched as little as actions/checkout does."""
    tool = tmp_path / "tool"
    tool.write_text(TOOL)
    tool.chmod(0o755)
    clone = tmp_path / "clone"
    url = f"file://{origin.path}"
    subprocess.run(["git", "clone", "-q", "--depth=1", "--branch=work", url, clone], check=True)
    commits = {name: origin.git("rev-parse", name).strip() for name in ("main", "work")}
    base = {"BASE": commits["main"], "HEAD_COMMIT": commits["work"], "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    def verify(**given):
        env = {**os.environ, **base, "DEVTOOLS": str(tool), "LOG": str(tmp_path / "log"), "PATH": path, **given}
        done = subprocess.run([SCRIPT], cwd=clone, env=env, capture_output=True, text=True, check=False)
        return done, (tmp_path / "log").read_text().splitlines()[-1]

    return verify


def test_a_pull_request_is_proved_from_a_shallow_clone_and_gets_a_summary(origin, verify, tmp_path):
    done, call = verify()
    main, work = (origin.git("rev-parse", name).strip() for name in ("main", "work"))
    assert (done.returncode, call) == (0, f"verify {main}..{work} --jobs 1 --format github"), done.stderr
    assert done.stdout.startswith("1 commit holds: 1 no-code")
    assert "docs: a" in (tmp_path / "summary").read_text()


def test_a_refusal_fails_the_job_with_an_annotation(origin, verify):
    origin.put("b.py", "y = 1\n")
    origin.commit("feat: b")
    done, _ = verify(HEAD_COMMIT=origin.git("rev-parse", "work").strip())
    assert done.returncode == 1
    assert "\n::error " in done.stdout


def test_a_range_of_one_s_own_and_a_new_branch(verify):
    assert verify(RANGE="HEAD^..HEAD", JOBS="3")[1] == "verify HEAD^..HEAD --jobs 3 --format github"
    done, call = verify(BASE="0" * 40)
    assert (done.returncode, call) == (0, "verify --jobs 1 --format github"), done.stderr


def test_the_shards_of_a_matrix_are_merged(verify, tmp_path):
    for number in (1, 2):
        answer = tmp_path / "answers" / f"{number}.json"
        answer.parent.mkdir(exist_ok=True)
        assert verify(SHARD=f"{number}/2", ANSWER=str(answer))[0].returncode == 0
        assert json.loads(answer.read_text())["command"] == "verify"
    done, call = verify(MERGE=str(tmp_path / "answers"))
    assert done.stdout.startswith("1 commit holds")
    assert call.endswith(f"--merge {tmp_path / 'answers'} --format github")


def test_the_script_is_given_all_that_it_reads():
    text = (ROOT / "action.yml").read_text()
    given = set(re.findall(r"^        ([A-Z_]+): \$\{\{", text, re.MULTILINE))
    read = set(re.findall(r"\$\{?([A-Z_]{4,})", SCRIPT.read_text())) - {"VIRTUAL_ENV"}
    assert read <= given
    inputs = set(re.findall(r"inputs\.([a-z-]+)", text))
    assert inputs == set(
        re.findall(r"^  ([a-z-]+):$", text.partition("inputs:")[2].partition("runs:")[0], re.MULTILINE)
    )


def test_each_hook_for_pre_commit_calls_a_command_that_there_is():
    entries = re.findall(r"^  entry: devtools (\S+)", (ROOT / ".pre-commit-hooks.yaml").read_text(), re.MULTILINE)
    assert entries == ["hygiene", "git-hook", "verify"]
    assert set(entries) <= set(cli.COMMANDS)
