from devtools.plan.hunks import Hunk
from devtools.plan.ordering import order
from devtools.plan.traits import Unit


def unit(path, kind="code", file=0, **facts):
    return Unit(file, 0, path, kind, Hunk("text"), **{name: frozenset(value) for name, value in facts.items()})


def ordered(*units, groups=None, created=False):
    return order(groups or [[at] for at in range(len(units))], units, [created] * len(units))


def test_a_definition_comes_before_its_use():
    use = unit("a.py", added={"fresh"})
    definition = unit("b.py", added={"fresh"}, defines={"fresh"}, born={"fresh"})
    assert ordered(use, definition) == [[1], [0]]
    assert ordered(definition, use) == [[0], [1]]


def test_the_last_use_goes_before_the_definition_does():
    definition = unit("a.py", removed={"stale"}, defines={"stale"}, dead={"stale"})
    assert ordered(definition, unit("b.py", removed={"stale"})) == [[1], [0]]


def test_a_new_module_comes_before_what_imports_it():
    assert ordered(unit("b.py", added={"limits"}), unit("limits.py", file=1), created=True) == [[1], [0]]


def test_a_name_that_was_known_before_binds_nothing():
    assert ordered(unit("a.py", added={"old"}), unit("b.py", added={"old"}, defines={"old"})) == [[0], [1]]


def test_where_nothing_decides_manifests_come_first_and_prose_last():
    units = [
        unit("NEWS.md", "changes"),
        unit("a.md", "prose"),
        unit("t.py", "test"),
        unit("a.py"),
        unit("uv.lock", "lock"),
    ]
    assert ordered(*units) == [[4], [3], [2], [1], [0]]


def test_prose_that_mentions_a_name_needs_nothing_but_what_is_deeper_goes_first():
    first = unit("a.py", defines={"one"}, born={"one"}, added={"one", "two"})
    second = unit("b.py", defines={"two"}, born={"two"}, added={"two", "three"})
    third = unit("c.py", defines={"three"}, born={"three"}, added={"three"})
    assert ordered(first, second, third, groups=[[0], [1], [2]]) == [[2], [1], [0]]
    assert ordered(unit("a.md", "prose", added={"three"}), third) == [[1], [0]]


def test_groups_that_need_one_another_are_all_kept_and_the_one_that_lacks_least_goes_first():
    one = unit("a.py", defines={"one"}, born={"one"}, added={"one", "two", "six"})
    two = unit("b.py", defines={"two", "six"}, born={"two", "six"}, added={"one", "two", "six"})
    assert ordered(one, two) == [[1], [0]]
    assert ordered(one, two, groups=[[1, 0]]) == [[0, 1]]


def test_nothing_needs_no_order():
    assert order([], [], []) == []


def test_of_two_groups_that_need_one_another_one_gives_up_what_only_uses():
    rename = unit("settings.py", added={"settings"}, defines={"settings"}, born={"settings"})
    export = unit("__init__.py", added={"settings", "merge"})
    merge = unit("settings.py", added={"merge"}, defines={"merge"}, born={"merge"})
    test = unit("t.py", "test", added={"settings", "merge"})
    assert ordered(rename, export, merge, test, groups=[[0, 1], [2, 3]]) == [[0], [2, 3], [1]]
    assert ordered(merge, test, rename, export, groups=[[0, 1], [2, 3]]) == [[2], [0, 1], [3]]


def test_what_brings_a_name_of_its_own_is_not_given_up():
    one = unit("a.py", added={"one", "two"}, defines={"one"}, born={"one"})
    more = unit("a.py", added={"more"})
    two = unit("b.py", added={"one", "two", "last"}, defines={"two"}, born={"two"})
    assert ordered(one, more, two, groups=[[0, 1], [2]]) == [[0, 1], [2]]


def test_a_new_file_begins_with_its_first_hunk():
    rest = Unit(0, 1, "a.py", "code", Hunk("text"))
    first = Unit(0, 0, "a.py", "code", Hunk("text"))
    assert order([[0], [1]], [rest, first], [True]) == [[1], [0]]
    assert order([[0], [1]], [rest, first], [False]) == [[0], [1]]
