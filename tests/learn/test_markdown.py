import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.errors import UsageError
from devtools.learn.markdown import DEFAULT_TOPIC, Entry, add, key, missing, parse, plain, topic_name

FILE = """# Learnings

What this project's commits taught.

## Testing

- `os._exit(0)` inside a test ends pytest with exit code 0: the exit code alone says green although the suite never
  finished.

## Parsing

- One.
- Two.
"""


def pairs(text):
    return [(entry.topic, entry.text) for entry in parse(text)]


def test_a_bullet_is_one_entry_with_its_topic_and_line_however_wrapped():
    entries = parse(FILE)
    assert [(entry.topic, entry.line) for entry in entries] == [("Testing", 7), ("Parsing", 12), ("Parsing", 13)]
    assert entries[0].text.endswith("the suite never finished.")


def test_an_insight_goes_below_its_like_and_a_new_topic_above_the_others():
    grown = add(FILE, [Entry("Three.", "parsing"), Entry("Four.", "Speed")])
    head, _, tail = FILE.partition("## Testing")
    assert grown == f"{head}## Speed\n\n- Four.\n\n## Testing{tail}- Three.\n"


def test_a_long_insight_is_wrapped_at_120_and_none_of_its_lines_starts_like_markdown_structure():
    words = ("word " * 23 + "- 1. # ``` > <!-- === ") * 3
    lines = add("", [Entry(words, "T")]).splitlines()[4:]
    assert max(map(len, lines)) <= 120
    assert {line[:6] for line in lines} == {"- word", "  word"}


@pytest.mark.parametrize("start", ["-", "1.", "12)", "#", "```", "~~~", ">", "<!--", "===", "+", "***", r"\#", r"1\."])
def test_a_first_word_that_would_be_structure_is_escaped_and_read_back(start):
    grown = add(FILE, [Entry(f"{start} means something", "Testing")])
    assert ("Testing", f"{start} means something") in pairs(grown)
    assert pairs(grown)[-2:] == [("Parsing", "One."), ("Parsing", "Two.")]


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "  \n\n"])
def test_an_empty_file_becomes_a_title_a_topic_and_a_bullet(text):
    grown = add(text, [Entry("One.")])
    assert grown.strip("\ufeff \n") == f"# Learnings\n\n## {DEFAULT_TOPIC}\n\n- One."
    assert grown.startswith("\ufeff") == text.startswith("\ufeff")


def test_the_same_words_wrapped_otherwise_are_refused():
    same = (
        "`os._exit(0)`  inside a test\nends pytest with exit code 0: the exit code alone says green although\tthe suite"
    )
    assert add(FILE, [Entry(same + " never finished.", "Elsewhere"), Entry("`two`", "Testing")]) == FILE


def test_line_ends_a_byte_order_mark_and_a_missing_last_newline_are_kept():
    windows = "\ufeff" + FILE.replace("\n", "\r\n").removesuffix("\r\n")
    assert add(windows, [Entry("Three.", "Parsing")]) == windows + "\r\n- Three."
    assert add("\ufeff## T\n", [Entry("One.", "A")]).startswith("\ufeff## A\n\n- One.\n\n## T")


def test_headings_in_fences_comments_and_front_matter_are_not_topics():
    text = "---\nname: x\n---\n```\n## Parsing\n```\n~~~~\n~~~\n- no\n~~~~\n<!--\n## Parsing\n-->\n## Real\n\n- One.\n"
    assert pairs(text) == [("Real", "One.")]
    assert add(text, [Entry("Two.", "Parsing")]).endswith("-->\n\n## Parsing\n\n- Two.\n\n## Real\n\n- One.\n")


@pytest.mark.parametrize("fence", ["```\n- no\n", "<!-- open\n- no"])
def test_an_insight_never_lands_in_a_fence_or_comment_that_was_left_open(fence):
    for text in (fence, f"# L\n\n{fence}", f"## T\n\n- One.\n\n{fence}"):
        assert ("T", "New.") in pairs(add(text, [Entry("New.", "T")]))


def test_underlined_headings_are_topics_too():
    text = "Learnings\n=========\n\nReal\nTopic\n-----\n- One.\nlazy\n\n  more\n\nafter\n"
    assert pairs(text) == [("Real Topic", "One. lazy more")]
    assert add(text, [Entry("Two.", "real topic")]) == text + "\n- Two.\n"
    assert add(text, [Entry("Two.", "Other")]).startswith("Learnings\n=========\n\n## Other\n\n- Two.\n\nReal\n")


