import json

import pytest

from devtools.demo.story import STORY, Outcome, Scene, Write, event, line, scene, unexpected

STEP = Scene("A step", ("devtools", "tdd", "red"), ("refused", "why"), 1, (Write("test_a.py", "one\n\ntwo\n"),))
HELD = Outcome(STEP, 1, "red refused\nwhy", 0.12345)


@pytest.mark.parametrize(
    ("code", "output", "said"),
    [
        (0, "refused why", "step 4: devtools tdd red: exit 0, not 1"),
        (3, "", "step 4: devtools tdd red: exit 3, not 1"),
        (1, "refused", "step 4: devtools tdd red: its output lacks 'why'"),
    ],
)
def test_a_step_that_does_not_behave_as_the_script_says_is_told_with_the_difference(code, output, said):
    seen = Outcome(STEP, code, output)
    assert not seen.ok
    assert unexpected(4, seen) == said
    assert scene(4, seen).pinned


def test_a_step_holds_by_its_exit_code_and_its_words():
    assert HELD.ok
    assert not scene(1, HELD).pinned


def test_a_scene_has_the_title_what_was_written_the_command_and_its_output():
    told = "4. A step\n  test_a.py\n  | one\n  | two\n  $ devtools tdd red\n  red refused\n  why"
    assert scene(4, HELD).full == told
    assert scene(4, HELD).brief == "4. A step"


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (
            '{"hookSpecificOutput":{"permissionDecision":"deny","permissionDecisionReason":"phase red"}}',
            "deny: phase red",
        ),
        ('{"hookSpecificOutput":{}}', '{"hookSpecificOutput":{}}'),
        ("[1]", "[1]"),
        ("phase red\nnext: devtools tdd red", "phase red"),
    ],
)
def test_a_decision_of_the_hook_is_told_in_words_and_other_output_without_its_hint(output, told):
    assert scene(1, Outcome(Scene("A step", ("x",), ()), 0, output)).full == f"1. A step\n  $ x\n  {told}"


def test_a_command_line_is_quoted_where_a_shell_would_split_it():
    assert line(["devtools", "commit", "-m", "feat: x", "shop", "HEAD:a"]) == (
        'devtools commit -m "feat: x" shop HEAD:a'
    )


def test_an_event_names_the_file_by_its_whole_path():
    told = json.loads(event("/a folder", "shop/prices.py"))
    assert (told["cwd"], told["hook_event_name"], told["tool_name"]) == ("/a folder", "PreToolUse", "Write")
    assert told["tool_input"]["file_path"] == "/a folder/shop/prices.py"


def test_a_step_in_json_has_its_command_its_exit_code_and_its_output():
    assert HELD.to_json() == {
        "title": "A step",
        "command": "devtools tdd red",
        "writes": ["test_a.py"],
        "expected": 1,
        "exit_code": 1,
        "ok": True,
        "seconds": 0.123,
        "output": "red refused\nwhy",
    }


def test_no_step_of_the_story_can_hold_on_silence():
    assert all(step.says and not Outcome(step, step.expected, "").ok for step in STORY)
