import random

import pytest

from devtools.learn.markdown import Entry, add, parse
from devtools.learn.merge import merged

LONG = "a sentence that is wrapped over more than one line of the file because it goes on and on, and then goes on "
BASE = add("", [Entry(f"{LONG}{n}", topic, words=f"w{n}") for n, topic in enumerate(["A", "B", "A"])])


def pairs(text):
    return sorted((entry.topic, entry.text, entry.words) for entry in parse(text))


@pytest.mark.parametrize(("ours", "theirs"), [("A", "A"), ("A", "B"), ("B", "New"), ("New", "New"), ("New", "Other")])
def test_what_two_branches_learned_stands_under_its_topic(ours, theirs):
    sides = [add(BASE, [Entry(f"{LONG}here", ours)]), add(BASE, [Entry(f"{LONG}there", theirs)])]
    text = merged(BASE, *sides)
    assert pairs(text) == sorted({*pairs(sides[0]), *pairs(sides[1])})
    assert "\n\n\n" not in text


def test_the_same_insight_on_both_branches_stands_once():
    sides = [add(BASE, [Entry(f"{LONG}x", "A")]), add(BASE, [Entry(f"{LONG}x", "A"), Entry("y", "A")])]
    assert merged(BASE, *sides) == sides[1]


def test_an_edit_beside_an_addition_keeps_the_end_of_each():
    edited = BASE.replace("goes on 2", "goes on 2, edited at its end")
    grown = add(BASE, [Entry("Another one.", "A")])
    for text in (merged(BASE, edited, grown), merged(BASE, grown, edited)):
        assert pairs(text) == pairs(add(edited, [Entry("Another one.", "A")]))


def test_what_both_edited_stands_twice_and_what_one_took_out_is_gone_unless_the_other_edited_it():
    base = "# L\n\n- one is here now\n- two is here now\n- three is here now\n"
    ours = base.replace("- one is", "- one was").replace("- two is here now\n", "")
    theirs = (
        base.replace("- one is", "- one will be").replace("- two is", "- two was").replace("- three is here now\n", "")
    )
    assert [entry.text for entry in parse(merged(base, ours, theirs))] == [
        *("one was here now", "one will be here now", "two was here now"),
    ]


def test_a_person_s_text_headings_and_byte_order_mark_stay():
    base = "\ufeff---\nt: x\n---\n\nIntro.\n\n## A\n\n- one\n\nA word on A.\n\n### Detail\n\n```\n## no heading\n```\n"
    ours = base.replace("- one\n", "- one\n- two\n")
    theirs = base.replace("A word on A.", "Two words on A.").replace("Intro.", "Intro!")
    assert merged(base, ours, theirs) == theirs.replace("- one\n", "- one\n- two\n")


def test_a_side_that_did_nothing_leaves_the_other_byte_for_byte():
    other = "no\n\n\nbullets \r\n"
    assert merged(BASE, BASE, other) == merged(BASE, other, BASE) == merged(other, other, other) == other
    assert merged("", "- a\n", "- b\n") == "- a\n- b\n"
    assert merged("", "- a\r\n- c\r\n", "- b\n") == "- a\r\n- c\r\n- b\r\n"


def test_a_section_that_one_side_took_out_is_gone_and_its_new_insight_is_not():
    gone = BASE[: BASE.index("## A")]
    assert pairs(merged(BASE, gone, BASE + "\n")) == pairs(gone)
    grown = add(BASE, [Entry("Another one.", "A")])
    assert pairs(merged(BASE, gone, grown)) == sorted([*pairs(gone), ("A", "Another one.", "")])


def changed(text, side, chance):
    """One to four random edits and additions, and what the insights are then, by their topic."""
    for n in range(chance.randint(1, 4)):
        entries = parse(text)
        if chance.random() < 0.5 and entries:
            entry = chance.choice(entries)
            word = f"{side}{n}{chance.randint(0, 10**6)}"
            last = entry.text.split(" ")[-1]
            text = text.replace(f" {last}\n", f" {last} {word}\n", 1)
        else:
            topic = chance.choice(["A", "B", "C", "D"])
            text = add(text, [Entry(f"{side} {n} {chance.random()} {LONG * chance.randint(0, 2)}", topic)])
    return text


@pytest.mark.parametrize("seed", range(4))
def test_of_random_edits_and_additions_none_is_lost_and_none_moves(seed):
    """Where both edited one insight it stands in both forms; every other stands once, under its own heading."""
    chance = random.Random(seed)
    for _ in range(25):
        base = add(
            "",
            [
                Entry(f"base {i} {chance.random()} {LONG * chance.randint(0, 2)}", chance.choice("ABC"))
                for i in range(6)
            ],
        )
        ours, theirs = changed(base, "ours", chance), changed(base, "theirs", chance)
        old, here, there = (set(pairs(text)) for text in (base, ours, theirs))
        wanted = (here & there) | (here - old) | (there - old)
        assert pairs(merged(base, ours, theirs)) == sorted(wanted)
