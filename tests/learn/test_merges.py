import random

import pytest

from devtools.learn.markdown import Entry, add, parse
from devtools.learn.merge import merged
from devtools.learn.merges import Merge, corrected, lost, merges

LONG = "a sentence that is wrapped over more than one line of the file because it goes on and on, and then goes on "
BASE = add("", [Entry(f"{LONG}{n}", topic) for n, topic in enumerate(["A", "B", "A"])])


def pairs(text):
    return sorted((entry.topic, entry.text) for entry in parse(text))


@pytest.fixture
def merge(repository):
    """Let two branches change the file, and merge them as `resolve` says; returns what `merges` tells of it."""

    def call(base, ours, theirs, resolve=None):
        for name, text in (("main", base), ("other", theirs), ("main", ours)):
            repository.git("checkout", "-q", "-B", name, *(["HEAD^"] if text == ours else []))
            repository.put("LEARNINGS.md", text)
            repository.commit()
        repository.git("merge", "-q", "-X", "ours", "--no-edit", "other")
        if resolve is not None:
            repository.put("LEARNINGS.md", resolve)
            repository.git("commit", "-q", "-a", "--amend", "--no-edit")
        return list(merges(str(repository.path)))

    return call


def test_a_merge_is_told_with_the_file_of_both_sides(merge, repository):
    ours, theirs = add(BASE, [Entry("One.", "A")]), add(BASE, [Entry("Two.", "B")])
    assert merge(BASE, ours, theirs, resolve="mine\n") == [Merge(BASE, ours, theirs, "mine\n")]
    assert list(merges(str(repository.path), "HEAD")) == []


def test_what_a_side_had_and_the_merge_left_out_is_lost(merge):
    ours, theirs = add(BASE, [Entry("One.", "A")]), add(BASE, [Entry("Two.", "B")])
    (found,) = merge(BASE, ours, theirs, resolve=ours)
    assert [(entry.text, entry.topic) for entry in lost(found)] == [("Two.", "B")]
    assert corrected(ours, found) == ours
    gone = theirs.replace("- Two.\n", "")
    assert lost(Merge(BASE, ours, gone, ours)) == []


def union(repository, base, ours, theirs):
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        repository.put(name, text)
    return repository.git("merge-file", "--union", "-p", "ours", "base", "theirs")


def test_a_merge_that_laid_all_lines_together_is_put_right_and_what_came_later_stays(repository):
    ours = BASE.replace("goes on 2", "goes on 2, edited at its very end")
    theirs = add(BASE, [Entry("Another one.", "A")])
    left, wanted = union(repository, BASE, ours, theirs), merged(BASE, ours, theirs)
    assert pairs(left) != pairs(wanted)
    later = corrected(add(left, [Entry("Later.", "B")]), Merge(BASE, ours, theirs, left))
    assert pairs(later) == pairs(add(wanted, [Entry("Later.", "B")]))


def test_what_a_person_typed_into_a_merge_is_left_alone():
    ours, theirs = add(BASE, [Entry("One.", "A")]), add(BASE, [Entry("Two.", "A")])
    typed = merged(BASE, ours, theirs).replace("- One.", "- One, and by hand.")
    assert corrected(typed, Merge(BASE, ours, theirs, typed)) == typed


def test_of_random_union_merges_none_leaves_an_insight_under_a_wrong_topic(repository):
    chance = random.Random(5)
    wrong = 0
    for n in range(25):
        base = add("", [Entry(f"base {n} {i}", chance.choice("ABC")) for i in range(3)])
        ours, theirs = (
            add(base, [Entry(f"{side} {n} {i} {LONG * chance.randint(0, 2)}", chance.choice("ABDE")) for i in range(3)])
            for side in ("ours", "theirs")
        )
        left = union(repository, base, ours, theirs)
        wanted = sorted({*pairs(ours), *pairs(theirs)})
        wrong += pairs(left) != wanted
        assert pairs(corrected(left, Merge(base, ours, theirs, left))) == wanted
    assert wrong
