from devtools.budget import estimate_tokens, fold
from devtools.checks.report import blocks, passed, problems, verdict
from devtools.findings import CheckResult, Finding, Problem

COUNTS = {"passed": 26921, "failed": 0, "errors": 0, "skipped": 3, "selected": 26924, "total": 26924}


def test_green_is_one_line_of_at_most_forty_tokens():
    results = [CheckResult(name, True, "clean") for name in ("lint", "format", "types")]
    results.append(CheckResult("tests", True, "26921 passed", counts=COUNTS))
    results.append(CheckResult("debt", True, "2 debt markers", counts={"markers": 2}))
    line = verdict(results, "main, 1 staged", stored=True).full
    assert line == "green (unchanged): lint, format, types, 26921 tests (3 skipped); main, 1 staged; 2 debt markers"
    assert estimate_tokens(line) <= 40


def test_a_part_of_the_tests_says_of_how_many():
    counts = {**COUNTS, "passed": 12, "skipped": 0, "selected": 12}
    results = [CheckResult("tests", True, "12 passed of 26924", counts=counts)]
    assert verdict(results, "main", stored=False).full == "green: 12 of 26924 tests; main"


def test_one_test_is_no_plural_and_a_red_tree_is_not_told_of_its_debt():
    debt = CheckResult("debt", True, "2 debt markers", counts={"markers": 2})
    one = CheckResult("tests", True, "", counts={**COUNTS, "passed": 1, "skipped": 0, "selected": 1, "total": 1})
    assert verdict([one, debt], "main", stored=False).full == "green: 1 test; main; 2 debt markers"
    assert verdict([CheckResult("lint", False, "bad"), debt], "main", stored=False).full == "red: lint (bad); main"


def test_green_tells_of_warnings_beside_what_was_skipped():
    tests = CheckResult("tests", True, "", counts=COUNTS, notes=("2 warnings",))
    assert verdict([tests], "main", stored=False).full == "green: 26921 tests (3 skipped, 2 warnings); main"


def test_a_skipped_check_is_named_and_does_not_count_as_held():
    results = [CheckResult("lint", True, "clean"), CheckResult("types", True, "", skipped="not configured")]
    assert verdict(results, "main", stored=False, extra=["a note"]).full == "green: lint; skipped types; main; a note"


def test_red_names_each_check_that_failed_with_its_summary():
    results = [CheckResult("lint", False, "2 findings"), CheckResult("tests", True, "", counts=COUNTS)]
    assert verdict(results, "main", stored=False).full == "red: lint (2 findings); main"


def test_failing_tests_come_first_with_place_and_evidence():
    lint = Finding("a.py", 3, "unused", code="F401")
    failure = Finding("test_a.py", 9, "assert 1 == 2", code="failed", test="test_a.py::t", detail=(" +1",))
    deep = Finding("a.py", 7, "KeyError", code="failed", test="test_a.py::u")
    results = [CheckResult("lint", False, "", (lint,)), CheckResult("tests", False, "", (failure, deep))]
    assert [block.full for block in blocks(results)] == [
        "test_a.py::t:9 assert 1 == 2\n   +1",
        "test_a.py::u at a.py:7 KeyError",
        "a.py:3 F401 unused",
    ]


def test_like_failures_share_a_head_and_lose_no_id():
    group = [Finding("test_a.py", n, "assert 0", code="failed", test=f"test_a.py::t{n}") for n in range(50)]
    group.append(Finding("b.py", 1, "assert 0", code="failed", test="test_a.py::far"))
    [block] = blocks([CheckResult("tests", False, "", tuple(group))])
    assert block.full.startswith("assert 0 (51 times)\n  test_a.py t0 t1:1 t2:2 ")
    assert block.full.endswith(" t49:49 far:b.py:1")


def test_like_findings_of_lint_share_a_line_for_each_file():
    group = tuple(Finding(path, n, "bad", code="E1") for path in ("a.py", "b.py") for n in (1, 2))
    [block] = blocks([CheckResult("lint", False, "", group)])
    assert block.full == "E1 bad (4 times)\n  a.py 1 2\n  b.py 1 2"


