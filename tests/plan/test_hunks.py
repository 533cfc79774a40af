import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.plan.hunks import Hunk, apply, parse, split, unquote

OLD, NEW = "1" * 40, "2" * 40
NONE = "0" * 40


def raw(status, names, modes=("100644", "100644"), ids=(OLD, NEW)):
    return f":{modes[0]} {modes[1]} {ids[0]} {ids[1]} {status}\t{names}\n"


def section(body):
    return f"diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n{body}"


def test_hunks_keep_their_places_and_their_lines():
    body = "@@ -2 +2,2 @@ def f():\n-b\n+B\n+C\n@@ -5,0 +7 @@\n+e\r\n"
    (change,) = parse(raw("M", "x.txt") + "\n" + section(body))
    assert (change.path, change.old_path, change.created, change.deleted) == ("x.txt", "x.txt", False, False)
    assert change.hunks == (Hunk("text", 2, 2, ("b\n",), ("B\n", "C\n")), Hunk("text", 5, 7, (), ("e\r\n",)))


def test_content_that_looks_like_a_header_cannot_deceive():
    body = "@@ -1,2 +1 @@\n--- a/y\n-@@ -1 +1 @@\n+diff --git a/q b/q\n"
    (change,) = parse(raw("M", "x.txt") + "\n" + section(body))
    assert change.hunks == (Hunk("text", 1, 1, ("-- a/y\n", "@@ -1 +1 @@\n"), ("diff --git a/q b/q\n",)),)


def test_a_missing_newline_at_the_end_is_kept_on_either_side():
    body = "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    (change,) = parse(raw("M", "x.txt") + "\n" + section(body))
    assert change.hunks == (Hunk("text", 1, 1, ("a",), ("b",)),)


def test_added_definitions_become_hunks_of_their_own_at_one_place():
    body = "@@ -3,0 +4,4 @@\n+def a():\n+    return 1\n+def b():\n+    return 2\n"
    (change,) = parse(raw("M", "x.py") + "\n" + section(body))
    assert [(hunk.old_start, hunk.new_start, len(hunk.added)) for hunk in change.hunks] == [(3, 4, 2), (3, 6, 2)]


@pytest.mark.parametrize(
    ("entry", "body", "kinds"),
    [
        (raw("M", "x", ("100644", "100755"), (OLD, OLD)), "", ["mode"]),
        (raw("R100", "y\tx", ids=(OLD, OLD)), "", ["rename"]),
        (raw("R090", "y\tx"), "@@ -1 +1 @@\n-a\n+b\n", ["rename", "text"]),
        (raw("R090", "y\tx"), "Binary files a/y and b/x differ\n", ["rename", "whole"]),
        (raw("M", "x"), "Binary files a/x and b/x differ\n", ["whole"]),
        (raw("A", "x", ("000000", "100644"), (NONE, NEW)), "", ["whole"]),
        (raw("M", "x", ("160000", "160000")), "@@ -1 +1 @@\n-Subproject commit 1\n+Subproject commit 2\n", ["whole"]),
        (raw("A", "x", ("000000", "120000"), (NONE, NEW)), "@@ -0,0 +1 @@\n+target\n", ["whole"]),
    ],
)
def test_changes_without_lines_are_hunks_of_their_own_kind(entry, body, kinds):
    (change,) = parse(entry + "\n" + section(body))
    assert [hunk.kind for hunk in change.hunks] == kinds


def test_a_change_of_type_is_one_hunk_and_does_not_shift_the_next_file():
    link = raw("T", "x", ("100644", "120000"))
    text = section("@@ -1 +0,0 @@\n-a\n") + section("@@ -0,0 +1 @@\n+target\n") + section("@@ -1 +1 @@\n-c\n+d\n")
    first, second = parse(link + raw("M", "z") + "\n" + text)
    assert first.hunks == (Hunk("whole"),)
    assert second.hunks == (Hunk("text", 1, 1, ("c\n",), ("d\n",)),)


def test_paths_are_unquoted_byte_by_byte():
    assert unquote(r'"a\nb\303\274\377\"\\"') == 'a\nbü\udcff"\\'
    assert unquote("plain name") == "plain name"
    (change,) = parse(
        raw("D", r'"new\nline"', ("100644", "000000"), (OLD, NONE)) + "\n" + section("@@ -1 +0,0 @@\n-a\n")
    )
    assert (change.path, change.deleted) == ("new\nline", True)


def test_any_choice_of_hunks_applies_in_any_order():
    old = "a\nb\nc\nd"
    hunks = [Hunk("text", 0, 1, (), ("0\n",)), Hunk("text", 2, 3, ("b\n",), ()), Hunk("text", 4, 4, ("d",), ("D\n",))]
    results = {apply(old, chosen) for chosen in itertools.permutations(hunks, 2)}
    assert results == {"0\na\nc\nd", "0\na\nb\nc\nD\n", "a\nc\nD\n"}
    assert apply(old, [*hunks, Hunk("mode")]) == "0\na\nc\nD\n"


@pytest.mark.parametrize(
    "hunks",
    [
        [Hunk("text", 1, 1, ("x\n",), ())],
        [Hunk("text", 1, 1, ("a\n",), ()), Hunk("text", 1, 2, ("a\n", "b\n"), ())],
        [Hunk("text", 9, 9, (), ("x\n",))],
    ],
)
def test_a_hunk_that_does_not_fit_is_named(hunks):
    with pytest.raises(ValueError, match="line"):
        apply("a\nb\n", hunks)


@given(st.text(st.sampled_from("ab\n\r\x0c\u2028")))
def test_lines_are_cut_at_newlines_alone_and_nothing_is_lost(text):
    lines = split(text)
    assert "".join(lines) == text
    assert len(lines) == text.count("\n") + bool(text and not text.endswith("\n"))
