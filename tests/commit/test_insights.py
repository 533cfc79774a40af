import errno
import os
import tempfile

import pytest

from devtools.commit import insights as noting
from devtools.errors import UsageError
from devtools.git import draft as drafts

INSIGHTS = (("one\udcff", "t"),)


def add(text, insights):
    new = [f"- {insight}\n" for insight, _ in insights if insight not in text]
    return text + "".join(new)


@pytest.fixture
def place(repository):
    repository.put("a", "")
    repository.put("LEARNINGS.md", "# L\n")
    (repository.path / "LEARNINGS.md").chmod(0o600)
    repository.commit()
    place = drafts.find(str(repository.path))
    with drafts.held(place):
        yield place


def staged(draft):
    return draft.checked("cat-file", "blob", ":LEARNINGS.md")


def test_an_insight_is_staged_without_what_is_unsaved_and_saved_beside_it(repository, place):
    repository.put("LEARNINGS.md", "# L\nmine\r\n")
    with drafts.opened(place) as draft:
        assert noting.into_draft(draft, INSIGHTS, add) is True
        assert staged(draft) == "# L\n- one\udcff\n"
        assert noting.into_draft(draft, INSIGHTS, add) is True
    noting.into_tree(place, INSIGHTS, add, True)
    noting.into_tree(place, INSIGHTS, add, True)
    assert (repository.path / "LEARNINGS.md").read_bytes() == b"# L\nmine\r\n- one\xff\n"
    assert (repository.path / "LEARNINGS.md").stat().st_mode & 0o777 == 0o600


def test_a_new_file_is_made_but_one_that_a_person_deleted_is_not(repository, place):
    path = repository.path / "LEARNINGS.md"
    path.unlink()
    noting.into_tree(place, INSIGHTS, add, True)
    assert not path.exists()
    repository.git("rm", "-q", "--cached", "LEARNINGS.md")
    with drafts.opened(place) as draft:
        assert noting.into_draft(draft, INSIGHTS, add) is False
        assert staged(draft) == "- one\udcff\n"
    noting.into_tree(place, INSIGHTS, add, False)
    assert path.read_bytes() == b"- one\xff\n"


@pytest.mark.parametrize("kind", ["link", "folder", "staged link"])
def test_a_link_or_a_folder_is_refused(repository, place, kind):
    path = repository.path / "LEARNINGS.md"
    path.unlink()
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("a")
    if kind == "staged link":
        repository.git("add", ".")
        path.unlink()
    with drafts.opened(place) as draft, pytest.raises(UsageError, match="not a regular file"):
        noting.into_draft(draft, INSIGHTS, add)


def test_what_a_person_saves_meanwhile_is_kept(repository, place):
    calls = []

    def slow(text, insights):
        calls.append(text)
        if len(calls) == 1:
            repository.put("LEARNINGS.md", "saved meanwhile\n")
        return add(text, insights)

    noting.into_tree(place, INSIGHTS, slow, True)
    assert (repository.path / "LEARNINGS.md").read_bytes() == b"saved meanwhile\n- one\xff\n"
    assert calls == ["# L\n", "saved meanwhile\n"]
    assert sorted(os.listdir(place.path(""))) == ["lock"]


def test_a_pipe_in_the_place_of_the_file_is_refused_and_nobody_waits_for_it(repository, place):
    (repository.path / "LEARNINGS.md").unlink()
    os.mkfifo(repository.path / "LEARNINGS.md")
    with drafts.opened(place) as draft, pytest.raises(UsageError, match="not a regular file"):
        noting.into_draft(draft, INSIGHTS, add)


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="needs a second file system")
def test_a_git_folder_on_another_disk_is_no_hindrance(repository, monkeypatch):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as other:
        os.rename(repository.path / ".git", repository.path / "old")
        repository.git("init", "-q", f"--separate-git-dir={other}/git")
        place = drafts.find(str(repository.path))
        with drafts.held(place):
            noting.into_tree(place, INSIGHTS, add, False)
    assert (repository.path / "LEARNINGS.md").read_bytes() == b"- one\xff\n"


def test_a_file_that_cannot_be_replaced_is_told(repository, place, monkeypatch):
    def fails(*_, **__):
        raise OSError(errno.EACCES, "no")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="no"):
        noting.into_tree(place, INSIGHTS, add, True)
    assert (repository.git("status", "--porcelain"), os.listdir(place.path(""))) == ("", ["lock"])


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_what_became_no_regular_file_meanwhile_is_left_as_it_is(repository, place, tmp_path, kind):
    path = repository.path / "LEARNINGS.md"
    path.unlink()
    (tmp_path / ".bashrc").write_text("theirs")
    os.mkfifo(path) if kind == "pipe" else path.symlink_to("../.bashrc")
    for was_there in (True, False):
        noting.into_tree(place, INSIGHTS, add, was_there)
    assert (path.is_fifo(), path.is_symlink()) == (kind == "pipe", kind == "link")
    assert (tmp_path / ".bashrc").read_text() == "theirs"


def test_words_and_paragraphs_below_an_insight_stand_with_it_in_the_file():
    text = noting.grown("", [("One: 1\n2.", "T", "Words: first uno", "Example: 1"), ("Two.", "")])
    assert "- One: 1 2.\n\n  Example: 1\n  <!-- words: first uno -->\n" in text
    (one, two) = noting.entries([("One.", "T", "Words: first"), ("Two.", "")])
    assert (one.text, one.topic, one.words, two.text, two.topic, two.words) == ("One.", "T", "first", "Two.", "", "")
