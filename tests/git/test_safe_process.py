import pytest

from devtools.errors import ToolError
from devtools.git import safe_process as hardened
from devtools.git.status import is_ignored
from devtools.system.process import Completed


def test_a_bare_repository_in_a_tree_is_not_entered(repository):
    repository.git("init", "-q", "--bare", "evil")
    repository.git("-C", "evil", "config", "core.worktree", str(repository.path))
    assert hardened.git(str(repository.path / "evil"), "rev-parse", "--show-toplevel").code != 0


def test_a_diff_runs_no_program_and_other_questions_stay_as_they_are():
    assert hardened.plain(["-c", "a=b", "log", "-p"]) == ["-c", "a=b", "log", "--no-ext-diff", "--no-textconv", "-p"]
    assert hardened.plain(["status", "-z"]) == ["status", "-z"]
    assert hardened.plain(["--version"]) == ["--version"]


def test_a_file_named_like_a_command_is_no_question_to_it(repository):
    assert hardened.plain(["--literal-pathspecs", "ls-files", "--", "log"])[-1] == "log"
    repository.put(".gitignore", "*\n!log\n")
    repository.put("log", "")
    assert not is_ignored(str(repository.path), "log")


def test_every_filter_is_set_aside_beside_the_settings_of_the_environment(repository, monkeypatch):
    for key in ("filter.x.clean", "filter.a=b.c.process"):
        repository.git("config", "--file", ".git/other", key, "false")
    repository.git("config", "include.path", "other")
    root = str(repository.path)
    assert hardened.git(root, "config", "filter.x.clean", env=hardened.unfiltered(root)).out == "\n"
    for name, value in (("COUNT", "1"), ("KEY_0", "user.name"), ("VALUE_0", "somebody")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    env = hardened.unfiltered(root)
    assert hardened.git(root, "config", "user.name", env=env).out == "somebody\n"
    for key in ("filter.x.clean", "filter.a=b.c.process"):
        assert hardened.git(root, "config", key, env=env).out == "\n"


def test_without_filters_git_is_offline_all_the_same(repository):
    root = str(repository.path)
    done = hardened.git(root, "ls-remote", "ext::touch traced", env=hardened.unfiltered(root))
    assert done.code != 0
    assert "not allowed" in done.err


def test_a_question_that_git_cannot_answer_is_an_error_in_git_s_own_words(repository):
    repository.put("[a]", "x")
    repository.git("add", ".")
    assert hardened.ask(str(repository.path), "ls-files", "[a]") == "[a]\n"
    with pytest.raises(ToolError, match="git cat-file failed") as error:
        hardened.ask(str(repository.path), "-c", "core.pager=cat", "cat-file", "blob", "nothing")
    assert error.value.hint == "fatal: Not a valid object name nothing"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("warning: old\nfatal: no such\nerror: later\n", "fatal: no such"),
        ("hint: look there\nThe file is\n\n  too long.\n", "The file is too long."),
        ("hint: look there\n", "it ended with code 9"),
    ],
)
def test_a_failure_is_told_by_git_s_mark_or_else_by_all_that_a_hook_said(said, reason):
    assert hardened.reason(Completed(9, "", said)) == reason
