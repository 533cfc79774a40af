import pytest

from devtools.plan.hunks import FileChange, Hunk
from devtools.plan.traits import kind_of, sized, units

NONE = "0" * 40
OLD_TEXT = "import os\n\n\nclass A:\n    def one(self):\n        return gone_name\n\n\ndef two():\n    return 2\n"
NEW_TEXT = (
    "import os\nfrom pkg.core import fresh\n\n\nclass A:\n    def one(self):\n        return fresh\n\n\ndef two():\n"
    "    return 2\n\n\n@fresh\ndef three():\n    return fresh\n"
)


def is_test(path):
    return path.startswith("tests/")


def change(path, hunks, ids=("old", "new"), modes=("100644", "100644"), old_path=None):
    return FileChange(path, old_path or path, *modes, *ids, tuple(hunks))


def read(path, *hunks, old=OLD_TEXT, new=NEW_TEXT):
    return units([change(path, hunks)], {"old": old, "new": new}, is_test)


def test_a_hunk_knows_the_definition_that_it_is_in_or_makes():
    inner = Hunk("text", 6, 7, ("        return gone_name\n",), ("        return fresh\n",))
    whole = Hunk("text", 10, 12, (), ("\n", "\n", "@fresh\n", "def three():\n", "    return fresh\n"))
    dropped = Hunk("text", 10, 11, ("    return 2\n",), ())
    imported = Hunk("text", 1, 2, (), ("from pkg.core import fresh\n",))
    scopes = [unit.scope for unit in read("a.py", inner, whole, dropped, imported)]
    assert scopes == [("A", "one"), ("three",), ("two",), ()]


def test_names_that_come_and_go_with_the_change_are_told_from_those_that_stay():
    hunk = Hunk("text", 6, 7, ("        return gone_name, os\n",), ("        return fresh, os\n",))
    (unit,) = read("a.py", hunk)
    assert (unit.added, unit.removed, unit.names) == ({"fresh"}, {"gone_name"}, {"fresh", "gone_name"})
    assert (unit.born, unit.dead) == ({"fresh"}, {"gone_name"})


def test_a_name_that_another_file_had_is_not_new():
    hunk = Hunk("text", 1, 1, (), ("fresh = 1\n",))
    changes = [change("a.py", [hunk]), change("b.py", [], ids=("other", "other"))]
    first = units(changes, {"old": "", "new": "fresh = 1\n", "other": "fresh()\n"}, is_test)[0]
    assert (first.born, first.defines) == (frozenset(), {"fresh"})


def test_definitions_are_those_that_only_one_side_has():
    hunk = Hunk("text", 1, 1, ("def two(): ...\n",), ("def two(a): ...\n", "class Three: ...\n", "limit: int = 3\n"))
    assert read("a.py", hunk)[0].defines == {"Three", "limit"}


def test_a_constant_of_a_class_is_a_definition_and_a_local_name_is_none():
    hunk = Hunk("text", 1, 1, (), ("class Shade:\n", "    DARK_RED = 1\n", "    local = 2\n", "if one == two:\n"))
    assert read("a.py", hunk)[0].defines == {"Shade", "DARK_RED"}


def test_imports_are_read_off_the_syntax_tree_and_a_text_that_is_none_has_no_scopes():
    hunk = Hunk("text", 1, 1, (), ("x = 1\n",))
    assert read("a.py", hunk)[0].imports == {"os", "pkg.core", "pkg.core.fresh"}
    for path, text in (("a.py", "def broken(:\n"), ("a.txt", NEW_TEXT), ("a.py", "\0")):
        (unit,) = read(path, hunk, new=text)
        assert (unit.imports, unit.scope) == (frozenset(), ())


def test_a_relative_import_and_a_definition_under_a_condition_are_seen():
    text = "from . import sister\nif True:\n    def inside():\n        return 1\n"
    (unit,) = read("pkg/a.py", Hunk("text", 4, 4, ("        return 0\n",), ("        return 1\n",)), new=text)
    assert (unit.imports, unit.scope) == ({"", "sister"}, ("inside",))


