"""What of other programs' settings keeps our guards, and what takes them away."""

import json

import pytest

from devtools.hooks import guards

OURS = {"type": "command", "command": "devtools hook pre-tool-use"}
THEIRS = {"type": "command", "command": "notify-send done"}


def settings(*hooks, matcher="Bash", event="PreToolUse", **more):
    return json.dumps({"hooks": {event: [{"matcher": matcher, "hooks": list(hooks)}]}, **more})


def lost(before, now):
    return guards.lost(guards.of_client(before), guards.of_client(now))


GONE = "takes out or alters a hook of devtools"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (settings(OURS, disableAllHooks=True), "sets disableAllHooks"),
        (settings(OURS, env={"PATH": "/tmp"}), "sets env PATH"),
        (settings(OURS, env={"PYTHONPATH": "/tmp"}), "sets env PYTHONPATH"),
        (settings(THEIRS), GONE),
        ("{}", GONE),
        ("not json", GONE),
        ("[" * 100_000, GONE),
        ('{"hooks": {"PreToolUse": [7, {"hooks": [7]}, {"hooks": 7}]}}', GONE),
        (settings(OURS, matcher="Write"), GONE),
        (settings(OURS, event="Stop"), GONE),
        (settings({**OURS, "if": "Bash(ls:*)"}), GONE),
        (settings({**OURS, "command": "true || devtools hook pre-tool-use"}), GONE),
        (settings({**OURS, "timeout": 0.001}), GONE),
        (settings(OURS, THEIRS, permissions={"allow": ["Bash"]}, disableAllHooks=False, env={"EDITOR": "vi"}), ""),
    ],
)
def test_settings_that_end_narrow_or_replace_a_hook_of_ours_lose_it(now, said):
    assert lost(settings(OURS), now) == said


def test_a_hook_whose_words_stand_apart_is_ours_too_and_another_program_s_is_not():
    assert lost(settings({"type": "command", "command": "devtools", "args": ["hook", "stop"]}), "{}") == GONE
    assert lost(settings(THEIRS), "{}") == ""
    assert lost(settings(OURS, disableAllHooks=True), settings(OURS, disableAllHooks=True)) == ""


def test_git_s_own_settings_tell_where_hooks_are_and_what_else_is_read():
    text = "[user]\n\tname = x\n[core]\n\tbare = false\n\tHooksPath = .x\n[remote "
    text += '"a"]\n\tpath = 1\n[include]\n path = /y\n'
    assert guards.of_git(text) == ["core HooksPath = .x", "include path = /y"]
    assert guards.of_git('[core] hookspath=z\n[includeIf "gitdir:/a"] path = b') == [
        "core hookspath=z",
        'includeIf "gitdir:/a" path = b',
    ]
    assert guards.of_git('[branch "main"]\n\tremote = origin\n[') == []
