import os
import subprocess
import sys
import threading

import pytest

from devtools.errors import ToolError, UsageError
from devtools.learn import file as learning
from devtools.learn.markdown import Entry, add, parse
from devtools.system.store import Store


@pytest.fixture
def grow(repository):
    def call(text, topic="T"):
        return learning.grow(
            Store(str(repository.path)), str(repository.path), lambda old: add(old, [Entry(text, topic)])
        )

    return call


def test_the_file_keeps_its_mode_its_link_and_its_bytes(grow, repository):
    real = repository.path / "notes" / "real.md"
    repository.put("notes/real.md", "")
    real.write_bytes(b"\xef\xbb\xbf## T\r\n- caf\xe9\r\n")
    real.chmod(0o640)
    (repository.path / "LEARNINGS.md").symlink_to("notes/real.md")
    assert grow("two") is True
    assert grow("Two.") is False
    assert real.read_bytes() == b"\xef\xbb\xbf## T\r\n- caf\xe9\r\n- two\r\n"
    assert real.stat().st_mode & 0o777 == 0o640
    assert (repository.path / "LEARNINGS.md").is_symlink()


def test_a_file_that_cannot_be_read_or_written_is_a_usage_error(grow, repository):
    (repository.path / "LEARNINGS.md").mkdir()
    with pytest.raises(UsageError, match=r"cannot read LEARNINGS\.md"):
        grow("one")
    (repository.path / "LEARNINGS.md").rmdir()
    (repository.path / "LEARNINGS.md").symlink_to("no/such/folder.md")
    with pytest.raises(UsageError, match=r"cannot write LEARNINGS\.md"):
        grow("one")


@pytest.mark.parametrize("target", ["../.bashrc", "../new", ".git/config", "sub/out", "out/.bashrc"])
def test_a_link_out_of_the_repository_s_files_is_neither_read_nor_written(grow, repository, tmp_path, target):
    (tmp_path / ".bashrc").write_text("- theirs\n")
    (repository.path / "sub").mkdir()
    (repository.path / "sub" / "out").symlink_to(tmp_path / ".bashrc")
    (repository.path / "out").symlink_to("..")
    (repository.path / "LEARNINGS.md").symlink_to(target)
    config = (repository.path / ".git" / "config").read_bytes()
    for act in (lambda: learning.read(str(repository.path)), lambda: grow("one")):
        with pytest.raises(UsageError, match="a link that leads out of the repository"):
            act()
    assert sorted(os.listdir(tmp_path)) == [".bashrc", "repository"]
    assert ((tmp_path / ".bashrc").read_text(), (repository.path / ".git" / "config").read_bytes()) == (
        "- theirs\n",
        config,
    )


@pytest.mark.parametrize("kind", ["pipe", "zeros"])
def test_a_file_without_an_end_is_not_waited_for(repository, kind):
    path = repository.path / "LEARNINGS.md"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.touch()
        os.truncate(path, learning.MOST + 1)
    with pytest.raises(UsageError, match="cannot read"):
        learning.read(str(repository.path))


def test_what_a_person_saves_meanwhile_is_kept(repository):
    saved = []

    def slow(old):
        if not saved:
            repository.put("LEARNINGS.md", "## T\n- mine\n")
        saved.append(old)
        return add(old, [Entry("ours", "T")])

    assert learning.grow(Store(str(repository.path)), str(repository.path), slow)
    assert (repository.path / "LEARNINGS.md").read_text() == "## T\n- mine\n- ours\n"
    assert os.listdir(repository.state) == ["lock"]