def test_what_has_no_lines_weighs_one_and_is_named_by_its_file():
    binary, link, empty = (("100644", "100644"), ("120000", "120000"), ("000000", "100644"))
    changes = [
        change("img/logo_big.png", [Hunk("whole")], modes=binary),
        change("link", [Hunk("whole")], modes=link),
        change("empty.py", [Hunk("whole")], (NONE, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"), empty),
        change("b.py", [Hunk("rename"), Hunk("mode")], old_path="a.py"),
    ]
    found = units(changes, {}, is_test)
    assert [(unit.file, unit.index) for unit in found] == [(0, 0), (1, 0), (2, 0), (3, 0), (3, 1)]
    assert [unit.weight for unit in found] == [1] * 5
    assert (found[3].added, found[3].removed) == (frozenset(), frozenset())
    sizes = [sized(changes[unit.file], unit.hunk) for unit in found]
    assert [size.binary for size in sizes] == [True, False, False, False, False]
    assert sizes[3] == ("b.py", "R", 0, 0, False)
    assert found[0].names == {"logo_big", "png"}


def test_a_text_that_is_too_large_to_be_cut_counts_its_lines():
    file = change("big.csv", [Hunk("whole", uncut=(90_000, 3))])
    assert sized(file, file.hunks[0]) == ("big.csv", "M", 90_000, 3, False)


def test_the_size_of_a_hunk_is_its_lines_and_hunks_of_one_file_add_up():
    hunk = Hunk("text", 1, 1, ("a\n", "b\n"), ("c\n",))
    (unit,) = read("a.py", hunk)
    file = change("a.py", [hunk, Hunk("rename"), Hunk("whole")], old_path="b.py")
    lines, moved, binary = (sized(file, hunk) for hunk in file.hunks)
    assert (lines, unit.weight) == (("a.py", "M", 1, 2, False), 3)
    assert lines.plus(lines) == ("a.py", "M", 2, 4, False)
    assert moved.plus(moved).status == "R"
    assert moved.plus(binary) == ("a.py", "M", 0, 0, True)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("uv.lock", "lock"),
        ("any.lock", "lock"),
        ("pyproject.toml", "manifest"),
        ("dev-requirements.txt", "manifest"),
        ("CHANGELOG.md", "changes"),
        ("newsfragments/12.bugfix", "changes"),
        ("src/changes.py", "code"),
        ("tests/a.py", "test"),
        ("README.md", "prose"),
        ("docs/conf.cfg", "prose"),
        ("a/b.go", "code"),
        ("data.json", "other"),
    ],
)
def test_the_kind_of_a_file_follows_from_its_name(path, kind):
    assert kind_of(path, is_test) == kind


def test_a_file_s_own_name_comes_with_its_first_hunk_and_goes_with_its_deletion():
    first, second = Hunk("text", 0, 1, (), ("one = 1\n",)), Hunk("text", 0, 2, (), ("two = 2\n",))
    new = change("pkg/fresh.py", [first, second], (NONE, "new"), ("000000", "100644"))
    found = units([new], {"new": "one = 1\ntwo = 2\n"}, is_test)
    assert [unit.defines for unit in found] == [{"one", "fresh"}, {"two"}]
    assert "fresh" in found[0].born
    gone = change("pkg/stale.py", [Hunk("text", 1, 0, ("one = 1\n",), ())], ("old", NONE), ("100644", "000000"))
    (unit,) = units([gone], {"old": "one = 1\n"}, is_test)
    assert (unit.removed, unit.dead) == ({"one", "stale"}, {"one", "stale"})


def test_a_rename_brings_the_new_names_of_its_path_and_takes_the_old_ones():
    moved = change("pkg/settings.py", [Hunk("rename")], old_path="pkg/loader.py")
    (unit,) = units([moved], {}, is_test)
    assert (unit.added, unit.removed, unit.defines) == ({"settings"}, {"loader"}, {"settings", "loader"})
    assert (unit.born, unit.dead) == ({"pkg", "settings"}, {"pkg", "loader"})


def test_a_package_s_own_file_and_prose_bring_no_name():
    for path in ("pkg/__init__.py", "notes.md"):
        new = change(path, [Hunk("text", 0, 1, (), ("one = 1\n",))], (NONE, "new"), ("000000", "100644"))
        assert "notes" not in units([new], {"new": "one = 1\n"}, is_test)[0].names
        assert units([new], {"new": "one = 1\n"}, is_test)[0].defines == {"one"}
