import pytest

from devtools.printable import indented, one_line, printable, within


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text\n\twith a tab", "plain text\n\twith a tab"),
        ("größer 漢字 \u00a0 x", "größer 漢字 \u00a0 x"),
        ("\x1b[31mred\x1b[0m \x1b[1;38:5:2mbold\x1b[K", "red bold"),
        ("\x1b[2J\x1b[1;1H", "\\x1b[2J\\x1b[1;1H"),
        ("\x1b]0;title\x07\x1b[", "\\x1b]0;title\\x07\\x1b["),
        ("a\r\nb\rc\b\x00\x7f", "a\nb\\x0dc\\x08\\x00\\x7f"),
        ("c1 \x85 \x9b31m", "c1 \\x85 \\x9b31m"),
        ("\u202egnp.exe\u2066 \u200b \ufeff \u2028", "\\u202egnp.exe\\u2066 \\u200b \\ufeff \\u2028"),
        ("name\udcff \ud83d \U000e0041", "name\\xff \\ud83d \\U000e0041"),
    ],
)
def test_what_is_not_printed_is_shown_as_an_escape(text, shown):
    assert printable(text) == shown


def test_a_name_with_line_breaks_is_one_line():
    assert one_line("a\ngreen: b\r\n\x1b") == "a\\ngreen: b\\n\\x1b"


def test_a_quoted_text_stands_behind_a_margin():
    assert indented("green: all\n\n+x\x07") == "  green: all\n\n  +x\\x07"


@pytest.mark.parametrize("word", ["green:", "Red:", "next:", "refused", "devtools:", "done"])
def test_only_our_own_first_line_may_begin_as_our_lines_do(word):
    text = f"{word} all"
    assert within(f"{text}\n{text}\n+x\n  y\n漢", ours=True) == f"{text}\n  {text}\n+x\n  y\n  漢"
    assert within(f"{text}\n", ours=False) == f"  {text}\n"


def test_the_place_of_a_finding_stays_at_the_margin():
    assert within("tests/test_a.py::test_b:3 green", ours=False) == "tests/test_a.py::test_b:3 green"
    assert within("green.py:3 x", ours=False) == "green.py:3 x"