def test_a_fault_stands_whatever_the_budget():
    shown = blocks([CheckResult("types", False, "", fault="mypy failed: x")])
    assert fold(shown, 0, "more") == ["mypy failed: x"]


def test_each_finding_is_a_problem_with_the_check_s_name_as_code():
    failure = Finding("a.py", 9, "bad\nworse", code="failed", test="a.py::t")
    results = [
        CheckResult("tests", False, "", (failure,)),
        CheckResult("types", False, "", fault="broken"),
        CheckResult("lint", True, ""),
    ]
    assert problems(results) == [Problem("tests", "a.py::t: bad", "a.py", 9), Problem("types", "broken")]


def test_a_finding_of_the_whole_project_says_so():
    [block] = blocks([CheckResult("tests", False, "", (Finding("", 0, "crashed", code="crash"),))])
    assert block.full == "project crash crashed"


def _lint():
    return CheckResult("lint", False, "", tuple(Finding("a.py", n, "word " * n, code="E1") for n in range(1, 99)))


def test_fifty_unlike_failures_fit_the_budget_with_every_id_and_line():
    tests = [
        Finding("tests/test_it.py", n, f"assert {n} == {n + 1}", code="failed", test=f"tests/test_it.py::test_case_{n}")
        for n in range(1, 51)
    ]
    lines = "\n".join(fold(blocks([_lint(), CheckResult("tests", False, "", tuple(tests))]), 800, "devtools show 1"))
    assert "40 more of tests, by place:" in lines
    assert all(f"test_case_{n}:{n}" in lines for n in range(1, 51))


def _found(name, *codes, path="a.py"):
    found = tuple(Finding(path, n, f"word {n}", code=code) for n, code in enumerate(codes, 1))
    return CheckResult(name, False, "", found)


def test_many_findings_beside_other_red_fold_into_one_line_of_codes_with_a_first_place_each():
    lint = _found("lint", "E501", "F401", "F401", "E741", "E722", "W605", "B904")
    types = _found("types", "arg-type")
    assert fold(blocks([lint, types]), 800, "devtools show 1") == [
        "lint: F401 2 (a.py:2), E501 (:1), E741 (:4), E722 (:5), 2 other codes 2",
        "a.py:1 arg-type word 1",
        "… details: devtools show 1",
    ]


def test_a_place_in_another_file_names_it():
    found = (*_found("types", "a", "a", "b").findings, *_found("types", "c", path="b.py").findings)
    [block, _] = blocks([CheckResult("types", False, "", found), _found("lint", "E1")])
    assert block.full == "types: a 2 (a.py:1), b (:3), c (b.py:1)"


def test_a_second_place_in_a_file_without_a_line_names_the_file():
    found = tuple(Finding("a.py", line, "word", code=code) for line, code in ((1, "a"), (0, "b"), (2, "a"), (3, "a")))
    [block, _] = blocks([CheckResult("types", False, "", found), _found("lint", "E1")])
    assert block.full == "types: a 3 (a.py:1), b (a.py)"


def test_many_files_to_format_beside_other_red_are_counted_after_the_first():
    names = tuple(Finding(f"{n}.py", 0, "is not formatted", code="format") for n in range(1, 10))
    [block, _] = blocks([CheckResult("format", False, "", names), _found("lint", "E1")])
    assert block.full == "format: 1.py, 2.py, 3.py and 6 more"


def test_a_check_that_alone_is_red_shows_every_place():
    lines = fold(blocks([_found("lint", *["E1"] * 40), CheckResult("types", True, "")]), 800, "devtools show 1")
    assert all(any(f"a.py:{n} E1" in line or f" {n}" in line for line in lines) for n in range(1, 41))


def test_like_failures_at_one_place_name_it_once():
    tests = [
        Finding("tests/conftest.py", 7, "boom", test=f"tests/test_{name}.py::t{n}") for n, name in enumerate("aab")
    ]
    [block] = blocks([CheckResult("tests", False, "", tuple(tests))])
    assert block.full == "boom at tests/conftest.py:7 (3 times)\n  tests/test_a.py t0 t1\n  tests/test_b.py t2"


