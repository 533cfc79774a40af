"""init changes what is needed and no more: a person's files keep what they hold, and a second run changes nothing."""

import json
import os
import subprocess

import pytest

from devtools.errors import UsageError
from devtools.setup import files, git_hook, installation, templates
from devtools.system.store import Store

HOOK = ".git/hooks/commit-msg"


@pytest.fixture
def init(repository):
    """Install, and say which files changed and what was noted."""
    root = str(repository.path)
    store = Store.common(root)

    def init(mode="", prefix="/usr"):
        with store.locked():
            planned = installation.plan(root, store, mode, prefix)
            installation.install(store, planned, "")
        return sorted(os.path.relpath(each.path, root) for each in planned.written()), planned.notes

    return init


def test_all_that_devtools_needs_is_put_in_and_a_second_run_changes_nothing(repository, init):
    changed, notes = init()
    commands = [f".claude/commands/{name}" for name in templates.commands()]
    assert changed == sorted([*commands, ".claude/settings.json", HOOK, "LEARNINGS.md"])
    assert notes == []
    assert init() == ([], [])
    assert (repository.path / "LEARNINGS.md").read_text() == "# Learnings\n"
    assert os.access(repository.path / HOOK, os.X_OK)
    for name, text in templates.commands().items():
        assert (repository.path / ".claude/commands" / name).read_bytes() == text


def test_a_person_s_own_files_stay(repository, init):
    repository.put("LEARNINGS.md", "mine\n")
    repository.put(".claude/commands/commit.md", "commit it with git\n")
    repository.put(".claude/settings.json", '{"model": "x"}')
    changed, notes = init()
    assert notes == [".claude/commands/commit.md is your own and stays"]
    assert "LEARNINGS.md" not in changed
    assert ".claude/commands/commit.md" not in changed
    assert next(iter(json.loads((repository.path / ".claude/settings.json").read_text()))) == "model"


def test_a_command_of_an_older_version_is_replaced_and_one_that_was_edited_since_stays(repository, init):
    repository.put(".claude/commands/tdd.md", "!`devtools tdd --exit-zero`\n")
    assert ".claude/commands/tdd.md" in init()[0]
    repository.put(".claude/commands/tdd.md", "!`devtools tdd --exit-zero`\nand mine\n")
    assert init() == ([], [".claude/commands/tdd.md is your own and stays"])


def test_devtools_of_the_project_s_own_environment_is_called_by_its_path(repository, init):
    repository.put(".venv/bin/devtools", "")
    init(prefix=str(repository.path / ".venv"))
    hooks = json.loads((repository.path / ".claude/settings.json").read_text())["hooks"]
    assert hooks["Stop"][0]["hooks"][0]["command"] == '"$CLAUDE_PROJECT_DIR"/.venv/bin/devtools hook stop'
    assert "for d in .venv/bin/devtools devtools; do" in (repository.path / HOOK).read_text()
    changed, _ = init()
    assert changed == [".claude/settings.json", HOOK]
    assert "CLAUDE_PROJECT_DIR" not in (repository.path / ".claude/settings.json").read_text()


@pytest.mark.parametrize(
    ("first", "mode"),
    [
        ("#!/bin/sh\necho theirs >> ran\n", 0o755),
        ("#!/usr/bin/env python3\nopen('ran', 'a').write('theirs\\n')\n", 0o700),
    ],
)
def test_a_hook_that_is_there_runs_after_ours(repository, init, first, mode):
    repository.put(HOOK, first)
    (repository.path / HOOK).chmod(mode)
    init()
    repository.put("bin/devtools", "#!/bin/sh\necho $@ >> ran\n")
    (repository.path / "bin/devtools").chmod(0o755)
    path = f"{repository.path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    command = ["git", "commit", "-q", "--allow-empty", "-m", "x"]
    subprocess.run(command, env={**os.environ, "PATH": path}, check=True)
    assert (repository.path / "ran").read_text() == "git-hook commit-msg .git/COMMIT_EDITMSG\ntheirs\n"
    assert init() == ([], [])


def test_without_devtools_on_the_machine_the_hook_is_silent(repository, init):
    init()
    done = subprocess.run([repository.path / HOOK, "x"], env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=True)
    assert done.stdout + done.stderr == b""


def test_husky_s_hook_is_chained_and_a_folder_outside_is_named(repository, init):
    repository.git("config", "core.hooksPath", ".husky/_")
    repository.put(".husky/commit-msg", "npx commitlint --edit $1\n")
    changed, notes = init()
    assert (".husky/commit-msg" in changed, notes) == (True, [])
    assert (repository.path / ".husky/commit-msg").read_text().endswith("npx commitlint --edit $1\n")
    repository.git("config", "--unset", "core.hooksPath")
    repository.git("config", "--global", "core.hooksPath", "/elsewhere")
    assert init()[1] == [
        'core.hooksPath leads to /elsewhere: have commit-msg there run `devtools git-hook commit-msg "$1"`'
    ]


