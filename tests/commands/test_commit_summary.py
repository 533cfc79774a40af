import json

import pytest

from devtools.cli import run


@pytest.fixture
def summary(repository, capsys):
    repository.put("a.py", "a = 1\nb = 2\nc = 3\nd = 4\n")
    repository.put(".gitattributes", "gen.py linguist-generated\n")
    repository.commit("feat: begin")

    def call(*arguments):
        capsys.readouterr()
        code = run(["commit", *arguments])
        return code, capsys.readouterr().out

    return call


def test_the_staged_summary_holds_all_that_a_message_needs(summary, repository):
    repository.put("a.py", "a = 1\nb = 2\nc = 3\nd = 5\n")
    repository.put("gen.py", "x\n" * 900)
    repository.git("add", ".")
    repository.put("a.py", "more\n")
    repository.put("beside.py", "")
    code, text = summary("--budget", "400")
    assert code == 0
    assert text.startswith("staged on main: 1 of 3 files, 2 of at most 499 lines (+1 -1)\n")
    assert "\nA gen.py +900 -0 (does not count)\nbeside, not staged: a.py, beside.py\nmessage: " in text
    assert "before: feat: begin\n== a.py\n@@ -3,2 +3,2 @@ b = 2\n c = 3\n-d = 4\n+d = 5\n== gen.py: 902 lines" in text
    assert text.endswith("… details: git diff --cached\n")


def test_problems_so_far_are_told(summary, repository):
    for name in "bcde":
        repository.put(f"{name}.py", "x\n")
    repository.put("b.py", "<" * 7 + " a\n" + "=" * 7 + "\n" + ">" * 7 + " b\n")
    repository.git("add", ".")
    repository.put(".git/BISECT_LOG", "")
    code, text = summary("--json")
    assert code == 1
    problems = json.loads(text)["problems"]
    assert [problem["code"] for problem in problems] == ["merge-in-progress", "too-many-files", "conflict-markers"]


def test_where_nothing_is_staged_all_other_changes_are_shown(summary, repository):
    repository.put("a.py", "a = 1\n")
    repository.put("new.py", "n = 1\n")
    repository.git("checkout", "-q", "--detach")
    before = (repository.path / ".git/index").read_bytes()
    code, text = summary()
    assert code == 1
    assert text.startswith("not staged on a detached HEAD: 2 of 3 files, 4 of at most 499 lines (+1 -3)\n")
    assert "nothing-staged: nothing is staged: name the paths of one idea\n" in text
    assert "\n+n = 1\n" in text
    assert (repository.path / ".git/index").read_bytes() == before


def test_a_clean_tree_has_nothing_to_commit(summary, repository):
    code, text = summary("--exit-zero")
    assert (code, "there is no change to commit" in text) == (0, True)


def test_before_the_first_commit_the_summary_works_too(repository, capsys):
    repository.put("a", "x\n")
    assert run(["commit"]) == 1
    repository.git("add", "a")
    assert run(["commit"]) == 0
    assert "A a +1 -0" in capsys.readouterr().out


def test_an_environment_that_git_does_not_ignore_is_not_counted_and_is_told(summary, repository):
    for number in range(5):
        repository.put(f"env/lib/{number}.py", "x = 1\n")
    repository.put("env/pyvenv.cfg", "")
    repository.put("a.py", "a = 2\n")
    _, text = summary()
    assert text.startswith("not staged on main: 1 of 3 files,")
    assert "env/lib" not in text
    assert "env/ is an environment that git does not ignore: add it to .gitignore" in text
    repository.git("add", "a.py")
    assert "beside" not in summary()[1]


def test_nothing_of_an_environment_is_shown_where_nothing_else_has_changed(summary, repository):
    repository.put("env/pyvenv.cfg", "home = /usr/bin\n")
    repository.put("env/lib/a.py", "x = 1\n")
    _, text = summary()
    assert "there is no change to commit" in text
    assert "pyvenv.cfg" not in text
    assert "env/lib" not in text
