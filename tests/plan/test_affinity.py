import pytest

from devtools.plan.affinity import WEIGHTS, Affinity, stem
from devtools.plan.hunks import Hunk
from devtools.plan.traits import Unit


def unit(path, kind="code", lines=1, hunk=None, **facts):
    facts = {name: frozenset(value) if isinstance(value, set) else value for name, value in facts.items()}
    return Unit(0, 0, path, kind, hunk or Hunk("text", 1, 1, (), ("x\n",) * lines), **facts)


def signs(one, two, *others):
    return dict(Affinity([one, two, *others]).signs(0, 1))


FAR = unit("z/else.py", added={"unlike"})


def test_hunks_of_one_definition_in_one_file_are_near():
    found = signs(unit("a.py", scope=("A", "run")), unit("a.py", scope=("A", "run")))
    assert found["same file"] == found["same definition"] == 1.0
    assert "same definition" not in signs(unit("a.py"), unit("a.py"))
    assert "same file" not in signs(unit("a.py"), unit("b.py"))


def test_hunks_side_by_side_are_nearer_than_hunks_far_apart_and_only_within_a_file():
    top, below = Hunk("text", 1, 1, (), ("x\n",)), Hunk("text", 1, 2, (), ("y\n",))
    bottom = Hunk("text", 90, 92, (), ("z\n",))
    near, far = (signs(unit("a.py", hunk=top), unit("a.py", hunk=hunk))["near"] for hunk in (below, bottom))
    assert 1.0 == near > far > 0.0
    assert "near" not in signs(unit("a.py", hunk=top), unit("b.py", hunk=below))


def test_hunks_of_a_new_file_belong_together():
    fresh = [Hunk("text", 0, at, (), ("x\n",)) for at in (1, 2)]
    assert signs(*(unit("a.py", hunk=hunk) for hunk in fresh))["new file"] == 1.0
    assert "new file" not in signs(unit("a.py", hunk=fresh[0]), unit("a.py"))


def test_an_import_goes_with_its_use_in_the_same_file_and_with_other_imports():
    line = Hunk("text", 3, 3, (), ("from rates import fetch_rate\n",))
    coming = unit("a.py", hunk=line, added={"rates", "fetch_rate"})
    use = unit("a.py", added={"fetch_rate"})
    assert signs(coming, use)["import and use"] == signs(use, coming)["import and use"] == 1.0
    assert "import and use" not in signs(coming, unit("a.py", added={"other"}))
    assert "import and use" not in signs(coming, coming)
    assert signs(coming, unit("b.py", hunk=line))["both imports"] == 1.0
    assert "both imports" not in signs(coming, use)


def test_the_same_edit_in_two_files_is_one_sweep():
    old, new = ('log("%s" % name)\n',), ('log(f"{name}")\n',)
    one, two = unit("a.py", hunk=Hunk("text", 1, 1, old, new)), unit("b.py", hunk=Hunk("text", 9, 9, old, new))
    other = unit("c.py", hunk=Hunk("text", 5, 5, ("x = 1\n",), ("x = 2\n",)))
    assert signs(one, two)["edit"] == pytest.approx(1.0)
    assert signs(one, two)["same edit"] == 1.0
    assert signs(one, other)["edit"] == signs(one, other)["same edit"] == 0.0
    assert "edit" not in signs(one, unit("d.py"))


def test_hunks_that_only_remove_and_hunks_that_quote_one_text_go_together():
    gone = Hunk("text", 4, 4, ('raise E("no such rate")\n',), ())
    found = signs(unit("a.py", hunk=gone), unit("b.py", hunk=gone))
    assert found["both only removed"] == 1.0
    assert found["strings"] > 0.5
    assert "both only removed" not in signs(unit("a.py", hunk=gone), unit("b.py"))
    assert signs(unit("a.py", hunk=gone), unit("b.py"))["strings"] == 0.0


def test_a_test_is_paired_with_its_module_by_name_and_by_import():
    found = signs(
        unit("src/pkg/cache.py"), unit("tests/test_cache.py", "test", imports={"pkg.cache.Cache", "pkg.cache"})
    )
    assert found["name pairing"] == found["imports"] == 1.0
    assert "imports" not in signs(unit("src/pkg/cache.py"), unit("tests/b.py", imports={"", "ache", "other.cache"}))


def test_a_package_is_imported_by_the_name_of_its_folder():
    assert "imports" in signs(unit("pkg/__init__.py"), unit("b.py", imports={"pkg"}))


