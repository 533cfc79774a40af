from devtools.findings import Problem
from devtools.tdd import text as cycle_text
from devtools.tdd.cycle import Cycle


def test_a_status_is_one_line():
    assert cycle_text.status(Cycle()) == "idle"
    assert cycle_text.status(Cycle(result="done: adds")) == "idle; done: adds"
    assert cycle_text.status(Cycle("red", 3, "adds")) == "phase red, cycle 3: adds"


def test_a_step_says_verdict_evidence_and_the_next_command():
    blocks = cycle_text.step(Cycle("red"), "red refused", [Problem("a", "first\nsecond")], ["a note"])
    assert [block.full for block in blocks] == [
        *("red refused", "a note", "first\nsecond"),
        "next: write a test that fails, then devtools tdd red",
    ]
    assert [block.pinned for block in blocks] == [True, True, False, True]
    assert blocks[2].brief == "first"
    assert cycle_text.step(Cycle(), "done", following="devtools commit")[-1].full == "next: devtools commit"


def test_a_refusal_names_each_code_once():
    problems = [Problem("a", "1"), Problem("b", "2"), Problem("a", "3")]
    assert cycle_text.refusal("red", problems, warned=False) == "red refused: a, b"
    assert cycle_text.refusal("red", problems, warned=True) == "warning: red: a, b"


def test_many_tests_are_named_by_the_first_and_counted():
    assert cycle_text.named(["a", "b"]) == "a, b"
    assert cycle_text.named(["a"] * 7) == "a, a, a, a, a and 2 more"


def test_a_log_has_a_line_a_step():
    steps = [{"time": "12:00", "step": "start", "ok": True, "result": "started"}]
    entries = [{"cycle": 1, "behaviour": "adds", "steps": steps}, {"cycle": 2, "behaviour": "b"}]
    first, second = cycle_text.log(entries)
    assert (first.full, first.brief) == ("cycle 1: adds\n  12:00 start: started", "cycle 1: adds")
    assert second.full == "cycle 2: b"
    assert cycle_text.log([])[0].full == "no cycle yet; next: devtools tdd start BEHAVIOUR"
