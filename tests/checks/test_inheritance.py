import pytest

from devtools.checks.inheritance import spared, told
from devtools.findings import CheckResult, Finding


def red(*findings, name="lint", **more):
    return CheckResult(name, False, "red", findings, **more)


def unused(path="a.py", line=1, message="x is unused"):
    return Finding(path, line, message, code="F401")


def test_as_many_findings_as_were_there_before_are_old_wherever_their_lines_are():
    left = spared(red(unused(line=9), unused(line=10)), red(unused(line=1), unused("b.py")))
    assert (left.ok, [finding.line for finding in left.findings], left.summary) == (False, [10], "1 new finding")
    assert told([left]) == ("1 old lint finding is not counted",)
    left = spared(red(unused(), unused("b.py")), red(unused("b.py"), unused(line=3)))
    assert (left.ok, left.findings, left.summary) == (True, (), "nothing new")
    assert told([left]) == ("2 old lint findings are not counted",)


@pytest.mark.parametrize("other", [unused("c.py"), unused(message="y is unused"), Finding("a.py", 1, "x is unused")])
def test_another_path_message_or_code_is_new(other):
    assert spared(red(unused()), red(other)) == red(unused())


def test_a_renamed_file_takes_its_old_findings_along_and_lines_in_words_do_not_count():
    old, new = unused("a.py", 1, "defined on line 3"), unused("z.py", 5, "defined on line 7")
    assert spared(red(new), red(old), {"a.py": "z.py"}).ok
    assert not spared(red(new), red(old)).ok


def test_a_test_is_known_by_its_id_and_a_finding_without_a_place_by_all_its_words():
    fails = [Finding("a.py", 1, words, test="t.py::test_a") for words in ("one", "two")]
    assert told([spared(red(fails[0], name="tests"), red(fails[1], name="tests"))]) == (
        "1 old test failure is not counted",
    )
    tails = [Finding("", 0, "make ended with code 1", detail=(words,)) for words in ("one", "two")]
    assert not spared(red(tails[0]), red(tails[1])).ok
    assert spared(red(tails[0]), red(tails[0])).ok


def test_a_broken_check_excuses_nothing_and_a_green_stays_green():
    for pair in (
        (red(fault="broken"), red(unused())),
        (red(unused()), red(unused(), fault="broken")),
        (red(unused()), red(unused(), skipped="not there")),
        (CheckResult("lint", True, "clean"), red(unused())),
    ):
        assert spared(*pair) == pair[0]
