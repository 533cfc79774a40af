"""A change of the client's settings that would end our guards in mid-session is blocked; any other passes."""

import json
import os

import pytest

OURS = {
    event: [{"matcher": "", "hooks": [{"type": "command", "command": f"devtools hook {event}"}]}]
    for event in ("PreToolUse", "ConfigChange")
}
LESS = {"ConfigChange": OURS["ConfigChange"]}
SHARED, LOCAL = ".claude/settings.json", ".claude/settings.local.json"


@pytest.fixture
def changed(hook, repository):
    repository.put(SHARED, json.dumps({"hooks": OURS}))

    def changed(name=None, value=None, text=None, **payload):
        if name:
            repository.put(name, json.dumps(value) if text is None else text)
        path = str(repository.path / (name or SHARED))
        return hook("config-change", source="project_settings", file_path=path, **payload)

    return changed


@pytest.fixture(params=["a session that we began", "a session that we know nothing of"])
def session(request, hook, changed):
    if "began" in request.param:
        hook("session-start", source="startup")


BAD = [
    (LOCAL, {"disableAllHooks": True}, "sets disableAllHooks"),
    (SHARED, {"hooks": OURS, "disableAllHooks": True}, "sets disableAllHooks"),
    (SHARED, {"hooks": OURS, "env": {"PATH": "/tmp"}}, "sets env PATH"),
    (SHARED, {}, "takes out or alters a hook of devtools"),
    (SHARED, {"hooks": {}}, "takes out or alters a hook of devtools"),
]


@pytest.mark.parametrize(("name", "value", "said"), BAD)
def test_what_would_end_the_guards_is_blocked_with_a_reason(session, changed, name, value, said):
    assert changed(name, value) == {
        "decision": "block",
        "reason": f"devtools: {name} {said}. This session keeps its hooks. Ask the person to change them.",
    }


@pytest.mark.parametrize("committed", [True, False])
def test_one_hook_that_is_taken_out_is_missed(hook, changed, repository, committed):
    if committed:
        repository.commit()
    else:
        hook("session-start", source="startup")
    assert "takes out" in changed(SHARED, {"hooks": LESS})["reason"]


def test_the_person_s_own_settings_count_too(session, hook, changed):
    path = f"{os.environ['HOME']}/.claude/settings.json"
    os.mkdir(os.path.dirname(path))
    with open(path, "w") as stream:
        stream.write('{"disableAllHooks": true}')
    said = hook("config-change", source="user_settings", file_path=path)["reason"]
    assert said.startswith(f"devtools: {path} sets disableAllHooks. ")


def test_other_changes_pass_and_a_hook_may_move_to_another_file(session, changed, repository):
    assert changed(LOCAL, {"permissions": {"allow": ["Bash(ls)"]}, "env": {"EDITOR": "vi"}}) == {}
    assert changed(LOCAL, {"hooks": OURS}) == {}
    assert changed(SHARED, {"model": "x"}) == {}
    assert changed(SHARED, text="not json") == {}
    assert "takes out" in changed(LOCAL, {})["reason"]


@pytest.mark.parametrize("target", ["/dev/zero", "outside.json"])
def test_a_link_that_leads_out_is_not_followed(session, changed, repository, tmp_path, target):
    (tmp_path / "outside.json").write_text(json.dumps({"hooks": OURS}))
    os.symlink(tmp_path / target, repository.path / LOCAL)
    assert "sets a link that leads out of the repository" in changed()["reason"]


def test_a_pipe_in_the_place_of_the_settings_is_not_waited_for(session, changed, repository):
    (repository.path / SHARED).unlink()
    os.mkfifo(repository.path / SHARED)
    assert "takes out" in changed()["reason"]


def test_the_mode_decides_how_loud_it_is_and_the_command_that_wrote_does_not(hook, changed, repository):
    repository.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    assert changed(LOCAL, {"disableAllHooks": True})["systemMessage"].startswith("devtools warns: .claude/settings.loc")
    hook("pre-tool-use", tool_name="Bash", tool_input={"command": "./x.sh"})
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    assert changed()["systemMessage"].startswith("devtools warns: ")
    hook("post-tool-use", tool_name="Bash", tool_input={"command": "./x.sh"})
    assert changed() == {}


def test_nothing_is_said_outside_of_a_repository(hook, tmp_path):
    assert hook("config-change", cwd=str(tmp_path)) == {}
