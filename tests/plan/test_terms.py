import pytest

from devtools.plan.hunks import Hunk
from devtools.plan.terms import Terms, edit, nearness, only_imports, strings


def hunk(removed=(), added=(), at=1):
    return Hunk("text", at, at, tuple(f"{line}\n" for line in removed), tuple(f"{line}\n" for line in added))


def test_the_overlap_is_the_share_of_the_smaller_set_that_the_other_has():
    terms = Terms([frozenset("abcd"), frozenset("cde"), frozenset(), frozenset("x")])
    assert terms.overlap(0, 1) == terms.overlap(1, 0) == pytest.approx(2 / 3)
    assert terms.overlap(0, 2) == terms.overlap(0, 3) == 0.0


def test_an_edit_is_the_words_and_signs_that_are_put_in_the_place_of_others():
    one = edit(hunk(['print("%s" % name)'], ['print(f"{name}")']))
    assert one == {"-%", "-s", "+f", "+{", "+}"}
    assert edit(hunk(['log("%s" % other)'], ['log(f"{other}")'])) == one


def test_what_only_adds_or_only_removes_is_no_edit():
    assert edit(hunk([], ["x = 1"])) == edit(hunk(["x = 1"], [])) == frozenset()


def test_strings_are_what_stands_in_quotes_on_either_side():
    found = strings(hunk(['raise E("no such thing")'], ["raise E('not here at all')", "x = ``code``", 'y = "abc"']))
    assert found == {"no such thing", "not here at all", "code"}


def test_imports_are_told_from_what_only_holds_some():
    assert only_imports(hunk(["import os"], ["from a import (", "    b,", "    c", ")"]))
    assert not only_imports(hunk([], ["import os", "", "x = os.name"]))
    assert not only_imports(hunk([], ["    b,"]))


def test_hunks_are_near_by_the_lines_between_them():
    first, last = hunk(added=["a", "b"], at=1), hunk(added=["c"], at=13)
    assert nearness(first, last) == nearness(last, first) == pytest.approx(0.5)
    assert nearness(first, hunk(added=["c"], at=3)) == 1.0
    assert nearness(first, Hunk("whole")) == 0.0
