import json
import os
import sys

import pytest

from devtools.cli import run
from devtools.learn.markdown import Entry, add, parse

LONG = "a sentence that is wrapped over more than one line of the file because it goes on and on, and then goes on "
BASE = add("", [Entry(f"{LONG}{n}", topic) for n, topic in enumerate(["A", "B", "A"])])


def pairs(repository):
    return sorted((entry.topic, entry.text) for entry in parse((repository.path / "LEARNINGS.md").read_text()))


def known(*texts):
    return sorted({(entry.topic, entry.text) for text in texts for entry in parse(text)})


@pytest.fixture
def sync(repository, capsys):
    def call(*arguments):
        assert run(["learn", "sync", *arguments]) == 0
        captured = capsys.readouterr()
        return json.loads(captured.out) if "--json" in arguments else captured.out

    return call


@pytest.fixture
def branches(repository):
    """Two branches that both learn something, main checked out."""

    def call(ours, theirs, base=BASE):
        for name, text, said in (
            ("main", base, ""),
            ("other", theirs, "\n\nInsight: Two.\nTopic: B"),
            ("main", ours, ""),
        ):
            repository.git(
                "checkout", "-q", "-B", name, *(["main^"] if text == ours and name == "main" and said else [])
            )
            if text == ours:
                repository.git("reset", "-q", "--hard", "HEAD^")
            repository.put("LEARNINGS.md", text)
            repository.commit(f"docs: {name}{said}")

    return call


OURS, THEIRS = add(BASE, [Entry("One.", "A")]), add(BASE, [Entry("Two.", "A"), Entry("Three.", "B")])


def test_a_conflict_that_waits_is_resolved_and_left_for_the_person_to_add(sync, branches, repository):
    branches(OURS, THEIRS)
    with pytest.raises(Exception, match="merge"):
        repository.git("merge", "-q", "other")
    assert "<<<<<<<" in (repository.path / "LEARNINGS.md").read_text()
    assert sync() == "the conflict in LEARNINGS.md is resolved: read it, then git add LEARNINGS.md\n"
    assert pairs(repository) == known(OURS, THEIRS)
    assert sync("--json")["resolved"] is False
    assert "UU LEARNINGS.md" in repository.git("status", "--porcelain")


def test_a_conflict_with_an_edit_on_one_side_leaves_no_old_form_of_it(sync, branches, repository):
    edited = BASE.replace("goes on 2", "goes on 2, edited")
    branches(edited, THEIRS)
    with pytest.raises(Exception, match="merge"):
        repository.git("merge", "-q", "other")
    sync()
    assert pairs(repository) == known(add(edited, [Entry("Two.", "A"), Entry("Three.", "B")]))


def test_a_conflict_that_was_committed_with_its_marks_is_resolved_too(sync, repository):
    repository.put("LEARNINGS.md", "# L\n\n<<<<<<< HEAD\n- a\n=======\n- b\n>>>>>>> other\n- c\n")
    repository.commit()
    sync()
    assert (repository.path / "LEARNINGS.md").read_text() == "# L\n\n- a\n- b\n- c\n"


def test_a_union_merge_of_a_hosted_service_is_put_right(sync, branches, repository):
    repository.put(".gitattributes", "LEARNINGS.md merge=union\n")
    edited = BASE.replace("goes on 2", "goes on 2, edited at its very end")
    theirs = add(BASE, [Entry("Another one.", "A")])
    branches(edited, theirs)
    repository.git("merge", "-q", "--no-edit", "other")
    assert pairs(repository) != known(add(edited, [Entry("Another one.", "A")]))
    assert sync().startswith("what a merge mixed up in LEARNINGS.md is put right\n")
    assert pairs(repository) == sorted([*known(add(edited, [Entry("Another one.", "A")])), ("B", "Two.")])
    assert sync() == "LEARNINGS.md has them all\n"


def test_an_insight_that_a_merge_dropped_by_choosing_a_side_comes_back(sync, branches, repository):
    branches(OURS, add(BASE, [Entry("Two.", "B")]))
    repository.git("merge", "-q", "--no-edit", "-X", "ours", "other")
    repository.put("LEARNINGS.md", OURS)
    repository.git("commit", "-q", "-a", "--amend", "--no-edit")
    assert [entry["text"] for entry in sync("--json")["added"]] == ["Two."]
    assert pairs(repository) == known(OURS, add(BASE, [Entry("Two.", "B")]))
    repository.put("LEARNINGS.md", OURS)  # now a person takes it out
    repository.git("commit", "-q", "--allow-empty", "-m", "docs: no")
    assert sync("--json")["added"] == []


def test_our_merge_driver_merges_what_git_alone_cannot(branches, repository):
    driver = f"{sys.executable} -m devtools learn merge %O %A %B"
    repository.git("config", "merge.learnings.driver", driver)
    repository.put(".git/info/attributes", "LEARNINGS.md merge=learnings\n")
    branches(OURS, THEIRS)
    repository.git("merge", "-q", "--no-edit", "other")
    assert pairs(repository) == known(OURS, THEIRS)
    assert repository.git("status", "--porcelain") == ""


def test_the_driver_takes_three_files_that_it_can_read(repository, capsys):
    assert run(["learn", "merge", "a", "b"]) == 2
    assert "merge takes three files" in capsys.readouterr().err
    assert run(["learn", "merge", "a", "b", "c"]) == 2
    assert "cannot read a" in capsys.readouterr().err
    os.mkdir(repository.path / "d")
    assert run(["learn", "merge", "d", "d", "d"]) == 2
