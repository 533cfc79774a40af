import io
import json
import sys

import pytest

from devtools.hooks import statusline


@pytest.fixture
def shown(repository, monkeypatch, capsys):
    def shown(text):
        stdin = None if text is None else io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogateescape")))
        monkeypatch.setattr(sys, "stdin", stdin)
        assert statusline.main([]) == 0
        out = capsys.readouterr().out
        assert out.endswith("\n")
        assert out.count("\n") == 1
        return out.strip()

    return shown


def test_the_line_says_phase_behaviour_and_last_result(shown, phase, repository, tmp_path, monkeypatch):
    phase("green")
    monkeypatch.chdir(tmp_path)
    expected = "tdd green | adds two numbers | red: 1 test witnessed"
    assert shown(json.dumps({"workspace": {"current_dir": str(repository.path)}, "cwd": "/"})) == expected
    assert shown(json.dumps({"cwd": str(repository.path)})) == expected
    assert shown(json.dumps({"cwd": str(tmp_path)})) == "tdd idle"


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"workspace": 1}', "\udcff"])
def test_without_a_word_of_the_client_it_looks_here(shown, phase, text):
    phase("red")
    assert shown(text) == "tdd red | adds two numbers | started"


def test_a_long_or_odd_behaviour_stays_one_short_line(shown, phase):
    phase("red", behaviour="word\n" * 100)
    line = shown("{}")
    assert "…" in line
    assert len(line) < 90


def test_a_malformed_state_is_said(shown, repository):
    repository.keep("cycle.json", "{")
    assert shown("{}").startswith("devtools: ")
    assert "cycle.json: " in shown("{}")
