import json

import pytest

from devtools.project.config import Config
from devtools.tdd import cycle
from devtools.tdd.cycle import Cycle

A, B, C = "a" * 40, "b" * 40, "c" * 40


def opened():
    return cycle.started(Cycle(), "adds  two\nnumbers", A, B, "head", Config(source=("src",)))


def test_a_whole_cycle_walks_through_its_phases_to_a_trailer():
    red = opened()
    assert (red.phase, red.number, red.behaviour, red.start, red.frozen) == ("red", 1, "adds two numbers", A, B)
    green = cycle.witnessed(red, ("t.py::test_a", "t.py::test_b"), C)
    assert (green.phase, green.witnessed, green.seen, green.start) == ("green", ("t.py::test_a", "t.py::test_b"), C, A)
    assert green.files() == {"t.py"}
    assert green.result == "red: 2 tests witnessed"
    refactor = cycle.passed(green, B)
    assert (refactor.phase, refactor.seen, refactor.result) == ("refactor", B, "green: 2 tests passed")
    assert cycle.passed(refactor, C).result == "refactor: 2 tests passed"
    done = cycle.done(refactor)
    assert (done.phase, done.witnessed, done.start) == ("idle", (), "")
    assert cycle.trailer(done.carried) == "TDD: red->green (2 tests)"
    told = cycle.committed(done, done.carried)
    assert (told.phase, told.number, cycle.trailer(told.carried)) == ("idle", 1, "")


def test_a_test_that_no_commit_has_told_of_survives_the_next_start_and_abort():
    one = cycle.done(cycle.witnessed(opened(), ("t.py::test_a",), C))
    again = cycle.started(one, "more", A, A, "", Config())
    assert (again.number, again.carried) == (2, ("t.py::test_a",))
    assert cycle.aborted(again).carried == ("t.py::test_a",)
    assert cycle.aborted(again).result == "aborted: more"


def test_two_cycles_before_one_commit_are_told_together_and_each_test_once():
    one = cycle.done(cycle.witnessed(opened(), ("t.py::test_a", "u.py::test_c"), C))
    again = cycle.started(one, "more", A, A, "", Config())
    two = cycle.done(cycle.witnessed(again, ("t.py::test_a", "t.py::test_b"), C))
    assert two.carried == ("t.py::test_a", "t.py::test_b", "u.py::test_c")


def test_a_commit_tells_of_the_tests_of_its_files_and_the_others_wait():
    done = cycle.done(cycle.Cycle(witnessed=("tests/test_b.py::test_b", "test_a.py::test_a[1]")))
    assert cycle.told(done, ["README.md"]) == ()
    told = cycle.told(done, ["README.md", "test_a.py"])
    assert told == ("test_a.py::test_a[1]",)
    assert cycle.committed(done, told).carried == ("tests/test_b.py::test_b",)


def test_reopening_goes_back_to_red_and_keeps_the_start():
    back = cycle.reopened(cycle.witnessed(opened(), ("t.py::test_a",), C), C)
    assert (back.phase, back.start, back.frozen, back.witnessed) == ("red", A, C, ())


def test_a_refusal_leaves_the_phase_and_is_remembered_once_a_code():
    refused = cycle.refused(opened(), "red", ["test-passes", "test-passes"])
    assert (refused.phase, refused.result) == ("red", "red refused: test-passes")


@pytest.mark.parametrize(
    ("phase", "step", "said"),
    [
        ("idle", "red", "no cycle is open: devtools tdd start BEHAVIOUR"),
        ("red", "start", "cycle 1 is open in phase red"),
        ("red", "green", "the phase is red: write a test that fails, then devtools tdd red"),
        ("green", "done", "the phase is green"),
        ("green", "red", "the phase is green"),
        ("red", "red", ""),
        ("green", "reopen", ""),
    ],
)
def test_a_step_out_of_order_is_told_what_comes_next(phase, step, said):
    state = opened().having(phase=phase)
    assert cycle.misplaced(state, step).startswith(said)
    assert bool(cycle.misplaced(state, step)) == bool(said)


def test_what_is_stored_is_read_back():
    green = cycle.witnessed(opened(), ("t.py::test_a",), C)
    assert cycle.read(json.loads(json.dumps(green.to_json()))).to_json() == green.to_json()
    assert (green.tests, green.source) == (Config().tests, ("src",))
    assert cycle.read({}).phase == "idle"


@pytest.mark.parametrize(
    "entry",
    [
        [],
        {"phase": 1},
        {"phase": "blue"},
        {"nonsense": 1},
        {"witnessed": [1]},
        {"tests": [1]},
        {"witnessed": "t.py"},
        {"phase": "green", "start": "--help", "frozen": A},
        {"phase": "red", "start": A, "frozen": ""},
        {"number": True},
    ],
)
def test_a_malformed_state_is_not_believed(entry):
    with pytest.raises(ValueError, match="malformed"):
        cycle.read(entry)
