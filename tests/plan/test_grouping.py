from devtools.plan.grouping import group
from devtools.plan.hunks import FileChange, Hunk
from devtools.plan.traits import Unit
from devtools.project.config import Config


def changes(*paths):
    return [FileChange(path, path, "100644", "100644", "old", "new", ()) for path in paths]


def unit(number, path, names, lines=3, kind="code", **facts):
    hunk = Hunk("text", number * 10 + 1, number * 10 + 1, (), ("x\n",) * lines)
    return Unit(facts.pop("file", number), number, path, kind, hunk, added=frozenset(names), **facts)


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


def test_a_long_hunk_does_not_outvote_the_short_ones_of_its_group():
    units = [
        unit(0, "b.py", {"fetch_rate", "retry_count"}, lines=400),
        unit(1, "b.py", {"retry_count"}, lines=2),
        unit(2, "b.py", {"hue_of", "retry_count", "saturation"}, lines=2),
        unit(3, "b.py", {"saturation", "evict_oldest", "capacity"}, lines=400),
    ]
    assert found(units) == [[0, 1, 2], [3]]


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
        part = at // 160
        names = {f"name_of_{part}", f"only{part}", "everywhere"} if at % 2 else {f"name_of_{part}"}
        units.append(unit(at, f"f{part}.py", names, scope=(f"d{at // 2}",), file=part))
    groups = found(units, None, changes("f0.py", "f1.py", "f2.py", "f3.py"))
    assert groups == [list(range(start, start + 160)) for start in range(0, 640, 160)]


def test_a_big_group_of_one_definition_is_weighed_by_all_that_it_says():
    def paint(at, path, names, **facts):
        return unit(at, path, names, born=frozenset(names), defines=frozenset(names), **facts)

    units = [paint(at, "a.py", {f"first_{at}"}, scope=("paint",), file=0) for at in range(301)]
    units += [paint(301, "test_a.py", {f"first_{at}" for at in range(301)}, lines=1, file=1)]
    units += [paint(302, "c.py", {"far_off"}, file=2)]
    assert found(units, None, changes("a.py", "test_a.py", "c.py")) == [list(range(302)), [302]]
