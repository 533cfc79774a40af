import io
import json
import os
import sys
import types

import pytest

from devtools.hooks import dispatch


@pytest.fixture
def call(monkeypatch, capsys):
    def call(event, text, *more):
        stdin = io.TextIOWrapper(io.BytesIO(text if isinstance(text, bytes) else text.encode()))
        monkeypatch.setattr(sys, "stdin", stdin)
        assert dispatch.main([event, *more] if event else []) == 0
        captured = capsys.readouterr()
        return json.loads(captured.out) if captured.out else {}, captured.err

    return call


@pytest.mark.parametrize(
    ("event", "text", "said"),
    [
        ("pre-tool-use", "", "not one JSON text"),
        ("pre-tool-use", "{", "allowed the tool"),
        ("pre-tool-use", "[]", "the event is no JSON object"),
        ("pre-tool-use", b"\xff\x00", "not one JSON text"),
        ("nonsense", "{}", "no event is named 'nonsense'"),
        ("", "{}", "no event is named ''"),
    ],
)
def test_malformed_input_lets_through_and_says_so_in_one_line(call, event, text, said):
    answer, err = call(event, text)
    assert list(answer) == ["systemMessage"]
    assert said in answer["systemMessage"]
    assert err == answer["systemMessage"] + "\n"


def test_the_handler_of_the_table_answers_and_its_fault_is_no_refusal(call, monkeypatch):
    handler = types.ModuleType("handler")
    monkeypatch.setitem(sys.modules, "handler", handler)
    monkeypatch.setitem(dispatch.EVENTS, "stop", "handler")
    handler.reply = lambda payload: {"reason": payload["a"]}
    assert call("stop", '{"a": "\\u00e9"}') == ({"reason": "é"}, "")
    handler.reply = lambda payload: None
    assert call("stop", "{}") == ({}, "")
    handler.reply = lambda payload: 1 / 0
    answer, _ = call("stop", "{}")
    assert answer["systemMessage"].endswith("failed, so it allowed the tool: ZeroDivisionError: division by zero")


def test_words_from_outside_steer_no_terminal_and_a_tool_s_input_stays_as_it_is(call, monkeypatch):
    handler = types.ModuleType("handler")
    monkeypatch.setitem(sys.modules, "handler", handler)
    monkeypatch.setitem(dispatch.EVENTS, "stop", "handler")
    hostile = "a\x1b[2J\u202e.py"
    inner = {"hookEventName": "Stop", "additionalContext": hostile, "updatedInput": {"command": hostile}}
    handler.reply = lambda payload: {"reason": hostile, "hookSpecificOutput": inner}
    shown = "a\\x1b[2J\\u202e.py"
    answer, _ = call("stop", "{}")
    assert answer == {"reason": shown, "hookSpecificOutput": {**inner, "additionalContext": shown}}
    handler.reply = lambda payload: os.stat("/nowhere/\x1b[2J")
    answer, err = call("stop", "{}")
    assert "\x1b" not in answer["systemMessage"] + err


def test_no_terminal_input_is_a_fault_of_ours(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", None)
    assert dispatch.main(["stop"]) == 0
    assert "AttributeError" in capsys.readouterr().out
