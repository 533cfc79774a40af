from dataclasses import replace

from devtools.commit.limits import Size
from devtools.commit.verdict import Verdict, expecting_trailer, gits_reason, mended, one_line, refusal, success, warned
from devtools.findings import CheckResult, Finding, Problem

GREEN = CheckResult("tests", True, "2 passed", counts={"passed": 2, "failed": 0})
RED = CheckResult("lint", False, "1 findings", (Finding("a.py", 1, "unused", code="F401"),))
BROKEN = CheckResult("types", False, "no mypy", fault="mypy is configured: pip install mypy")
BAD = Problem("bad-message", "the message is empty")


def test_success_is_one_line_with_what_was_committed():
    verdict = Verdict("feat: x", Size(2, 10, 3), results=(GREEN,), proof="proved", notes=("a note",))
    line = success(verdict, "1234567890abc")
    assert line.full == "123456789 feat: x (2 files, +10 -3, proved, 2 tests); a note"
    assert line.pinned
    assert success(Verdict("fix: y", Size(1, 0, 0)), "").full == "would commit: fix: y (1 file, +0 -0)"


def test_success_says_of_how_many_tests_those_that_ran_are_a_part():
    part = CheckResult("tests", True, "1 passed of 9", counts={"passed": 1, "failed": 0, "selected": 1, "total": 9})
    whole = CheckResult("tests", True, "1 passed", counts={"passed": 1, "failed": 0, "selected": 1, "total": 1})
    said = [success(Verdict("fix: y", Size(1, 0, 0), results=(tests,)), "").full for tests in (part, whole)]
    assert said == [f"would commit: fix: y (1 file, +0 -0, {tests})" for tests in ("1 of 9 tests", "1 test")]


def test_success_says_which_checks_were_skipped():
    skipped = CheckResult("tests", True, "no pytest", skipped="pytest is not installed")
    assert "no tests: pytest is not installed" in success(Verdict("x", results=(skipped,)), "").full


def test_weak_tests_and_mutants_without_time_are_told_beside_a_success():
    weak = Problem("weak-test", "`a > 1` can become `a >= 1` and no test that runs it fails", "a.py", 3)
    blocks = warned([weak] * 4, 1)
    assert (blocks[0].full, [block.pinned for block in blocks]) == (one_line(weak), [True] * 3 + [False] * 2)
    assert blocks[-1].full == "1 mutant of changed lines was not tried in the time"
    assert warned([], 2)[0].full == "2 mutants of changed lines were not tried in the time"
    assert warned([], 0) == []
    entry = Verdict("x", warnings=(weak,), untried=2).to_json()
    assert (entry["warnings"], entry["untried"]) == ([weak.to_json()], 2)


def test_whose_expectation_a_commit_changes_is_told_in_its_line_its_data_and_its_trailer():
    verdict = Verdict("x", expectations=("a.py::test_a", "a.py::test_b"))
    assert success(verdict, "").full.endswith("; changes the expectation of 2 tests")
    assert verdict.to_json()["expectations"] == ["a.py::test_a", "a.py::test_b"]
    assert expecting_trailer(verdict.expectations) == [("Changes-Expectation", "2 tests")]
    assert (expecting_trailer(()), "expectation" in success(Verdict("x"), "").full) == ([], False)


def test_a_refusal_names_every_kind_then_every_problem_then_the_evidence():
    verdict = Verdict("x", problems=(BAD, Problem("conflict-markers", "resolve\nit", "a.py", 3)), results=(RED, GREEN))
    texts = [block.full for block in refusal(verdict)]
    assert texts[0] == "refused: bad-message, conflict-markers, lint (1 findings); nothing changed"
    assert texts[1:3] == ["bad-message: the message is empty", "conflict-markers: a.py:3 resolve\\nit"]
    assert "a.py:1 F401 unused" in texts[3]
    assert one_line(verdict.all_problems()[2]) == "lint: a.py:1 unused"


