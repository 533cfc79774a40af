import os

import pytest

from devtools.errors import ToolError, UsageError
from devtools.history.log import commits


def test_the_log_is_read_with_sizes_and_trailers_oldest_first(repository, monkeypatch):
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    root = str(repository.path)
    assert commits(root) == []
    repository.put("a", "1\n2\n")
    first = repository.commit(
        "feat: a\n\nwhy\n\nInsight: one\n folded\nInsight: two\nTopic: T\nTDD: red->green (2 tests)"
    )
    repository.put("a", "1\n3\n4\n")
    repository.put("b", "1\n")
    repository.commit("fix: b\n\n3 files changed, 9 insertions(+)\n")
    repository.git("commit", "-q", "--allow-empty", "-m", "chore: nothing")
    one, two, three = commits(root)
    assert (one.id, one.subject, one.topic, one.tdd) == (first, "feat: a", "T", "red->green (2 tests)")
    assert one.insights == ("one folded", "two")
    assert (one.files, one.added, one.deleted) == (1, 2, 0)
    assert (two.files, two.added, two.deleted) == (2, 3, 1)
    assert two.body.strip() == "3 files changed, 9 insertions(+)"
    assert (three.files, three.insights) == (0, ())
    assert [commit.subject for commit in commits(root, "HEAD~1")] == ["chore: nothing"]


def test_a_merge_has_no_size_and_an_unknown_revision_is_one_line(repository):
    repository.put("a", "1\n")
    repository.commit("feat: a")
    repository.git("checkout", "-q", "-b", "other")
    repository.put("b", "1\n")
    repository.commit("feat: b")
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge other", "other")
    assert [commit.files for commit in commits(str(repository.path))] == [1, 1, 0]
    for name in ("nonsense", "--all", ""):
        if name:
            with pytest.raises(UsageError, match="no commit"):
                commits(str(repository.path), name)


def test_a_message_that_is_no_text_is_read_all_the_same(repository):
    repository.put("a", "1\n")
    repository.git("add", "a")
    repository.git("commit", "-q", "-m", os.fsdecode(b"feat: caf\xe9 \x1f"))
    assert commits(str(repository.path))[0].subject.startswith("feat: caf")


def test_a_damaged_repository_is_one_line_in_git_s_words(repository):
    repository.put("a", "1\n")
    first = repository.commit()
    repository.put("a", "2\n")
    repository.commit()
    (repository.path / ".git" / "objects" / first[:2] / first[2:]).unlink()
    with pytest.raises(ToolError, match="git log failed"):
        commits(str(repository.path))
