import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.commit import conflicts
from devtools.commit.conflicts import added_lines, marked_line
from devtools.git import snapshot

CONFLICT = "a\n" + "<" * 7 + " HEAD\nb\n" + "=" * 7 + "\nc\n" + ">" * 7 + " topic\n"
OURS, MIDDLE, THEIRS = "<" * 7 + " HEAD", "=" * 7, ">" * 7 + " topic"


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        (["a", OURS, "b", MIDDLE, "c", THEIRS], 2),
        ([OURS, "|" * 7 + " base", "b", MIDDLE, "c", THEIRS], 1),
        ([OURS + "\r", MIDDLE + "\r", THEIRS + "\r"], 1),
        (["<" * 7, MIDDLE, ">" * 7], 1),
        (["Title", MIDDLE, "text"], 0),
        ([OURS, MIDDLE], 0),
        ([THEIRS, MIDDLE, OURS], 0),
        ([MIDDLE, THEIRS], 0),
        ([OURS, MIDDLE + "=", THEIRS], 0),
        (["x" + OURS, MIDDLE, THEIRS], 0),
        ([OURS, OURS, MIDDLE, THEIRS], 2),
    ],
)
def test_only_the_three_kinds_in_order_are_a_conflict(lines, where):
    assert marked_line(enumerate(lines, 1)) == where


LINES = st.lists(st.sampled_from(["a", "b", OURS, MIDDLE, THEIRS, "+x", "-y", "@@ -1 +7 @@", ""]), max_size=12)


@given(LINES, LINES, st.integers(0, 3))
def test_added_lines_carry_their_numbers_in_the_new_file(old, new, context):
    diff = "\n".join(difflib.unified_diff(old, new, "a", "b", n=context, lineterm=""))
    added = list(added_lines(diff))
    assert all(new[number - 1] == text for number, text in added)
    assert len(new) - len(added) == len(old) - sum(line[0] == "-" for line in diff.split("\n")[2:] if line)


@pytest.fixture
def found(repository):
    """Finds the markers that the working tree has and the last commit has not."""

    def look():
        root, parent = str(repository.path), repository.git("rev-parse", "HEAD^{tree}").strip()
        tree = snapshot.worktree_tree(root)
        return sorted(conflicts.marked(root, parent, tree, snapshot.changes(root, parent, tree)))

    return look


def test_markers_are_found_in_new_and_changed_files_only_where_they_were_added(repository, found):
    repository.put("a.py", "a\n")
    repository.put("old.md", CONFLICT)
    repository.put("moved.md", CONFLICT + "x\n" * 30)
    repository.commit()
    assert found() == []
    repository.put("a.py", "a\n" + CONFLICT)
    repository.put("[new] é\n.py", "x\n" + CONFLICT)
    repository.put("old.md", CONFLICT + "more\n")
    repository.put("heading.md", "Title\n=======\n")
    (repository.path / "moved.md").rename(repository.path / "to.md")
    assert found() == [("[new] é\n.py", 3), ("a.py", 3)]


def test_more_paths_than_a_command_line_holds_are_looked_through_too(repository, found, monkeypatch):
    repository.put("a.py", "a\n")
    repository.commit()
    monkeypatch.setattr(conflicts, "GREPPED_PATHS", 0)
    repository.put("a.py", CONFLICT)
    assert found() == [("a.py", 2)]