def test_where_no_line_is_known_a_problem_names_the_file_alone():
    assert one_line(Problem("tests-tampered", "is gone", "a.py")) == "tests-tampered: a.py is gone"
    assert one_line(Problem("bad-message", "it is empty", line=3)) == "bad-message: it is empty"


def test_of_many_problems_the_first_are_pinned():
    blocks = refusal(Verdict("x", problems=(BAD,) * 21))
    assert [block.pinned for block in blocks] == [True] * 21 + [False]


def test_only_a_tool_that_does_not_work_is_a_fault():
    assert Verdict("x", results=(BROKEN,)).faulty() is True
    assert Verdict("x", results=(BROKEN, RED)).faulty() is False
    assert Verdict("x", problems=(BAD,), results=(BROKEN,)).faulty() is False
    assert Verdict("x", results=(GREEN,)).faulty() is False
    assert Verdict("x", problems=(Problem("tool", "no pytest"),), results=(GREEN,)).faulty() is True
    assert Verdict("x", problems=(Problem("tool", "no pytest"), BAD)).faulty() is False


def test_json_holds_the_size_the_checks_and_the_proof():
    entry = Verdict("feat: x", Size(1, 2, 3), results=(GREEN,)).to_json()
    assert (entry["files"], entry["added"], entry["deleted"], entry["proof"]) == (1, 2, 3, None)
    assert [check["name"] for check in entry["checks"]] == ["tests"]


def test_what_a_hook_changed_is_named_with_the_next_step():
    assert mended([]) == ""
    assert mended(["a b", "c"]) == "the hook changed 'a b' c: git add 'a b' c, then commit again"
    assert mended([*"abcdefg"]) == "the hook changed a b c d e and 2 paths more: git add -A, then commit again"


def test_of_what_git_says_the_lock_in_its_way_comes_first():
    lock = "/r/.git/refs/heads/main.lock"
    said = ("a hook's word", f"fatal: Unable to create '{lock}': File exists.", "", "remove it.")
    words = f"{lock} is in the way: another git is at work, or a crash has left the file; then remove it"
    assert gits_reason(said) == words
    assert gits_reason(("one", "Found 3 errors.")) == "Found 3 errors."
    assert gits_reason(("gpg: no", "fatal: failed to write commit object")).startswith("gpg: no: see git config")


def test_who_asked_for_fixes_hears_which_files_have_them():
    verdict = Verdict("fix: x", Size(1, 1, 1), fixed=("a.py", "b\n.py"), left=("a.py",))
    line = "fix: x (1 file, +1 -1); {} a.py, b\\n.py; your working tree keeps its own a.py"
    assert success(verdict, "1234567890").full == "123456789 " + line.format("fixed")
    assert success(verdict, "").full == "would commit: " + line.format("would fix")
    assert {key: verdict.to_json()[key] for key in ("fixed", "left")} == {"fixed": ["a.py", "b\n.py"], "left": ["a.py"]}
    many = replace(verdict, fixed=tuple("abcdefg"), left=())
    assert success(many, "").full.endswith("; would fix a, b, c, d, e and 2 paths more")
    assert not {"fixed", "left", "unfixed"} & Verdict("x").to_json().keys()


def test_a_refusal_says_that_what_it_judged_was_fixed_or_why_it_was_not():
    said = [block.full for block in refusal(Verdict("x", problems=(BAD,), fixed=("a.py",)))]
    assert said[-1] == "judged with the fixes to a.py, which are not written"
    unfixed = Verdict("x", problems=(BAD,), fixed=(), unfixed="--fix changed nothing: why")
    assert [block.full for block in refusal(unfixed)][-1] == "--fix changed nothing: why"
    assert (unfixed.to_json()["unfixed"], unfixed.to_json()["fixed"]) == ("--fix changed nothing: why", [])
    assert success(unfixed, "").full.endswith("; --fix changed nothing: why")