def test_shared_names_count_more_the_fewer_hunks_hold_them():
    one, two = unit("a.py", added={"fetch_rate"}), unit("b.py", added={"fetch_rate", "other_name"})
    rare = signs(one, two, FAR, FAR)
    common = signs(one, two, FAR, *[unit("c.py", added={"fetch_rate"})] * 3)
    assert 0 < common["names"] < rare["names"] < 1
    assert 0 < common["words"] < rare["words"] < 1
    assert "names" not in signs(one, FAR)


def test_the_overlap_of_names_asks_only_for_those_of_the_hunk_with_fewer():
    one, two = unit("a.py", added={"fetch_rate"}), unit("b.py", added={"fetch_rate", "other_name", "more_names"})
    assert signs(one, two)["overlap"] == signs(two, one)["overlap"] == 1.0
    assert "overlap" not in signs(one, FAR)


def test_names_that_come_or_go_with_both_and_a_definition_with_its_use_are_signs():
    one = unit("a.py", added={"fresh"}, removed={"stale"}, born={"fresh"}, dead={"stale"}, defines={"fresh"})
    two = unit("b.py", added={"fresh"}, removed={"stale"}, born={"fresh"}, dead={"stale"})
    found = signs(one, two)
    assert found["born"] == found["gone"] == found["definition and use"] == pytest.approx(1 / 1.5)
    assert signs(two, one) == found


def test_a_hunk_that_speaks_of_the_definition_that_another_is_in_is_about_it():
    inside = unit("a.py", added={"value"}, scope=("parse_header",))
    assert signs(inside, unit("tests/t.py", "test", scope=("test_header_is_read",)))["about"] > 0.5
    assert signs(unit("docs/a.md", "prose", added={"parse_header"}), inside)["about"] > 0.5
    assert signs(inside, FAR)["about"] == 0


def test_prose_goes_with_prose_and_other_kinds_are_their_own_sign():
    assert "both prose" in signs(unit("a.md", "prose"), unit("NEWS.md", "changes"))
    assert "other kinds" in signs(unit("uv.lock", "lock"), unit("a.py"))
    assert {"both prose", "other kinds"}.isdisjoint(signs(unit("a.py"), unit("NEWS.md", "changes")))


def test_the_score_is_the_weighted_sum_and_both_ways_the_same():
    near = Affinity([unit("a.py", lines=3, added={"one"}), unit("a.py", lines=5, added={"one"}), FAR])
    assert near.score(0, 1) == near.score(1, 0) > 0 > near.score(0, 2)
    expected = near.base + sum(WEIGHTS[sign] * value for sign, value in near.signs(0, 2))
    assert near.score(0, 2) == expected


def test_a_stem_drops_what_marks_a_test():
    names = ("a/test_x.py", "x_test.py", "x_tests.py", "docs/X.rst", "_x.py")
    assert {stem(name) for name in names} == {"x"}


def test_what_all_hunks_of_a_small_change_share_still_counts():
    one, two = unit("a.py", added={"fetch_rate"}), unit("b.py", added={"fetch_rate"})
    assert signs(one, two)["names"] > 0.9
    other = unit("c.py", added={"fetch_rate", "cold_start"})
    assert signs(one, other, two)["names"] > 0.5


def test_a_test_that_speaks_of_a_new_definition_is_a_test_of_it():
    code = unit("a.py", added={"fetch_rate"}, defines={"fetch_rate"}, born={"fetch_rate"})
    test = unit("tests/t.py", "test", added={"fetch_rate"})
    assert signs(code, test)["test of it"] == signs(test, code)["test of it"] == 1.0
    old = unit("a.py", added={"fetch_rate"}, defines={"fetch_rate"})
    assert signs(old, test)["test of it"] == 0.0
    assert "test of it" not in signs(code, code)


def test_a_test_that_names_the_definition_in_which_code_changes_is_a_test_of_the_place():
    code = unit("rates.py", added={"spread"}, scope=("Rates", "fetch_rate"))
    test = unit("tests/t.py", "test", added={"fetch_rate"})
    assert signs(code, test)["test of the place"] == signs(test, code)["test of the place"] == 1.0
    assert signs(code, unit("tests/t.py", "test", added={"fetch"}))["test of the place"] == 0.0
    assert signs(unit("rates.py", added={"spread"}), test)["test of the place"] == 0.0