def test_ten_sessions_at_once_lose_no_insight(grow, repository):
    threads = [threading.Thread(target=grow, args=(f"insight {n}",)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = parse(learning.read(str(repository.path)))
    assert sorted(entry.text for entry in entries) == [f"insight {n}" for n in range(10)]


def test_a_kill_at_any_moment_leaves_the_file_as_before_or_after(repository):
    repository.put("LEARNINGS.md", add("", [Entry(f"insight {n} " + "word " * 200, "T") for n in range(300)]))
    before = learning.read(str(repository.path))
    script = (
        "from devtools.learn import file as learning; from devtools.system.store import Store\n"
        "print(flush=True)\n"
        "for n in range(10**6): learning.grow(Store('.'), '.', lambda old: old + f'- more {n}\\n')"
    )
    for delay in (0.0, 0.003, 0.011, 0.02):
        process = subprocess.Popen([sys.executable, "-c", script], cwd=repository.path, stdout=subprocess.PIPE)
        process.stdout.readline()
        threading.Event().wait(delay)
        process.kill()
        process.wait()
        process.stdout.close()
        after = learning.read(str(repository.path))
        assert after.startswith(before)
        assert after.endswith("\n")
        before = after
    learning.grow(Store(str(repository.path)), str(repository.path), lambda old: old + "- last\n")
    assert repository.git("status", "--porcelain") == "?? LEARNINGS.md\n"


def test_the_log_tells_insights_with_topic_commit_and_date_oldest_first(repository):
    assert learning.logged(str(repository.path)) == []
    assert learning.head(str(repository.path)) == ""
    repository.put("a", "1")
    first = repository.commit("feat: a\n\nwhy\n\nInsight: one\n folded\nInsight: two\nTopic: Speed")
    repository.put("a", "2")
    second = repository.commit("feat: b\n\nnone")
    repository.put("a", "3")
    third = repository.commit("feat: c\n\nInsight: three")
    rows = [(entry.text, entry.topic, entry.commit) for entry in learning.logged(str(repository.path))]
    assert rows == [("one folded", "Speed", first), ("two", "Speed", first), ("three", "", third)]
    assert [entry.text for entry in learning.logged(str(repository.path), second)] == ["three"]
    assert len(learning.logged(str(repository.path))[0].date) == len("2026-11-24")
    assert learning.follows(str(repository.path), first)
    assert not learning.follows(str(repository.path), "0" * 40)
    with pytest.raises(ToolError, match="git log failed"):
        learning.logged(str(repository.path), "0" * 40)


def test_what_commits_wrote_into_the_file_is_known_after_it_was_taken_out(repository):
    repository.git("config", "diff.noprefix", "true")
    repository.git("config", "color.ui", "always")
    repository.put("LEARNINGS.md", add("", [Entry("one " * 60, "T"), Entry("two", "U")]))
    first = repository.commit()
    repository.put("LEARNINGS.md", "## T\n\n- other\n")
    second = repository.commit()
    found = [(entry.text, entry.commit) for entry in learning.noted(str(repository.path))]
    assert found == [("other", second), ("two", first), (("one " * 60).strip(), first)]


def test_a_merge_that_waits_is_seen(repository):
    repository.put("a", "1")
    repository.commit()
    assert learning.busy(str(repository.path)) is False
    repository.git("update-ref", "MERGE_HEAD", "HEAD")
    assert learning.busy(str(repository.path)) is True


def test_the_log_tells_the_words_and_paragraphs_of_each_insight(repository):
    repository.put("a", "1")
    repository.commit("feat: a\n\nInsight: one\nWords: first\nInsight: two\nExample: a b\n  c")
    one, two = learning.logged(str(repository.path))
    assert (one.words, one.notes, two.words, two.notes) == ("first", (), "", (("Example", "a b c"),))


def test_the_files_that_commits_touched_are_known_without_the_insights_themselves(repository):
    repository.put("a b", "1")
    repository.put("LEARNINGS.md", "- one\n")
    first = repository.commit("feat: a")
    repository.put("c/d", "1")
    second = repository.commit("feat: c")
    assert learning.touched(str(repository.path), [second, first]) == {first: ["a b"], second: ["c/d"]}
    assert learning.touched(str(repository.path), []) == {}
    with pytest.raises(ToolError, match="git diff-tree failed"):
        learning.touched("/", [first])


def test_the_versions_that_git_lays_before_a_driver_are_read_and_replaced(repository, tmp_path):
    path = str(tmp_path / "v")
    with pytest.raises(UsageError, match="cannot read"):
        learning.version(path)
    learning.replace_version(path, "- caf\udce9\n")
    assert learning.version(path) == "- caf\udce9\n"
    with pytest.raises(UsageError, match="cannot write"):
        learning.replace_version(str(repository.path), "")


def test_the_stage_of_a_conflict_that_is_not_there_is_empty(repository):
    repository.put("LEARNINGS.md", "- one\n")
    repository.git("add", "-A")
    assert learning.staged(str(repository.path), 0) == "- one\n"
    assert learning.staged(str(repository.path), 1) == ""
