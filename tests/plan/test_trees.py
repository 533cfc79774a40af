import itertools

from hypothesis import given
from hypothesis import strategies as st

from devtools.plan.hunks import FileChange, Hunk
from devtools.plan.trees import FileState, entries

OLD, NEW = "1" * 40, "2" * 40
FIRST = Hunk("text", 1, 1, ("a\n",), ("A\n",))
LAST = Hunk("text", 3, 3, ("c\n",), ("C\n",))
TEXTS = {OLD: "a\nb\nc\n"}


def change(hunks, path="x", old_path=None, old="100644", new="100644"):
    return FileChange(path, old_path or path, old, new, OLD, NEW, tuple(hunks))


def after(change, *indexes):
    return entries([change], TEXTS, {(0, index) for index in indexes})


def test_a_file_without_a_chosen_hunk_does_not_differ():
    assert after(change([FIRST, LAST])) == {}


def test_a_part_of_the_hunks_is_laid_over_the_old_text_and_all_of_them_are_the_new_blob():
    both = change([FIRST, LAST])
    assert after(both, 1) == {"x": FileState("100644", "a\nb\nC\n", written=False)}
    assert after(both, 0, 1) == {"x": FileState("100644", NEW, written=True)}


def test_a_rename_and_a_mode_may_come_before_or_after_the_lines():
    moved = change([Hunk("rename"), Hunk("mode"), FIRST], "new", "old", new="100755")
    assert after(moved, 0) == {"old": None, "new": FileState("100644", OLD, written=True)}
    assert after(moved, 1) == {"old": FileState("100755", OLD, written=True)}
    assert after(moved, 2) == {"old": FileState("100644", "A\nb\nc\n", written=False)}
    assert after(moved, 0, 1, 2) == {"old": None, "new": FileState("100755", NEW, written=True)}


def test_a_moved_binary_may_change_before_it_moves():
    assert after(change([Hunk("rename"), Hunk("whole")], "new", "old"), 1) == {
        "old": FileState("100644", NEW, written=True)
    }


def test_a_new_file_begins_with_its_first_hunk_and_a_deleted_one_ends_with_its_last():
    pieces = [Hunk("text", 0, 1, (), ("one\n",)), Hunk("text", 0, 2, (), ("two\n",))]
    new = FileChange("x", "x", "000000", "100755", "0" * 40, NEW, tuple(pieces))
    assert after(new, 1) == {"x": FileState("100755", "two\n", written=False)}
    gone = change([Hunk("text", 1, 1, ("a\n",), ()), Hunk("text", 2, 1, ("b\n", "c\n"), ())], new="000000")
    assert after(gone, 0) == {"x": FileState("100644", "b\nc\n", written=False)}
    assert after(gone, 0, 1) == {"x": None}


def test_a_file_that_takes_the_place_of_a_moved_one_stays():
    swap = [change([Hunk("whole")], "a", "a"), change([Hunk("rename")], "b", "a")]
    for changes in itertools.permutations(swap):
        found = entries(changes, {}, {(0, 0), (1, 0)})
        assert found == {"a": FileState("100644", NEW, written=True), "b": FileState("100644", NEW, written=True)}


@given(st.sets(st.integers(0, 2)), st.permutations(range(3)))
def test_the_order_in_which_hunks_come_in_does_not_matter(chosen, order):
    hunks = [FIRST, Hunk("text", 2, 2, (), ("new\n",)), LAST]
    kept = [index for index in order if index in chosen]
    assert after(change(hunks), *kept) == after(change(hunks), *sorted(kept))
