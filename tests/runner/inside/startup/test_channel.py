"""What a process saw reaches the one that believes it, in order and signed; nothing else does."""

import json

import pytest

from devtools.runner.inside.startup import channel


def test_lines_are_believed_in_their_order_and_with_their_sign_alone(tmp_path):
    with open(tmp_path / "lines", "wb") as stream:
        send = channel.sender(stream.fileno(), b"key")
        send("one", text="\udcff")
        send("two")
    one, two = (tmp_path / "lines").read_bytes().splitlines(keepends=True)
    found, fault = channel.received([one, two, b"cut sho"], b"key")
    assert ([each["event"] for each in found], fault) == (["one", "two"], "")
    assert channel.received([one, one], b"key")[1] == "the results hold lines twice or not in their order"
    assert channel.received([one], b"other")[1] == "the results hold a line that is not the run's own"
    assert json.dumps(found[0]) == '{"event": "one", "text": "\\udcff"}'


def test_a_derived_key_is_another_for_each_name():
    assert len({b"key", channel.derived(b"key", "a"), channel.derived(b"key", "b")}) == 3


PLACES = [{"id": "t.py::a", "path": "t.py", "name": "a"}, {"id": "t.py::b", "path": "t.py", "name": "b"}]


def began(number):
    return {"event": "start", "id": PLACES[number]["id"]}


def ended(number, **values):
    return {"event": "test", **PLACES[number], "seconds": 0.1, "probes": [], "outcome": "passed", **values}


def test_a_child_that_ran_its_tests_in_turn_is_believed():
    assert channel.strange([began(0), ended(0), began(1), ended(1), {"event": "ran"}], PLACES) == ""
    assert channel.strange([began(0)], PLACES) == ""


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([began(1)], "t.py::b began out of turn"),
        ([began(0), began(1)], "t.py::b began out of turn"),
        ([began(0), ended(0), began(0)], "t.py::a began out of turn"),
        ([ended(0)], "t.py::a ended and had not begun"),
        ([began(0), ended(0), ended(0)], "t.py::a ended and had not begun"),
        ([began(0), ended(0, name="b")], "t.py::a ended and had not begun"),
        ([began(0), ended(0, probes=None)], "t.py::a ended in an unknown way"),
        ([began(0), ended(0, seconds="1")], "t.py::a ended in an unknown way"),
        ([{"event": "mutant"}], "a test cannot tell of 'mutant'"),
    ],
)
def test_what_no_child_would_send_is_named(events, why):
    assert channel.strange(events, PLACES) == why
