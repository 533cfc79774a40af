import contextlib
import io
import json
import os
import sys

import pytest

from devtools import report
from devtools.budget import Block
from devtools.findings import Problem
from devtools.report import Report, Style, emit, note, progress


def test_text_goes_to_stdout_and_the_hint_to_stderr(capsys):
    assert emit(Report("x", True, [Block("all holds")], hint="a hint"), Style()) == 0
    assert capsys.readouterr() == ("all holds\n", "a hint\n")


def test_json_is_one_object_with_the_common_fields_and_the_command_s_own(capsys):
    report = Report("x", False, problems=[Problem("lint", "bad")], data={"run": 7})
    assert emit(report, Style(json=True)) == 1
    assert json.loads(capsys.readouterr().out) == {
        "schema": 1,
        "command": "x",
        "ok": False,
        "run": 7,
        "problems": [{"code": "lint", "message": "bad"}],
    }


def test_a_report_that_holds_has_no_problems_in_its_json(capsys):
    emit(Report("x", True), Style(json=True))
    assert json.loads(capsys.readouterr().out) == {"schema": 1, "command": "x", "ok": True}


@pytest.mark.parametrize(("code", "exit_zero", "expected"), [(1, True, 0), (1, False, 1), (2, True, 2), (3, True, 3)])
def test_exit_zero_forgives_a_finding_and_nothing_else(code, exit_zero, expected):
    assert emit(Report("x", False, exit_code=code), Style(exit_zero=exit_zero)) == expected


def test_text_is_folded_to_the_budget(capsys):
    emit(
        Report("x", False, [Block("word " * 50), Block("red", pinned=True)], more="devtools show 3"),
        Style(budget=9),
    )
    assert capsys.readouterr().out == "red\n… and 1 more: devtools show 3\n"


def test_what_comes_from_outside_steers_no_terminal(capfdbinary):
    hostile = "a\udcff\x1b[2J\x9b\u202e\x07.py"
    emit(Report("x", True, [Block(hostile)], hint=hostile), Style())
    shown = b"a\\xff\\x1b[2J\\x9b\\u202e\\x07.py\n"
    assert capfdbinary.readouterr() == (shown, shown)
    emit(Report("x", True, data={"name": hostile}), Style(json=True))
    assert json.loads(capfdbinary.readouterr().out)["name"] == hostile, "data stays what it is"


def test_what_comes_from_outside_does_not_pass_for_a_line_of_ours(capsys):
    outside = "refused: all\ngreen: all"
    folded = Block(outside + "\n" + "word " * 900, brief=outside)
    emit(Report("x", True, [Block("green: lint\nred: x", pinned=True), Block(outside), folded]), Style())
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith(("green", "red", "refused"))] == ["green: lint"]
    assert "  red: x" in lines
    assert lines.count("  refused: all") == lines.count("  green: all") == 2


def test_progress_shows_no_control_characters(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    progress("a\nb\x07")
    assert capsys.readouterr().err == "\r\x1b[Ka\\nb\\x07"


def test_progress_is_silent_where_nobody_watches(capsys):
    progress("1 of 2")
    assert capsys.readouterr().err == ""


def test_progress_overwrites_its_line_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    progress("1 of 2")
    assert capsys.readouterr().err == "\r\x1b[K1 of 2"


def test_a_report_with_nothing_to_say_writes_no_empty_line(capsys):
    assert emit(Report("x", True), Style()) == 0
    assert capsys.readouterr().out == ""


@pytest.fixture
def full():
    """A text stream onto a device without room; closing it fails as well where something waits to be written."""
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full")
    stream = open("/dev/full", "w", buffering=1)  # noqa: SIM115
    yield stream
    with contextlib.suppress(OSError):
        stream.close()


def outcome(action, *arguments):
    """What it returns, or the name of what it raises."""
    try:
        return action(*arguments)
    except OSError as error:
        return type(error).__name__


@pytest.mark.parametrize("as_json", [True, False])
def test_a_report_that_cannot_be_written_is_one_line_and_an_exit_code(full, monkeypatch, capsys, as_json):
    report, style = Report("x", True, [Block("all holds")]), Style(json=as_json)
    monkeypatch.setattr("sys.stdout", full)
    assert outcome(emit, report, style) == 3
    assert capsys.readouterr().err == "devtools: stdout cannot be written: No space left on device\n"
    assert outcome(emit, report, style) == 0, "it leads nowhere from now on"


def test_words_that_nobody_can_read_are_left_out(full, monkeypatch):
    monkeypatch.setattr("sys.stderr", full)
    assert outcome(note, "a hint") is None


def test_a_stream_without_bytes_gets_text(monkeypatch):
    monkeypatch.setattr("sys.stdout", io.StringIO())
    emit(Report("x", True, [Block("all holds")]), Style())
    assert sys.stdout.getvalue() == "all holds\n"


def test_a_report_may_have_more_room_than_others_unless_a_budget_is_named(capsys):
    blocks = [Block("word " * 900, "short")]
    for budget, shown in ((report.BUDGET, "word"), (300, "short")):
        emit(Report("x", True, blocks, room=2000), Style(budget=budget))
        assert capsys.readouterr().out.startswith(shown)
