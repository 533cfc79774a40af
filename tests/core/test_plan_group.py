from devtools.core.config import Config
from devtools.core.plan_diff import FileChange, Hunk
from devtools.core.plan_group import group
from devtools.core.plan_units import Unit


def changes(*paths):
    return [FileChange(path, path, "100644", "100644", "old", "new", ()) for path in paths]


def unit(number, path, names, lines=3, kind="code", **facts):
    hunk = Hunk("text", number * 10 + 1, number * 10 + 1, (), ("x\n",) * lines)
    return Unit(facts.pop("file", number), 0, path, kind, hunk, added=frozenset(names), **facts)


def found(units, config=None, moved=None):
    return group(units, moved or changes(*(unit.path for unit in units)), config)


def test_a_test_goes_with_its_code_and_another_idea_stays_apart():
    units = [
        unit(0, "src/cache.py", {"evict_oldest", "capacity"}),
        unit(1, "src/colour.py", {"hue_of", "saturation"}),
        unit(2, "tests/test_cache.py", {"evict_oldest", "capacity"}, kind="test", imports=frozenset({"cache"})),
        unit(3, "tests/test_colour.py", {"hue_of", "saturation"}, kind="test", imports=frozenset({"colour"})),
    ]
    assert found(units) == [[0, 2], [1, 3]]
    assert found(units, Config()) == [[0, 2], [1, 3]]


def test_no_group_has_more_files_or_lines_than_the_limits_allow():
    units = [unit(at, f"a{at}.py", {"one_name", "same_name"}) for at in range(5)]
    assert sorted(len(members) for members in found(units, Config())) == [2, 3]
    assert [len(members) for members in found(units, Config(max_files=9, max_lines=7))] == [2, 2, 1]
    assert [len(members) for members in found(units, Config(max_files=9, max_lines=6))] == [1] * 5


def test_what_does_not_count_takes_no_room():
    units = [unit(at, f"a{at}.py", {"one_name"}) for at in range(3)]
    units.append(unit(3, "uv.lock", {"one_name"}, lines=900, kind="lock"))
    assert found(units, Config(max_lines=10)) == [[0, 1, 2, 3]]


def test_one_file_alone_may_be_over_the_limit():
    assert found([unit(0, "a.py", {"name"}, lines=900)], Config()) == [[0]]


def test_a_file_and_a_folder_of_its_name_are_never_parted():
    moved = [
        FileChange("a", "a", "100644", "000000", "old", "0", ()),
        FileChange("a/b/c.py", "a/b/c.py", "000000", "100644", "0", "new", ()),
        FileChange("z.py", "z.py", "100644", "100644", "old", "new", ()),
    ]
    units = [unit(0, "a", set()), unit(1, "a/b/c.py", {"alien_one"}), unit(2, "z.py", {"other_two"})]
    assert found(units, Config(max_files=1), moved) == [[0, 1], [2]]
    back = [FileChange("a", "a/b", "100644", "100644", "old", "new", ()), *moved[2:]]
    assert found([units[0], unit(1, "z.py", {"other_two"})], None, back) == [[0], [1]]


def test_no_hunk_is_no_group():
    assert group([], [], Config()) == []


def test_a_big_change_is_grouped_by_definitions_and_files_first():
    units = []
    for at in range(640):
        names = {f"name_of_{at // 160}", f"word{at // 160}"}
        units.append(unit(at, f"f{at // 160}.py", names, scope=(f"d{at // 2}",), file=at // 160))
    groups = found(units, None, changes("f0.py", "f1.py", "f2.py", "f3.py"))
    assert sorted(at for members in groups for at in members) == list(range(640))
    assert all(len({at // 160 for at in members}) == 1 for members in groups)
    assert len(groups) == 4
