"""What git says, in fewer words: nothing that a reader acts on is left out."""

import pytest

from devtools.budget import fold
from devtools.client.answers import answer
from devtools.client.calls import known


@pytest.fixture
def said(repository):
    def said(line, budget=4000):
        given = answer(known(line.split()), str(repository.path))
        return given.code, fold(given.blocks, budget, "devtools show 1")

    return said


def test_status_names_the_branch_and_each_file_by_what_happened_to_it(said, repository):
    assert said("git status") == (0, ["main; no commit yet: clean"])
    repository.put("a.py", "x = 1\n" * 9)
    repository.put("b.py", "")
    repository.commit()
    assert said("git status") == (0, ["main: clean"])
    repository.git("mv", "a.py", "c d.py")
    repository.put("b.py", "y")
    repository.put("new/e.py", "")
    expected = ["main", "staged: R a.py -> c d.py", "not staged: M b.py", "untracked: new/"]
    assert said("git status") == (0, expected)


def test_a_merge_under_way_is_told_by_git_itself(said, repository):
    repository.put("a", "1\n")
    repository.commit()
    repository.git("checkout", "-qb", "other")
    repository.put("a", "2\n")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.put("a", "3\n")
    repository.commit()
    with pytest.raises(Exception, match="returned non-zero"):
        repository.git("merge", "other")
    assert "You have unmerged paths." in "\n".join(said("git status")[1])
    assert "++=======" in "\n".join(said("git diff")[1])


def test_log_has_a_line_for_each_commit_and_names_the_only_author_once(said, repository):
    for number in range(3):
        repository.put("a", str(number))
        repository.commit(f"chore: number {number}\n\nA body.")
    lines = said("git log -2")[1]
    assert lines[0] == "2 commits, all by A Tester:"
    assert [line.rpartition(") ")[2].split("chore")[1] for line in lines[1:]] == [": number 2", ": number 1"]
    repository.git("commit", "-q", "--allow-empty", "-m", "x", "--author=B <b@c.invalid>")
    assert " B " in said("git log -2")[1][1]
    assert said("git log --author=nobody")[1] == ["no commit"]
    code, lines = said("git log nowhere")
    assert (code, lines[0]) == (128, "git log ended with exit code 128:")


def test_diff_keeps_every_changed_line_and_less_around(said, repository):
    repository.put("a.py", "".join(f"line {number}\n" for number in range(40)))
    repository.put("gone.py", "1\n" * 9)
    repository.commit()
    assert said("git diff") == (0, ["no difference"])
    repository.put("a.py", "".join(f"line {number}{'!' * (number == 20)}\n" for number in range(40)))
    (repository.path / "gone.py").unlink()
    code, lines = said("git diff --exit-code")
    assert code == 1
    assert lines[:2] == ["a.py +1 -1\n@@ 20 line 18\n line 19\n-line 20\n+line 20!\n line 21", lines[1]]
    assert lines[1].startswith("gone.py (deleted file mode) +0 -9")


def test_a_long_diff_folds_file_by_file(said, repository):
    repository.put("a.py", "")
    repository.commit()
    repository.put("a.py", "".join(f"value_{number} = {number}\n" for number in range(400)))
    assert said("git diff", 100)[1] == ["a.py +400 -0", "… details: devtools show 1"]


def test_a_commit_is_one_line_and_a_refused_one_git_s_own_words(said, repository):
    repository.put("a", "1\n")
    repository.git("add", "a")
    code, lines = said("git commit -m first")
    assert (code, len(lines)) == (0, 1)
    assert lines[0].startswith("committed ")
    assert lines[0].endswith(" first (1 file changed, 1 insertion(+))")
    code, lines = said("git commit -m again")
    assert (code, lines[0]) == (1, "git commit ended with exit code 1:")
