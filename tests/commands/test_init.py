"""devtools init puts itself into a repository in one command, and says what it found in a few lines."""

import json
import subprocess

import pytest

from devtools.cli import run


@pytest.fixture
def project(repository):
    repository.put("a.py", "x = 1\n")
    repository.put("test_a.py", "def test_a():\n    assert 1\n")
    repository.commit()
    return repository


def test_five_lines_say_what_was_put_in_what_was_found_and_what_comes_first(project, capsys):
    assert run(["init"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "wrote: 6 slash commands, .claude/settings.json, LEARNINGS.md, .git/hooks/commit-msg"
    assert [line.partition(":")[0] for line in lines] == ["wrote", "python", "checks", "try"]
    head = project.git("rev-parse", "HEAD")[:9]
    assert lines[-1].endswith(f"what a change can reach; problems that exist at {head} are not counted")
    project.put("b.py", "")
    project.git("add", "-A")
    project.git("commit", "-q", "--no-verify", "-m", "chore: b")
    assert run(["init"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("nothing to change: devtools is here\n")
    assert f"exist at {head} are not counted" in out


def test_what_it_wrote_is_a_commit_within_the_limits(project, capsys):
    assert run(["init", "--mode", "warn"]) == 0
    project.git("add", "-A")
    assert run(["commit", "-m", "chore: let devtools watch over the project"]) == 0
    assert "(2 files, " in capsys.readouterr().out


def test_a_dry_run_says_the_same_and_changes_nothing(project, capsys):
    assert run(["init", "--dry-run", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["schema"], said["command"], said["ok"], said["dry_run"]) == (1, "init", True, True)
    assert ".claude/settings.json" in said["changed"]
    assert project.git("status", "--porcelain") == ""
    assert not (project.path / ".git/hooks/commit-msg").exists()
    assert not project.state.exists()


def test_a_team_may_look_before_it_is_held(project, capsys):
    assert run(["init", "--mode", "warn"]) == 0
    assert (project.path / "devtools.toml").read_text() == '[tdd]\nmode = "warn"\n'


def test_it_works_from_a_folder_before_the_first_commit_and_in_a_linked_worktree(repository, capsys, monkeypatch):
    repository.put("sub/x", "")
    monkeypatch.chdir(repository.path / "sub")
    assert run(["init"]) == 0
    assert (repository.path / ".claude/settings.json").exists()
    assert "are not counted" not in capsys.readouterr().out
    repository.commit()
    subprocess.run(["git", "worktree", "add", "-q", "../linked"], cwd=repository.path, check=True)
    monkeypatch.chdir(repository.path / "../linked")
    assert run(["init"]) == 0
    assert capsys.readouterr().out.startswith("nothing to change")


def test_settings_that_are_no_json_refuse_it_with_one_line(project, capsys):
    project.put(".claude/settings.json", '{"a": 1,}')
    assert run(["init"]) == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert ".claude/settings.json is not valid JSON: line 1" in said.err
    assert (project.path / ".claude/settings.json").read_text() == '{"a": 1,}'
    assert not (project.path / "LEARNINGS.md").exists()


@pytest.mark.parametrize("text", ["x = [", "[tool.devtools]\nnone = 1\n"])
def test_settings_of_devtools_that_cannot_be_read_refuse_it_before_anything_is_written(project, capsys, text):
    project.put("pyproject.toml", text)
    assert run(["init"]) == 2
    assert project.git("status", "--porcelain").split() == ["??", "pyproject.toml"]
    assert not (project.path / ".git/hooks/commit-msg").exists()


def test_nothing_of_the_project_is_run(project, capsys):
    project.put("conftest.py", "open('ran', 'w')")
    project.put("test_a.py", "open('ran', 'w')\n\n\ndef test_a():\n    pass\n")
    assert run(["init"]) == 0
    assert not (project.path / "ran").exists()
    assert "takes all tests of 1 file" in capsys.readouterr().out


def test_outside_of_a_repository_it_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 2
    assert "not in a git working tree" in capsys.readouterr().err
