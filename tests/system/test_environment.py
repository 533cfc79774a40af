import json
import os
import subprocess
import sys

import pytest

from devtools.system import environment
from devtools.system.process import attached, run

SHOWN = [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"]


@pytest.fixture
def put(monkeypatch):
    """Set variables as if the caller had exported them."""
    return lambda **values: [monkeypatch.setenv(name, value) for name, value in values.items()]


def test_no_program_of_the_project_gets_a_variable_by_which_git_names_a_repository(put, tmp_path):
    local = subprocess.run(["git", "rev-parse", "--local-env-vars"], check=True, capture_output=True, text=True)
    more = ["GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0", "GIT_QUARANTINE_PATH", "GIT_EDITOR", "GIT_SEQUENCE_EDITOR"]
    names = [*local.stdout.split(), *more, "GIT_REFLOG_ACTION", "GIT_NAMESPACE", "GIT_OF_A_LATER_GIT"]
    put(**dict.fromkeys(names, "x"), GIT_SSH_COMMAND="ssh -v", GIT_CONFIG_GLOBAL="/dev/null")
    seen = json.loads(run(SHOWN, str(tmp_path)).out)
    assert len(names) > 20
    assert {name for name in names if name in seen} == set()
    assert (seen["GIT_SSH_COMMAND"], seen["GIT_CONFIG_GLOBAL"]) == ("ssh -v", "/dev/null")


def test_no_program_is_told_to_paint_or_takes_another_pytest_s_word(put, tmp_path):
    names = [
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "PY_COLORS",
        "MYPY_FORCE_COLOR",
        "CARGO_TERM_COLOR",
        "PYTHON_COLORS",
        "COLORTERM",
    ]
    names += ["PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "DEVTOOLS_COMMIT"]
    put(**dict.fromkeys(names, "1"), NO_COLOR="1", PYTEST_ADDOPTS="-q", PYTEST_XDIST_AUTO_NUM_WORKERS="3")
    seen = json.loads(run(SHOWN, str(tmp_path)).out)
    assert {name for name in names if name in seen} == set()
    assert (seen["NO_COLOR"], seen["PYTEST_ADDOPTS"]) == ("1", "-q")
    assert seen.get("PYTEST_XDIST_AUTO_NUM_WORKERS") == "3"  # a person's setting


def test_an_attached_program_is_one_of_the_project_s_too(put, tmp_path, capfd):
    put(GIT_DIR="/nowhere")
    attached(SHOWN, str(tmp_path))
    assert "GIT_DIR" not in json.loads(capfd.readouterr().out)


def test_git_gets_its_own_variables_the_plain_language_and_takes_no_optional_lock(put, tmp_path):
    put(GIT_INDEX_FILE="/an/index", LANG="de_DE.UTF-8", LC_ALL="de_DE.UTF-8")
    for env in (environment.of("git"), environment.of("/usr/bin/git"), environment.of_git()):
        assert (env["GIT_INDEX_FILE"], env["LC_ALL"], env["GIT_OPTIONAL_LOCKS"]) == ("/an/index", "C", "0")
    changed = environment.of_git({"GIT_INDEX_FILE": "/a/copy"}, without=["LANG", "GIT_AUTHOR_"])
    assert changed["GIT_INDEX_FILE"] == "/a/copy"
    assert {"LANG", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"}.isdisjoint(changed)


def test_git_answers_us_alike_whatever_a_person_asks_of_it_for_the_terminal(put, repository):
    repository.put("a.txt", "1\n2\n")
    repository.commit()
    repository.put("a.txt", "1\n3\n")
    repository.git("config", "color.ui", "auto")
    asked = ["git", "--literal-pathspecs", "diff", "--", "a.txt"]
    before = run(asked, str(repository.path))
    put(GIT_GLOB_PATHSPECS="1", GIT_ICASE_PATHSPECS="1", GIT_NOGLOB_PATHSPECS="1", GIT_LITERAL_PATHSPECS="0")
    put(GIT_PAGER_IN_USE="1", GIT_EXTERNAL_DIFF="false", GIT_DIFF_OPTS="--unified=0")
    assert run(asked, str(repository.path)) == before
    assert "\n 1\n-2\n+3\n" in before.out


@pytest.mark.parametrize("path", [".:{}", ":{}", "{}:", "bin:{}"])
def test_no_program_of_a_repository_is_taken_for_git(put, repository, path):
    for name in ("git", "bin/git"):
        repository.put(name, "#!/bin/sh\necho evil\n")
        (repository.path / name).chmod(0o755)
    put(PATH=path.format(os.environ["PATH"]))
    assert run(["git", "rev-parse", "--show-prefix"], str(repository.path)).out == "\n"


def test_a_git_that_runs_hooks_gets_the_person_s_language_and_locks(put):
    put(LC_ALL="de_DE.UTF-8", GIT_DIR="/nowhere")
    env = environment.of_hooks({"GIT_INDEX_FILE": "/a/copy"}, without=["GIT_DIR"])
    assert env == {**{k: v for k, v in os.environ.items() if k != "GIT_DIR"}, "GIT_INDEX_FILE": "/a/copy"}


def test_the_author_that_git_sets_for_its_hooks_is_no_setting_of_the_person(put, monkeypatch):
    assert environment.of_program()["GIT_AUTHOR_NAME"] == "A Tester"
    put(GIT_EXEC_PATH="/usr/lib/git-core", GIT_AUTHOR_DATE="@1 +0000", PATH=f"/usr/lib/git-core:{os.environ['PATH']}")
    assert environment.of_program()["GIT_AUTHOR_NAME"] == "A Tester", "the committer shows that the person set it"
    monkeypatch.delenv("GIT_COMMITTER_NAME")
    env = environment.of_program()
    assert {"GIT_AUTHOR_NAME", "GIT_AUTHOR_DATE", "GIT_EXEC_PATH"}.isdisjoint(env)
    assert env["PATH"] == os.environ["PATH"].partition(":")[2]
    put(PATH="/usr/bin:/bin")
    assert environment.of_program()["PATH"] == "/usr/bin:/bin"


@pytest.mark.parametrize("linked", [False, True], ids=["the main working tree", "a linked worktree"])
def test_what_a_hook_starts_works_on_its_own_repository(repository, tmp_path, linked):
    repository.git("commit", "-q", "--allow-empty", "-m", "chore: begin")
    script = (
        "from devtools.system.process import run;"
        f" run(['sh', '-c', 'git init -q {tmp_path}/inner && cd {tmp_path}/inner &&"
        " git commit -q --allow-empty -m inner'], '.')"
    )
    hook = repository.path / ".git/hooks/pre-commit"
    hook.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{script}"\n')
    hook.chmod(0o755)
    where = repository.path
    if linked:
        where = tmp_path / "linked"
        repository.git("worktree", "add", "-q", str(where), "-b", "side")
    subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "docs: a note"], cwd=where, check=True)
    assert "inner" not in repository.git("log", "--all", "--format=%s").splitlines()
    assert repository.git("config", "core.bare") == "false\n"
    log = subprocess.run(["git", "log", "--format=%s"], cwd=tmp_path / "inner", capture_output=True, text=True)
    assert log.stdout == "inner\n"


def test_no_program_of_the_project_loses_its_assertions(put, tmp_path):
    put(PYTHONOPTIMIZE="2")
    assert run([sys.executable, "-c", "assert 0"], str(tmp_path)).code == 1


def test_a_command_of_somebody_else_gets_all_that_we_were_given(monkeypatch):
    monkeypatch.setenv("GIT_INDEX_FILE", "x")
    monkeypatch.setenv("FORCE_COLOR", "1")
    given = environment.of_command({"FORCE_COLOR": "0", "NEW": "y"})
    assert (given["GIT_INDEX_FILE"], given["FORCE_COLOR"], given["NEW"]) == ("x", "0", "y")
    assert "NEW" not in os.environ
