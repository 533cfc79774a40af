import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.learn.item import LABELS, Item, read, written
from devtools.learn.markdown import Entry, add, parse

WHOLE = Item(
    "Caches guess at ages, 3 of 10 wrong.",
    "stale expiry old",
    (("Takeaway", "Ask the clock."), ("Example", "`age(1)` was 2."), ("Mistake", "We trusted the name.")),
)


def test_a_bullet_holds_an_insight_its_paragraphs_and_hidden_words():
    assert read(written(WHOLE)) == WHOLE
    assert written(WHOLE) == [
        "- Caches guess at ages, 3 of 10 wrong.",
        "",
        "  Takeaway: Ask the clock.",
        "",
        "  Example: `age(1)` was 2.",
        "",
        "  Mistake: We trusted the name.",
        "  <!-- words: stale expiry old -->",
    ]


def test_the_file_keeps_all_of_it_and_the_next_bullet_goes_below():
    text = add("", [Entry(WHOLE.text, "Speed", words=WHOLE.words, notes=WHOLE.notes), Entry("Two.", "Speed")])
    assert [(entry.text, entry.words, entry.notes) for entry in parse(text)] == [WHOLE, ("Two.", "", ())]


def test_a_person_may_write_labels_in_bold_and_other_comments_and_paragraphs():
    lines = ["- One,", "  and more.", "", "  **Example:** two", "  lines", "", "  A third", "  <!-- mine -->"]
    assert read(lines) == Item("One, and more.", "", (("Example", "two lines A third <!-- mine -->"),))


@pytest.mark.parametrize(
    "text",
    ["Example: is the first word here", "a Takeaway: in the middle", "Note: no label", "ends in <!-- words: x -->"],
)
def test_a_label_or_a_comment_within_the_sentence_is_part_of_it(text):
    assert read(written(Item(text))) == Item(text)


SIGNS = ("a", "--", "1.", "#", "\\-", ">", "```", "<b>", "<!--", "-->", "Example:", "===", "word")
WORDS = st.lists(st.sampled_from(SIGNS), min_size=1).map(" ".join)


@given(WORDS, st.lists(st.tuples(st.sampled_from(LABELS), WORDS), max_size=2), st.sampled_from(["", "old stale"]))
def test_whatever_is_written_is_read_again(text, notes, words):
    item = Item(text, words, tuple(notes))
    assert read(written(item)) == item


def test_words_cannot_end_their_comment():
    assert read(written(Item("a", "b --> <script> c"))).words == "b <script> c"