def test_text_right_below_a_new_insight_is_kept_apart_from_it():
    assert add("## A\n-\n-", [Entry("new", "A")]) == "## A\n\n- new\n\n-\n-"
    assert add("  more\n-", [Entry("new", "A")]) == "## A\n\n- new\n\n\n<!-- -->\n\n  more\n-"


def test_the_manner_of_the_list_above_is_kept():
    assert add("## T\n* a\n* b\n", [Entry("c", "T")]) == "## T\n* a\n* b\n* c\n"
    assert add("## T\n- a\n\n- b\n\n## U\n", [Entry("c", "T")]) == "## T\n- a\n\n- b\n\n- c\n\n## U\n"
    assert add("## T\n- a\n### Sub\n", [Entry("c", "T")]) == "## T\n- a\n### Sub\n\n- c\n"
    assert add("# Flat\n- a\n", [Entry("b")]) == "# Flat\n- a\n- b\n"
    assert add("notes\n", [Entry("b", "T")]) == "notes\n\n## T\n\n- b\n"
    assert add("# L\n## T\n- a\n", [Entry("b", "S")]) == "# L\n\n## S\n\n- b\n\n## T\n- a\n"


def test_a_topic_is_one_line_and_an_insight_without_words_is_refused():
    assert topic_name("two\nlines #") == "two lines"
    assert topic_name("C#") == "C#"
    with pytest.raises(UsageError, match="empty"):
        add(FILE, [Entry(" \x00\n")])


def test_only_what_never_stood_in_the_file_is_missing_from_it():
    texts = ["one", "fell out", "deleted before", "new", "New."]
    logged = [Entry(text, "T", f"commit of {text}") for text in texts]
    assert missing(FILE, logged, ["Fell out."], {key("Deleted before.")}) == [logged[3]]


@pytest.mark.parametrize(
    ("text", "is_missing"),
    [
        ("os._exit(0) in a test ends pytest with exit code 0, so the exit code alone says green", False),
        ("os._exit(0) in a test ends pytest with exit code 1, so the exit code alone says green", True),
        ("os._exit(0) in a fixture ends mypy with a signal code 0, and the exit status is not green", True),
        ("os._exit(0) ends pytest with exit code 0", True),
    ],
)
def test_a_long_insight_in_other_words_is_known_unless_a_number_differs(text, is_missing):
    assert bool(missing(FILE, [Entry(text), Entry(text)], [], ())) is is_missing


PIECES = ("# L", "## A", "## B", "### C", "- one", "* two", "  more", "lazy", "", "", "    code", "```", "~~~", "1. x")
RARE = ("<!--", "-->", "A", "---", "===", "\t- tab", "+ \x00", "\u2028", "- \udcff", "## ", "-", "- ```", "  ## D")
MARKDOWN = st.lists(st.sampled_from(PIECES + RARE), max_size=14)
WORDS = st.text(st.sampled_from("ab-#`~>1.<! \n\\*=|_"), max_size=30).map(lambda text: f"{text} new")


@given(MARKDOWN, st.sampled_from(["\n", "\r\n"]), st.booleans(), WORDS, st.sampled_from(["", "A", "B", "New", "a # "]))
def test_a_persons_text_is_kept_and_the_insight_is_found_again(lines, newline, mark, words, topic):
    text = "\ufeff" * mark + newline.join(lines)
    grown = add(text, [Entry(words, topic)])
    cut = len(grown) - len(text)
    assert any(grown[:i] + grown[i + cut :] == text for i in range(len(text) + 1))
    before, after = pairs(text), pairs(grown)
    added = [pair for pair in after if pair[1] == plain(words)]
    assert len(added) == 1
    assert [pair for pair in after if pair not in added] == before
    if topic_name(topic):
        assert added[0][0].casefold() == topic_name(topic).casefold()
    wrapped = "\n".join(textwrap.wrap(words, 9, break_long_words=False, break_on_hyphens=False))
    assert add(grown, [Entry(wrapped, "Other")]) == grown


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_words_are_given_to_an_insight_that_stands_there_without(end):
    text = end.join(["# L", "", "- One is", "  wrapped.", "", "  More of it.", "", "- Two.", ""])
    wanted = text.replace(f"  More of it.{end}", f"  More of it.{end}  <!-- words: first uno -->{end}")
    once = add(text, [Entry("One is wrapped. More of it", words="first uno"), Entry("two")])
    assert once == wanted
    assert add(once, [Entry("One is wrapped. More of it", words="other")]) == once
    assert add("- One", [Entry("one", words="w")]) == "- One\n  <!-- words: w -->"
