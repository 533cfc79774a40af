"""doctor sees what init put in and is no longer as it should be, and names the command that puts it right."""

import json
import os

import pytest

from devtools.cli import run
from devtools.setup import diagnosis

HOOK = ".git/hooks/commit-msg"
SETTINGS = ".claude/settings.json"


@pytest.fixture
def installed(repository, capsys):
    assert run(["init"]) == 0
    capsys.readouterr()
    return repository


def said(repository):
    return [(each.code, each.message, each.remedy) for each in diagnosis.complaints(str(repository.path))]


def settings(repository, change):
    path = repository.path / SETTINGS
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))


def test_after_init_nothing_is_wrong(installed):
    assert said(installed) == []
    assert diagnosis.programs(str(installed.path)) == ["devtools"]


def test_before_init_all_is_missing(repository):
    found = said(repository)
    assert {code for code, _, remedy in found} == {"not-installed"}
    assert {remedy for _, _, remedy in found} == {"devtools init"}
    assert len(found) == 8


def test_hooks_of_an_older_version_are_stale_and_no_status_line_is_missing(installed):
    settings(installed, lambda value: (value["hooks"].pop("ConfigChange"), value.pop("statusLine")))
    assert said(installed) == [
        ("stale", f"{SETTINGS} has not the hooks of ConfigChange as they should be", "devtools init"),
        ("not-installed", f"{SETTINGS} has no status line", "devtools init"),
    ]


def test_settings_that_cannot_be_read_are_broken(installed):
    installed.put(SETTINGS, "{\n,}")
    [(code, message, _)] = said(installed)
    assert (code, "line 2" in message) == ("broken", True)


@pytest.mark.parametrize("place", ["local", "home", "project"])
def test_a_switch_that_ends_all_hooks_shadows_them(installed, place, monkeypatch, tmp_path):
    if place == "project":
        settings(installed, lambda value: value.update(disableAllHooks=True))
    elif place == "local":
        installed.put(".claude/settings.local.json", '{"disableAllHooks": true}')
    else:
        monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "config"))
        (tmp_path / "config").mkdir()
        (tmp_path / "config/settings.json").write_text('{"disableAllHooks": true}')
    [(code, message, remedy)] = said(installed)
    assert (code, remedy) == ("shadowed", "take disableAllHooks out")
    assert "sets disableAllHooks: no hook of this project runs" in message


def test_a_command_file_may_be_gone_edited_or_another_s(installed):
    (installed.path / ".claude/commands/tdd.md").unlink()
    installed.put(".claude/commands/learn.md", "!`devtools learn --exit-zero`")
    installed.put(".claude/commands/commit.md", "commit it")
    assert {(code, message.split()[0]) for code, message, _ in said(installed)} == {
        ("not-installed", ".claude/commands/tdd.md"),
        ("stale", ".claude/commands/learn.md"),
        ("shadowed", ".claude/commands/commit.md"),
    }


def test_what_the_client_takes_before_a_command_of_the_project_is_named(installed):
    home = os.environ["HOME"]
    for path in (f"{home}/.claude/commands/tdd.md", f"{home}/.claude/skills/learn/SKILL.md"):
        os.makedirs(os.path.dirname(path))
        with open(path, "w") as stream:
            stream.write("another")
    installed.put(".claude/skills/commit/SKILL.md", "another")
    assert [(code, remedy) for code, _, remedy in said(installed)] == [
        ("shadowed", f"rename {installed.path}/.claude/skills/commit/SKILL.md"),
        ("shadowed", f"rename {home}/.claude/skills/learn/SKILL.md"),
        ("shadowed", f"rename {home}/.claude/commands/tdd.md"),
    ]


def test_the_git_hook_may_be_gone_another_disabled_or_elsewhere(installed, tmp_path):
    hook = installed.path / HOOK
    ours = hook.read_text()
    hook.chmod(0o644)
    assert said(installed) == [("broken", f"{HOOK} is not executable, so git skips it", f"chmod +x {HOOK}")]
    hook.write_text(ours.replace("for d in devtools", "for d in x devtools"))
    assert [each[0] for each in said(installed)] == ["stale"]
    hook.write_text("#!/bin/sh\n")
    assert said(installed) == [("not-installed", f"{HOOK} does not call devtools", "devtools init")]
    hook.unlink()
    hook.symlink_to(tmp_path / "x")
    assert [each[0] for each in said(installed)] == ["shadowed"]
    installed.git("config", "--global", "core.hooksPath", "/elsewhere")
    assert [each[:2] for each in said(installed)] == [("shadowed", "git looks for hooks elsewhere")]


def test_an_old_folder_in_the_tree_is_named(installed):
    installed.put(".devtools/x", "")
    assert [each[2] for each in said(installed)] == ["rm -r .devtools"]


def test_with_the_plugin_no_entries_are_needed_and_both_are_one_too_many(installed):
    settings(installed, lambda value: value.update(enabledPlugins={"devtools@claude-devtools": True}))
    assert diagnosis.by_plugin(str(installed.path))
    assert [each[0::2] for each in said(installed)] == [("shadowed", "devtools uninstall")]
    settings(installed, lambda value: (value.pop("hooks"), value.pop("statusLine")))
    assert said(installed) == []
