"""Where a person chose git's union merge for LEARNINGS.md, what `add` writes on two branches stays whole.

An edit of an insight beside an addition does not: git then files the end of the one under the other, so we do not
recommend it.
"""

import random
import subprocess
from pathlib import Path

import pytest

from devtools.learn.markdown import Entry, add, parse

ROOT = Path(__file__).parent.parent.parent
LONG = "a sentence that is wrapped over more than one line of the file because it goes on and on, and then goes on "


def pairs(text):
    return {(entry.topic, entry.text) for entry in parse(text)}


@pytest.fixture
def merged(repository):
    """Commit `base`, let two branches add their entries, merge them; returns the merged text and the two sides'."""
    repository.put(".gitattributes", "LEARNINGS.md merge=union\n")

    def merge(base, ours, theirs):
        sides = [add(base, ours), add(base, theirs)]
        repository.put("LEARNINGS.md", base)
        repository.commit()
        repository.git("checkout", "-q", "-B", "other")
        repository.put("LEARNINGS.md", sides[1])
        repository.commit()
        repository.git("checkout", "-q", "-B", "main", "HEAD^")
        repository.put("LEARNINGS.md", sides[0])
        repository.commit()
        repository.git("merge", "-q", "other")
        return (repository.path / "LEARNINGS.md").read_text(), sides

    return merge


BASE = add("", [Entry(f"{LONG} {n}", topic) for n, topic in enumerate(["A", "B", "A"])])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("A", "A"),
        ("A", "B"),
        ("B", "New"),
        ("New", "New"),
        ("New", "Other"),
        ("General", "B"),
    ],
)
def test_two_branches_that_learn_in_the_same_or_in_different_topics_merge_whole(merged, ours, theirs):
    text, sides = merged(BASE, [Entry(LONG + "here", ours)], [Entry(LONG + "there", theirs)])
    assert pairs(text) == pairs(sides[0]) | pairs(sides[1])
    assert len(parse(text)) == 5


def test_random_branches_lose_nothing_and_file_it_right_unless_both_open_the_same_topic(merged):
    chance = random.Random(3)
    for n in range(12):
        base = add("", [Entry(f"base {n} {i} {LONG * chance.randint(0, 2)}", chance.choice("ABC")) for i in range(3)])
        new = iter("DE")
        ours, theirs = (
            [
                Entry(f"{side} {n} {i} {LONG * chance.randint(0, 2)}", chance.choice(["A", "B", "C", topic]))
                for i in "xyz"
            ]
            for side, topic in (("ours", next(new)), ("theirs", next(new)))
        )
        opened = ({entry.topic for entry in ours} & {entry.topic for entry in theirs}) - {t for t, _ in pairs(base)}
        text, sides = merged(base, ours, theirs)
        wanted = pairs(sides[0]) | pairs(sides[1])
        assert {words for _, words in pairs(text)} == {words for _, words in wanted}
        assert opened or pairs(text) == wanted


def test_this_repository_leaves_the_merge_of_its_learnings_to_a_person():
    """A union merge moved the end of an edited insight onto its neighbour here, and nobody saw it."""
    asked = ["git", "check-attr", "merge", "--", "LEARNINGS.md"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said == "LEARNINGS.md: merge: unspecified\n"
    assert "\n  400 first weights correlated at 0.79, in every experiment" in (ROOT / "LEARNINGS.md").read_text()
    assert (ROOT / "LEARNINGS.md").read_text().count("the eigenvalues of the Hessian") == 1
