import os
import sqlite3
import threading

import pytest

from devtools.errors import ToolError, UsageError
from devtools.learn.index import FILE, search
from devtools.learn.markdown import Entry, add
from devtools.learn.query import terms


@pytest.fixture(params=[True, False], ids=["fts5", "without fts5"])
def find(repository, request):
    def call(query, limit=10, every=True):
        return search(str(repository.path), terms(query), limit, every, fts=request.param)

    return call


def test_an_insight_comes_with_the_commit_in_which_it_clicked(find, repository):
    repository.put("a", "1")
    clicked = repository.commit("feat: cache\n\nwhy\n\nInsight: Caches guess at ages\nTopic: Speed")
    repository.put("LEARNINGS.md", add("", [Entry("Caches guess at ages.", "Speed"), Entry("Sleep.")]))
    assert [(hit.kind, hit.topic, hit.commit, hit.subject) for hit in find("cached guessing")] == [
        ("insight", "Speed", clicked, "feat: cache")
    ]
    assert [(hit.text, hit.commit) for hit in find("sleeping")] == [("Sleep.", "")]
    written = repository.commit("docs: learned")
    assert [(hit.text, hit.commit) for hit in find("sleep")] == [("Sleep.", written)]


def test_commit_messages_are_found_by_stem_prefix_and_phrase_in_an_index_that_is_never_stale(find, repository):
    assert find("anything") == []
    repository.put("a", "1")
    first = repository.commit("fix: merging of branches\n\nThey were lost.")
    assert [hit.commit for hit in find("merge")] == [first]
    assert [hit.commit for hit in find('"of branch"')] == [first]
    assert find('"branches merging"') == []
    assert [hit.commit for hit in find("bran* lost")] == [first]
    repository.put("a", "2")
    second = repository.commit("fix: merge again")
    assert [hit.commit for hit in find("merge")] == [second, first]
    assert len(find("merge", limit=1)) == 1
    assert find("merge nowhere") == []
    assert len(find("merge nowhere", every=False)) == 2
    repository.git("commit", "-q", "--amend", "-m", "fix: rebase again")
    assert [hit.commit for hit in find("merge")] == [first]


def test_an_edit_of_the_file_is_seen_at_once_even_at_the_same_size(find, repository):
    for words in ("alpha", "gamma", "delta"):
        repository.put("LEARNINGS.md", f"- {words}\n")
        assert [hit.text for hit in find(words)] == [words]
    assert find("alpha") == []
    old = (repository.path / "LEARNINGS.md").stat().st_mtime - 100
    os.utime(repository.path / "LEARNINGS.md", (old, old))
    assert [hit.text for hit in find("delta")] == ["delta"]


def test_a_damaged_index_is_made_anew_and_one_in_use_is_one_line(find, repository, monkeypatch):
    repository.put("LEARNINGS.md", "- one\n")
    path = repository.state / FILE
    assert len(find("one")) == 1
    path.write_bytes(b"this is no database " * 99)
    assert len(find("one")) == 1
    monkeypatch.setattr("devtools.learn.index.LOCK_SECONDS", 0.01)
    repository.put("LEARNINGS.md", "- one\n- two\n")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ToolError, match="the search index cannot be used"):
        find("two")
    other.close()


def test_a_folder_that_cannot_be_written_is_searched_all_the_same(find, repository):
    repository.put("LEARNINGS.md", "- one\n")
    repository.state.write_text("a file in the way")
    assert len(find("one")) == 1


def test_bytes_that_are_no_text_are_found_by_what_stands_beside_them(find, repository):
    (repository.path / "LEARNINGS.md").write_bytes(b"- caf\xe9 opens\n")
    assert [hit.text for hit in find("opens")] == ["caf? opens"]


def test_sessions_side_by_side_all_find_it(find, repository):
    repository.put("LEARNINGS.md", "- one\n")
    found = []
    threads = [threading.Thread(target=lambda: found.append(len(find("one")))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 6


def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(find, repository):
    os.mkfifo(repository.path / "LEARNINGS.md")
    with pytest.raises(UsageError, match="cannot read"):
        find("one")


def test_an_index_that_is_a_link_is_made_anew_and_nothing_is_written_where_it_leads(find, repository, tmp_path):
    repository.put("LEARNINGS.md", "- one\n")
    (tmp_path / "theirs").touch()
    repository.state.mkdir()
    (repository.state / FILE).symlink_to(tmp_path / "theirs")
    assert len(find("one")) == 1
    assert ((tmp_path / "theirs").read_bytes(), (repository.state / FILE).is_symlink()) == (b"", False)
