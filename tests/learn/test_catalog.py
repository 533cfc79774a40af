import os
import sqlite3
import threading

import pytest

from devtools.errors import ToolError, UsageError
from devtools.learn.catalog import FILE, opened
from devtools.learn.markdown import Entry, add


@pytest.fixture(params=[True, False], ids=["fts5", "without fts5"])
def held(repository, request):
    def call(columns="kind, text"):
        with opened(str(repository.path), request.param) as catalog:
            return catalog.db.execute(f"SELECT {columns} FROM entries ORDER BY number").fetchall()

    return call


def test_it_holds_each_commit_and_each_insight_with_the_commit_in_which_it_clicked(held, repository):
    assert held() == []
    repository.put("a", "1")
    clicked = repository.commit("feat: cache\n\nwhy\n\nInsight: Caches guess at ages\nTopic: Speed")
    repository.put("LEARNINGS.md", add("", [Entry("Caches guess at ages.", "Speed", words="old"), Entry("Sleep.")]))
    assert held("kind, place, text, topic, words") == [
        ("commit", clicked, "feat: cache\nwhy\n\nInsight: Caches guess at ages\nTopic: Speed", "", ""),
        ("insight", "", "Sleep.", "General", ""),
        ("insight", clicked, "Caches guess at ages.", "Speed", "old"),
    ]
    written = repository.commit("docs: learned")
    assert [row for row in held("place, text") if row[1] == "Sleep."] == [(written, "Sleep.")]


def test_it_is_brought_up_to_a_new_commit_and_made_again_after_a_rebase(held, repository):
    repository.put("a", "1")
    repository.commit("fix: one")
    held()
    repository.put("a", "2")
    repository.commit("fix: two")
    assert held("text") == [("fix: one",), ("fix: two",)]
    repository.git("commit", "-q", "--amend", "-m", "fix: three")
    assert held("text") == [("fix: one",), ("fix: three",)]


def test_an_insight_has_the_words_of_its_commit_and_of_the_files_that_it_touched(repository):
    repository.put("engine/parser.py", "1")
    repository.commit("feat: read dates\n\nThey were guessed.\n\nInsight: a month is no number")
    repository.put("LEARNINGS.md", "- a month is no number\n")
    with opened(str(repository.path)) as catalog:
        stems = catalog.db.execute("SELECT more FROM docs WHERE words = '' ORDER BY rowid DESC LIMIT 1").fetchone()[0]
        assert catalog.db.execute("SELECT files FROM commits").fetchall() == [("engine/parser.py",)]
        assert ("dates", "dates"[::-1], "dat") in catalog.db.execute("SELECT * FROM vocabulary").fetchall()
    assert stems == "feat read dat the wer gues engin par py"


def test_an_edit_of_the_file_is_seen_at_once_even_at_the_same_size(held, repository):
    for words in ("alpha", "gamma", "delta"):
        repository.put("LEARNINGS.md", f"- {words}\n")
        assert held("text") == [(words,)]
    old = (repository.path / "LEARNINGS.md").stat().st_mtime - 100
    os.utime(repository.path / "LEARNINGS.md", (old, old))
    assert held("text") == [("delta",)]


def test_words_that_are_added_to_an_insight_later_take_the_place_of_none(held, repository):
    repository.put("LEARNINGS.md", "- one\n")
    assert held("words") == [("",)]
    repository.put("LEARNINGS.md", "- one\n  <!-- words: first -->\n")
    assert held("words") == [("first",)]


def test_a_damaged_index_is_made_anew_and_one_in_use_is_one_line(held, repository, monkeypatch):
    repository.put("LEARNINGS.md", "- one\n")
    path = repository.state / FILE
    assert len(held()) == 1
    path.write_bytes(b"this is no database " * 99)
    assert len(held()) == 1
    monkeypatch.setattr("devtools.learn.catalog.LOCK_SECONDS", 0.01)
    repository.put("LEARNINGS.md", "- one\n- two\n")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ToolError, match="the search index cannot be used"):
        held()
    other.close()


def test_a_folder_that_cannot_be_written_is_searched_all_the_same(held, repository):
    repository.put("LEARNINGS.md", "- one\n")
    repository.state.write_text("a file in the way")
    assert len(held()) == 1


def test_bytes_that_are_no_text_are_question_marks(held, repository):
    (repository.path / "LEARNINGS.md").write_bytes(b"- caf\xe9 opens\n")
    assert held("text") == [("caf? opens",)]


def test_sessions_side_by_side_all_have_it(held, repository):
    repository.put("LEARNINGS.md", "- one\n")
    found = []
    threads = [threading.Thread(target=lambda: found.append(len(held()))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 6


def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(held, repository):
    os.mkfifo(repository.path / "LEARNINGS.md")
    with pytest.raises(UsageError, match="cannot read"):
        held()


def test_an_index_that_is_a_link_is_made_anew_and_nothing_is_written_where_it_leads(held, repository, tmp_path):
    repository.put("LEARNINGS.md", "- one\n")
    (tmp_path / "theirs").touch()
    repository.state.mkdir()
    (repository.state / FILE).symlink_to(tmp_path / "theirs")
    assert len(held()) == 1
    assert ((tmp_path / "theirs").read_bytes(), (repository.state / FILE).is_symlink()) == (b"", False)