def test_a_hook_that_cannot_be_chained_is_named_and_the_rest_is_done(repository, init, tmp_path):
    repository.put(HOOK, "\0")
    repository.put(f"{HOOK}.before-devtools", "x")
    changed, notes = init()
    assert ".claude/settings.json" in changed
    assert notes == ["no git hook: hooks/commit-msg and commit-msg.before-devtools are both there"]
    (repository.path / HOOK).unlink()
    (repository.path / HOOK).symlink_to(tmp_path / "x")
    assert init()[1] == ["no git hook: cannot change .git/hooks/commit-msg: hooks/commit-msg is a link"]


def test_a_hook_that_is_not_executable_is_named(repository, init):
    repository.put(HOOK, "#!/bin/sh\n")
    assert init()[1] == ["hooks/commit-msg is not executable, so git skips it: chmod +x hooks/commit-msg"]


def test_the_mode_is_written_where_it_was_chosen_and_only_once(repository, init):
    repository.put("pyproject.toml", "[project]\n")
    assert "pyproject.toml" in init("warn")[0]
    assert (repository.path / "pyproject.toml").read_text() == '[project]\n\n[tool.devtools.tdd]\nmode = "warn"\n'
    assert init("warn") == ([], [])
    assert init() == ([], [])
    assert init("strict")[0] == ["pyproject.toml"]


def test_what_cannot_be_added_to_refuses_the_whole(repository, init):
    repository.put(".claude/settings.json", "{\n  // mine\n}")
    with pytest.raises(UsageError, match="line 2"):
        init()
    assert sorted(path.name for path in repository.path.iterdir()) == [".claude", ".git"]
    assert not (repository.path / HOOK).exists()


def test_where_a_file_cannot_be_written_nothing_is_remembered(repository, init):
    (repository.path / ".claude/commands").mkdir(parents=True)
    repository.put(".claude/settings.json", "{}")
    (repository.path / ".claude/settings.json").chmod(0o444)
    with pytest.raises(UsageError, match="read-only"):
        init()
    assert files.remembered(Store.common(str(repository.path))) == {}
    assert not (repository.path / "LEARNINGS.md").exists()


def test_later_edits_of_a_person_do_not_become_ours(repository, init):
    repository.put(".claude/settings.json", "{}")
    init()
    path = repository.path / ".claude/settings.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "model": "x"}))
    assert init() == ([], [])
    repository.put(HOOK, (repository.path / HOOK).read_text() + "echo mine\n")
    init(prefix=str(repository.path))
    known = files.remembered(Store.common(str(repository.path)))
    assert known[str(repository.path / HOOK)].before in (None, b"#!/bin/sh\necho mine\n")
    value = json.loads(path.read_text())
    del value["hooks"]["Stop"]
    path.write_text(json.dumps(value))
    assert init()[0] == [".claude/settings.json"]
    known = files.remembered(Store.common(str(repository.path)))
    assert json.loads(known[str(path)].before) == {"model": "x"}
    assert git_hook.has_block((repository.path / HOOK).read_bytes(), "devtools")


@pytest.mark.parametrize("made", range(9))
def test_a_run_that_was_killed_between_two_files_is_finished_by_the_next(repository, init, monkeypatch, made):
    repository.put(".claude/settings.json", '{"model": "x"}')
    repository.put(".claude/commands/tdd.md", "!`devtools tdd --exit-zero`\n")
    left = iter(range(made))

    def put(change, aside, write=files._put):
        if next(left, None) is None:
            raise KeyboardInterrupt
        write(change, aside)

    with monkeypatch.context() as patch:
        patch.setattr(files, "_put", put)
        patch.setattr(files, "remove_folders", lambda paths: None)
        patch.setattr(Store, "put", lambda store, name, value, put=Store.put: value and put(store, name, value))
        with pytest.raises(KeyboardInterrupt):
            init()
    assert init()[1] == []
    assert (repository.path / ".claude/commands/tdd.md").read_bytes() == templates.commands()["tdd.md"]
    assert init() == ([], [])
    known = files.remembered(Store.common(str(repository.path)))
    assert known[str(repository.path / ".claude/settings.json")].before == b'{"model": "x"}'
    assert known[str(repository.path / ".claude/commands/tdd.md")].before == b"!`devtools tdd --exit-zero`\n"
    assert known[str(repository.path / HOOK)].before is None
