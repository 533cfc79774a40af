import pytest

from devtools.findings import Problem
from devtools.proof.reasons import World
from devtools.proof.verdict import Proof, Red, id_of, key_of
from devtools.proof.witness import Evidence, judge

WORLD = World(lambda path: "test", lambda path: None, lambda module: module == "pkg")
A, B = ("test_a.py", "test_a"), ("test_a.py", "T.test_b")
ASSERTION = {
    "type": "builtins.AssertionError",
    "bases": ["AssertionError"],
    "text": "1 == 2\nmore",
    "frames": [["test_a.py", 1, ""]],
}
KEY = {**ASSERTION, "type": "builtins.KeyError", "bases": ["KeyError"]}
MISSING = {**ASSERTION, "type": "builtins.ImportError", "bases": ["ImportError"], "module": "pkg"}
for each in (ASSERTION, KEY, MISSING):
    each["within"] = []


def event(key, outcome="failed", raised=None, params=""):
    return {
        "id": id_of(*key) + params,
        "path": key[0],
        "name": key[1],
        "outcome": outcome,
        "raised": raised,
        "when": "call",
    }


def judged(*tests, candidates=(A,), asserts=lambda path, name: True, **evidence):
    found = judge(
        Evidence(tests, **{"uncollected": (), **evidence}), candidates, lambda *key: key in candidates, asserts, WORLD
    )
    return found.witnesses(), [problem.code for problem in found.problems()], found


@pytest.mark.parametrize(
    ("tests", "witnesses", "codes"),
    [
        ([event(A, raised=ASSERTION)], ["test_a.py::test_a"], []),
        ([event(A, "passed", params="[1]"), event(A, raised=ASSERTION, params="[2]")], ["test_a.py::test_a"], []),
        ([event(A, raised=KEY)], [], ["wrong-reason"]),
        ([event(A, raised=KEY), event(A, raised=ASSERTION)], ["test_a.py::test_a"], []),
        ([event(A, "passed")], [], ["test-passes"]),
        ([event(A, "skipped")], [], ["no-new-test"]),
        ([event(A, "xfailed")], [], ["no-new-test"]),
        ([], [], ["no-new-test"]),
        ([event(A, raised=ASSERTION), event(B, "failed")], ["test_a.py::test_a"], ["other-tests-fail"]),
        ([event(A, raised=ASSERTION), event(B, "passed")], ["test_a.py::test_a"], []),
    ],
)
def test_tests_are_sorted_by_what_they_showed(tests, witnesses, codes):
    assert judged(*tests)[:2] == (tuple(witnesses), codes)


def test_without_a_candidate_there_is_no_new_test():
    assert judged(candidates=())[1] == ["no-new-test"]


def test_a_missing_name_needs_an_assertion_in_the_test():
    tests = [event(A, raised=MISSING)]
    assert judged(*tests)[0] == ("test_a.py::test_a",)
    assert judged(*tests, asserts=lambda path, name: False)[:2] == ((), ["no-assertion"])


def test_a_file_that_cannot_be_collected_speaks_for_its_new_tests():
    broken = {"id": "test_a.py", "path": "test_a.py", "raised": MISSING}
    assert judged(candidates=(A, B), uncollected=[broken])[0] == ("test_a.py::test_a", "test_a.py::T::test_b")
    other = {**broken, "id": "x/test_c.py", "path": "x/test_c.py"}
    assert judged(event(A, raised=ASSERTION), uncollected=[other])[1] == ["other-tests-fail"]


@pytest.mark.parametrize(("module", "right"), [("pkg", True), ("numpy", False)])
def test_a_conftest_that_cannot_be_loaded_speaks_for_all(module, right):
    text = (
        f"ImportError while loading conftest '/x/conftest.py'.\nE   ModuleNotFoundError: No module named '{module}'\n"
    )
    witnesses, codes, _ = judged(broken=text)
    assert (witnesses, codes) == ((("test_a.py::test_a",), []) if right else ((), ["wrong-reason"]))
    assert judged(broken="ERROR conftest.py\nNameError: x")[2].wrong[0][1].words == "conftest: NameError: x"


def test_a_test_that_hangs_on_the_parent_is_a_witness():
    assert judged(running="test_a.py::test_a[1]")[0] == ("test_a.py::test_a",)
    assert judged(running="test_a.py::test_x")[0] == ()
    assert judged(running="test_a.py::test_a", asserts=lambda path, name: False)[1] == ["no-assertion"]


def test_a_test_that_was_not_reached_is_told_from_one_that_was_not_collected():
    assert judged(candidates=(A, B), running="test_a.py::test_a")[2].unrun == [
        (B, "was not run, for test_a.py::test_a never came to its end")
    ]
    assert judged(candidates=(A, B)[:1])[2].unrun == [(A, "was not collected")]


def test_the_log_tells_every_test_and_a_problem_how_many_more():
    tests = [event(A, raised=ASSERTION), event(B), event(("test_b.py", "test_c"))]
    _, _, found = judged(*tests)
    assert found.log().splitlines() == [
        "right: test_a.py::test_a: AssertionError: 1 == 2",
        "fails: test_a.py::T::test_b: failed",
        "fails: test_b.py::test_c: failed",
    ]
    assert found.problems()[0].message == "test_a.py::T::test_b fails and 1 more: failed"
    many = [("t.py", name) for name in "wxyz"]
    shown = judged(
        event(many[0], raised=KEY),
        event(many[1], "passed"),
        event(many[2], "skipped"),
        event(many[3], raised=MISSING),
        candidates=many,
        asserts=lambda path, name: False,
    )[2].log()
    assert [line.partition(": ")[0] for line in shown.splitlines()] == [
        "wrong",
        "asserts nothing",
        "passes on the parent's code",
        "did not run",
    ]


def test_an_id_and_its_key_are_two_forms_of_one_thing():
    assert key_of("a/test_b.py::T::test_c[x::y]") == ("a/test_b.py", "T.test_c")
    assert id_of("a/test_b.py", "T.test_c") == "a/test_b.py::T::test_c"


def test_a_result_holds_or_does_not():
    problem = Problem("unproved", "words")
    assert [
        Proof(verdict).holds for verdict in ("proved", "preserved", "test-only", "no-code", "unproved", "error")
    ] == [True] * 4 + [False] * 2
    assert Red(witnessed=("a",)).holds
    assert not Red(witnessed=("a",), problems=(problem,)).holds
    assert not Red(witnessed=("a",), fault="no pytest").holds
    assert not Red().holds
