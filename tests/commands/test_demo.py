import json
import os
import tempfile

import pytest

from devtools.cli import run
from devtools.demo import story as demo
from devtools.demo.story import STORY, Scene


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A folder outside of every repository; beside it where temporary folders are made."""
    folder, temporary = tmp_path / "anywhere", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return temporary


def test_the_demo_plays_the_whole_story_and_leaves_nothing(places, capsys):
    assert run(["demo"]) == 0
    told = capsys.readouterr().out
    rows = told.splitlines()
    assert [row for row in rows if row[:1].isdigit()][:-1] == [
        f"{number}. {step.title}" for number, step in enumerate(STORY, 1)
    ]
    assert "  red refused: no-assertion" in rows
    assert f"  - {demo.INSIGHT}" in rows
    assert not any("weak-test" in row for row in rows)
    assert rows[-1].startswith(f"{len(STORY)} steps as they should be, in ")
    assert os.listdir(places) == []


def test_a_step_that_does_not_hold_ends_the_demo_with_exit_one(places, capsys, monkeypatch):
    first = Scene("Nothing begun", ("devtools", "tdd"), ("idle",))
    wrong = Scene("Too early", ("devtools", "tdd", "green"), ("passed",))
    monkeypatch.setattr(demo, "STORY", (first, wrong, first))
    assert run(["demo", "--json", "--keep"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert [(step["command"], step["exit_code"], step["ok"]) for step in answer["steps"]] == [
        ("devtools tdd", 0, True),
        ("devtools tdd green", 1, False),
    ]
    assert answer["problems"] == [{"code": "unexpected", "message": "step 2: devtools tdd green: exit 1, not 0"}]
    assert os.path.isfile(os.path.join(answer["kept"], "shop", "prices.py"))
    assert run(["demo", "--keep"]) == 1
    kept = capsys.readouterr().out.splitlines()[-1]
    assert kept.startswith("kept: ")
    assert os.path.isdir(kept.removeprefix("kept: "))
