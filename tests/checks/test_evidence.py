from devtools.checks.evidence import telling


def test_what_pytest_says_of_itself_is_no_evidence():
    assert telling("AssertionError: x", ["", "a", "  ", "Use -v to get more diff"]) == ["a"]


def test_a_comparison_that_shows_both_sides_whole_needs_no_account_of_the_difference():
    lines = ["At index 1 diff: 2 != 3", "Left contains one more item: 4", "Use -v to get more diff"]
    assert telling("assert [1, 2, 4] == [1, 3]", lines) == []
    assert telling("assert [1] == [1, 2, 3]", ["Right contains 2 more items, first extra item: 2"]) == []


def test_a_comparison_that_was_cut_short_keeps_the_account():
    lines = ["At index 1 diff: 2 != 3", "Right contains 20 more items, first extra item: 9"]
    assert telling("assert [1, 2, 4, ...] == [1, 3, ...]", lines) == lines
    assert telling("AssertionError: at odds", lines) == lines


def test_where_a_value_came_from_stays():
    assert telling("assert 3 == 4", [" +  where 3 = f(1)"]) == [" +  where 3 = f(1)"]


def test_the_whole_difference_that_pytest_prints_on_a_ci_machine_is_left_out():
    """Pytest reads CI and BUILD_NUMBER and then cuts no comparison short; what follows it stays."""
    lines = ["At index 1 diff: 2 != 3", "Full diff: (-: missing in left side)", "  [", "-     3,", "+     2,", "  ]"]
    assert telling("assert [1, 2] == [1, 3]", [*lines, " +  where [1, 2] = f()"]) == [" +  where [1, 2] = f()"]
    assert telling("assert [1, ...] == [2, ...]", lines) == lines
