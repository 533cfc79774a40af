"""Arguments that a line of theirs has cut are known, and never taken for the whole."""

import pytest

from devtools.client import slash_command as asked


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("one two\nEND OF ARGUMENTS!`\n", "one two\n"),
        ("\nEND OF ARGUMENTS!`\n", "\n"),
        ("END OF ARGUMENTS!`\n", ""),
        ("END OF ARGUMENTS!`\nx\nEND OF ARGUMENTS!`", "END OF ARGUMENTS!`\nx\n"),
        ("one\n", None),
        ("", None),
        ("END OF ARGUMENTS!`\none\n", None),
        ("one END OF ARGUMENTS!`\n", None),
    ],
)
def test_a_text_is_whole_where_our_line_is_its_last(text, whole):
    assert asked.whole(text) == whole


def test_the_refusal_names_the_command():
    assert "run devtools tdd with them" in asked.refusal("tdd")