def test_failures_too_many_for_their_places_are_counted_by_file():
    tests = [Finding("a.py", 1, "boom", test=f"tests/test_{n % 6}.py::test_number_{n}") for n in range(599)]
    lines = fold(blocks([CheckResult("tests", False, "", tuple(tests))]), 200, "devtools show 2")
    files = "tests/test_0.py 100, tests/test_1.py 100, tests/test_2.py 100, tests/test_3.py 100 and 2 more files"
    assert lines == [f"boom at a.py:1 (599 times): {files}", "… details: devtools show 2"]


def test_unlike_failures_too_many_for_their_places_are_counted_by_file():
    tests = [Finding("t.py", n, f"assert {n}", test=f"t.py::test_number_{n}") for n in range(599)]
    lines = fold(blocks([CheckResult("tests", False, "", tuple(tests))]), 400, "devtools show 2")
    assert (lines[0], lines[-2]) == ("t.py::test_number_0 assert 0", "589 more of tests: t.py 589")


def test_the_ids_of_all_failures_outlive_the_messages_of_the_first():
    tests = [
        Finding("test_more.py", n, f"AssertionError: Lists differ: [] != [{n}]", test=f"test_more.py::test_{n}")
        for n in range(1, 37)
    ]
    results = [_found("lint", *["E1"] * 9), CheckResult("tests", False, "", tuple(tests))]
    text = "\n".join(fold(blocks(results), 330, "devtools show 2"))
    assert all(f"test_{n}:{n}" in text for n in range(1, 37))
    assert "lint: E1 9 (a.py:1)" in text


def test_failures_of_subtests_of_one_test_stand_together():
    tests = [Finding("t.py", n, f"bad {n}", test="t.py::test_many", detail=("more",)) for n in (7, 8, 9)]
    [block] = blocks([CheckResult("tests", False, "", tuple(tests))])
    assert block.full == "t.py::test_many:7 bad 7 (and 2 more of its subtests)\n  more"
    assert (block.least, block.number) == ("t.py::test_many:7 (3 subtests)", 3)


def test_failures_and_findings_of_one_file_name_it_once():
    tests = [Finding("t.py", n, f"bad {n}", test=f"t.py::test_{n}") for n in (7, 8)]
    tests += [Finding("t.py", n, f"sub {n}", test="t.py::test_9") for n in (9, 10)]
    results = [CheckResult("tests", False, "", tuple(tests)), _found("lint", "E1", "E2", path="a.py")]
    assert fold(blocks(results), 800, "devtools show 2") == [
        "t.py::test_7:7 bad 7",
        "::test_8:8 bad 8",
        "::test_9:9 sub 9 (and 1 more of its subtests)",
        "a.py:1 E1 word 1",
        ":2 E2 word 2",
    ]


def test_tests_of_which_none_ran_are_known_to_pass_and_not_none_of_them():
    assert passed({"passed": 0, "selected": 0, "total": 4}) == "4 tests known to pass"
    assert passed({"passed": 1, "selected": 1, "total": 4}) == "1 of 4 tests"


NONE = dict.fromkeys(COUNTS, 0)


def test_green_tells_of_no_tests_instead_of_a_number():
    results = [CheckResult("lint", True, "clean"), CheckResult("tests", True, "no tests", counts=NONE)]
    assert verdict(results, "main", stored=False).full == "green: lint; no tests; main"


def test_where_no_check_looked_at_code_green_says_what_was_looked_at():
    results = [CheckResult(name, True, "", skipped="no Python files") for name in ("lint", "format")]
    results += [CheckResult("tests", True, "no tests", counts=NONE), CheckResult("debt", True, "none", counts={})]
    words = "no Python files here: [tool.devtools.checks] takes command lines of your own"
    assert verdict(results, "main", stored=False).full == f"green: debt, git; {words}; main"
    build = CheckResult("build", True, "holds")
    assert verdict([*results, build], "main", stored=False).full == "green: build; no tests; main"
    assert verdict([], "main", stored=False).full == "green: git; main"
