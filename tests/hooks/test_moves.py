"""What goes into a folder and what is taken away whole is named, wherever the folder stands among the words."""

import pytest

from devtools.hooks.moves import moves


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("cp /tmp/a.json .claude", [("into", ".claude/a.json")]),
        ("cp -r b/c/ .", [("into", "./c")]),
        ("install -t d a b", [("into", "d/a"), ("into", "d/b")]),
        ("mv a b c", [("into", "c/a"), ("into", "c/b"), ("away", "a"), ("away", "b")]),
        ("mv -t d a", [("into", "d/a"), ("away", "a")]),
        ("rm -rf a/ b", [("away", "a/"), ("away", "b")]),
        ("cp", []),
        ("touch a", []),
    ],
)
def test_what_is_moved_is_named(line, found):
    name, *words = line.split()
    assert moves(name, words) == found
