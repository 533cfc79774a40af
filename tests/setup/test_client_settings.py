"""Our hooks go into a person's settings.json beside what is there, and come out again without a trace."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtools.errors import UsageError
from devtools.setup import client_settings
from devtools.setup.client_settings import merged, wanted, without

SOURCE = json.dumps(
    {
        "hooks": {
            event: [{"matcher": matcher, "hooks": [{"type": "command", "command": f"{client_settings.PLUGIN} hook x"}]}]
            for event, matcher in (("PreToolUse", "Bash"), ("PostToolUse", "Bash"), ("Stop", ""))
        }
    }
)
OURS = {
    event: [{"matcher": matcher, "hooks": [{"type": "command", "command": "devtools hook x"}]}]
    for event, matcher in (("PreToolUse", "Bash"), ("PostToolUse", "Bash"), ("Stop", ""))
}
STATUS = {"type": "command", "command": "devtools statusline"}
GROUPS = st.lists(
    st.builds(
        lambda matcher, lines: {"matcher": matcher, "hooks": [{"type": "command", "command": each} for each in lines]},
        st.sampled_from(["", "Bash", "Write|Edit"]),
        st.lists(st.sampled_from(["echo 1", "my-devtools hook.sh", "C:\\x\\tool.exe"]), min_size=1, max_size=2),
    ),
    min_size=1,
    max_size=2,
)
HOOKS = st.dictionaries(st.sampled_from(["PreToolUse", "Stop", "Notification"]), GROUPS, min_size=1, max_size=3)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "permissions": st.just({"allow": ["Bash(ls:*)"], "deny": []}),
        "hooks": HOOKS,
        "statusLine": st.just({"type": "command", "command": "mine"}),
        "env": st.just({"A": "é\\u0041"}),
    },
)


@settings(max_examples=60, deadline=None)
@given(SETTINGS, st.sampled_from([None, 2, 4, "\t"]), st.sampled_from(["", "\n"]))
def test_the_entries_stand_beside_a_person_s_own_and_leave_no_trace(document, style, end):
    before = json.dumps(document, indent=style) + end
    after = merged(before, "devtools", SOURCE)
    value = json.loads(after)
    for event, groups in OURS.items():
        assert value["hooks"][event] == [*document.get("hooks", {}).get(event, []), *groups]
    assert {key: value[key] for key in document if key != "hooks"} == {
        key: document[key] for key in document if key != "hooks"
    }
    assert value["statusLine"] == document.get("statusLine", STATUS)
    assert [key for key in value if key in document] == list(document)
    assert merged(after, "devtools", SOURCE) == after
    assert without(after, before) == before


@settings(max_examples=30, deadline=None)
@given(SETTINGS)
def test_what_a_person_adds_later_stays(document):
    before = json.dumps(document, indent=2)
    later = json.loads(merged(before, "devtools", SOURCE))
    later["hooks"]["Stop"].append({"hooks": [{"type": "command", "command": "say done"}]})
    later["model"] = "x"
    left = json.loads(without(json.dumps(later, indent=2), before))
    assert left["model"] == "x"
    assert left["hooks"]["Stop"][-1] == {"hooks": [{"type": "command", "command": "say done"}]}
    assert client_settings.entries(json.dumps(left)) == []


def test_no_file_and_an_empty_one_become_our_entries_alone():
    assert json.loads(merged("", "devtools", SOURCE)) == {"hooks": OURS, "statusLine": STATUS}
    assert merged(" \n", "devtools", SOURCE) == merged("", "devtools", SOURCE)
    assert without(merged("", "devtools", SOURCE), "").strip() == "{}"


def test_an_entry_that_was_entered_by_hand_is_not_entered_twice_and_stays_when_we_go():
    before = json.dumps({"hooks": {"Stop": OURS["Stop"]}, "statusLine": STATUS}, indent=2)
    after = merged(before, "devtools", SOURCE)
    assert json.loads(after) == {"hooks": {"Stop": OURS["Stop"], **OURS}, "statusLine": STATUS}
    assert without(after, before) == before


def test_an_entry_of_another_matcher_or_program_is_replaced():
    old = {"matcher": "Write", "hooks": [{"type": "command", "command": "devtools hook x"}]}
    mine = {"type": "command", "command": "mine"}
    line = {"type": "command", "command": "/old/devtools statusline"}
    before = json.dumps(
        {"hooks": {"PreToolUse": [old], "Stop": [{"hooks": [mine, old["hooks"][0]]}]}, "statusLine": line}
    )
    after = json.loads(merged(before, "devtools", SOURCE))
    assert after["hooks"]["PreToolUse"] == OURS["PreToolUse"]
    assert after["hooks"]["Stop"] == [{"hooks": [mine, old["hooks"][0]]}]
    assert after["statusLine"] == STATUS


def test_a_list_that_was_empty_is_left_empty():
    before = '{"hooks": {"Stop": []}}'
    assert json.loads(without(merged(before, "devtools", SOURCE), before)) == json.loads(before)
    assert json.loads(without(merged('{"hooks": {}}', "devtools", SOURCE), '{"hooks": {}}')) == {"hooks": {}}


@pytest.mark.parametrize(
    ("hook", "ours"),
    [
        ({"command": "devtools hook stop"}, True),
        ({"command": '"$CLAUDE_PROJECT_DIR"/.venv/bin/devtools hook stop'}, True),
        ({"command": '"C:\\Users\\A B\\devtools.exe" hook stop'}, True),
        ({"command": "python -m devtools hook stop"}, True),
        ({"command": "devtools", "args": ["hook", "stop"]}, True),
        ({"command": "devtools statusline"}, True),
        ({"command": "devtools hygiene"}, False),
        ({"command": "my-devtools hook stop"}, False),
        ({"command": "hook stop"}, False),
        ({"command": ""}, False),
        ({"url": "x"}, False),
        ("devtools hook stop", False),
    ],
)
def test_ours_is_what_calls_devtools_for_an_event(hook, ours):
    assert client_settings.is_ours(hook) is ours


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{\n  "a": 1,\n}', "line 3"),
        ('{\n// mine\n"a": 1}', "line 2: a comment"),
        ("[]", "the whole is not an object"),
        ('{"hooks": []}', "hooks is not an object"),
        ('{"hooks": {"Stop": {}}}', "hooks.Stop is not a list"),
    ],
)
def test_settings_that_the_client_could_not_read_are_refused_with_the_place(text, words):
    for act in (lambda: merged(text, "devtools", SOURCE), lambda: without(text, "")):
        with pytest.raises(UsageError, match=words):
            act()


def test_the_program_stands_in_the_place_of_the_plugin_s():
    assert [each.command for each in wanted(".venv/bin/devtools", SOURCE)] == [".venv/bin/devtools hook x"] * 3
    assert client_settings.entries("no json") == []
    assert client_settings.entries('{"hooks": {"Stop": [1, {"hooks": 2}], "X": 3}}') == []
