"""uninstall leaves each file byte for byte as it was before init, and keeps what a person wrote since."""

import json
import os
from pathlib import Path

import pytest

from devtools.errors import UsageError
from devtools.setup import installation, removal
from devtools.system.store import Store

HOOK = ".git/hooks/commit-msg"
PYTHON = "#!/usr/bin/env python3\nprint('theirs')\n"
SETTINGS = '{\r\n\t"model" : "x", "hooks": { "Stop": [ ] } }'


def init(mode=""):
    store = Store.common(os.getcwd())
    with store.locked():
        installation.install(store, installation.plan(os.getcwd(), store, mode, "/usr"), "")


def uninstall():
    """Take all out; which files changed, and what was noted."""
    store = Store.common(os.getcwd())
    with store.locked():
        planned = removal.plan(os.getcwd(), store)
        removal.uninstall(store, planned)
    return [each.name for each in planned.written()], planned.notes


def everything(repository):
    """All files with bytes and modes, and all folders; devtools' own state apart."""
    found = {}
    for folder, names, files in os.walk(repository.path):
        names[:] = [name for name in names if not (folder.endswith(".git") and name in ("devtools", "objects", "logs"))]
        for name in files:
            path = os.path.join(folder, name)
            if not path.endswith((".git/index", "COMMIT_EDITMSG")):
                found[path] = (Path(path).read_bytes(), os.stat(path).st_mode)
        found[folder] = None
    return found


@pytest.mark.parametrize(
    "files",
    [
        {},
        {".claude/settings.json": SETTINGS, "LEARNINGS.md": "mine"},
        {".claude/settings.json": "", "pyproject.toml": "[project]", HOOK: "#!/bin/sh\necho mine"},
        {".claude/commands/commit.md": "mine", HOOK: PYTHON, "devtools.toml": "[tdd]\nmode = 'off'"},
    ],
)
def test_every_file_is_as_before(repository, files):
    for name, text in files.items():
        repository.put(name, text)
        (repository.path / name).chmod(0o755 if name == HOOK else 0o640)
    before = everything(repository)
    init("warn")
    init("strict")
    assert everything(repository) != before
    uninstall()
    assert everything(repository) == before


def test_a_second_one_has_nothing_to_do(repository):
    init()
    assert ".claude/settings.json" in uninstall()[0]
    assert not (repository.path / ".claude").exists()
    assert uninstall() == ([], [])


def test_later_edits_stay(repository):
    repository.put("pyproject.toml", "[project]\nname = 'x'\n")
    init("warn")
    settings = repository.path / ".claude/settings.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "model": "x"}))
    for name, more in (("LEARNINGS.md", "- one\n"), (HOOK, "echo mine\n"), (".claude/commands/tdd.md", "mine\n")):
        repository.put(name, (repository.path / name).read_text() + more)
    path = repository.path / "pyproject.toml"
    path.write_text("# mine\n" + path.read_text())
    (repository.path / ".claude/commands/learn.md").unlink()
    assert uninstall()[1] == [
        ".claude/commands/tdd.md stays: it holds what you wrote into it",
        "LEARNINGS.md stays: it holds what you wrote into it",
    ]
    assert json.loads(settings.read_text()) == {"model": "x"}
    assert (repository.path / HOOK).read_text() == "#!/bin/sh\necho mine\n"
    assert path.read_text() == "# mine\n[project]\nname = 'x'\n"
    assert [each.name for each in (repository.path / ".claude/commands").iterdir()] == ["tdd.md"]


def test_an_edit_that_meets_ours_stays(repository):
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    init("warn")
    repository.put("devtools.toml", '[tdd]\nmode = "strict"\n')
    assert uninstall()[1] == ["devtools.toml stays: it holds what you wrote into it"]
    assert (repository.path / "devtools.toml").read_text() == '[tdd]\nmode = "strict"\n'


@pytest.mark.parametrize("hook", ["", "#!/bin/sh\necho mine\n", PYTHON])
def test_a_clone_whose_files_init_did_not_write_loses_ours_alone(repository, hook):
    if hook:
        repository.put(HOOK, hook)
        (repository.path / HOOK).chmod(0o755)
    init()
    repository.put(".claude/commands/tdd.md", "!`devtools tdd --exit-zero` of old\n")
    (repository.path / ".git/devtools/setup.json").unlink()
    assert uninstall()[1] == [".claude/commands/tdd.md stays: it is not as this devtools writes it"]
    assert [each.name for each in (repository.path / ".claude").rglob("*.md")] == ["tdd.md"]
    assert not (repository.path / ".claude/settings.json").exists()
    assert (repository.path / "LEARNINGS.md").exists()
    assert ((repository.path / HOOK).read_text() if hook else "") == hook
    assert not (repository.path / f"{HOOK}.before-devtools").exists()


def test_a_file_of_another_working_tree_is_left_alone(repository, monkeypatch):
    repository.put("a", "")
    repository.commit()
    init()
    repository.git("worktree", "add", "-q", "../linked")
    monkeypatch.chdir(repository.path / "../linked")
    init()
    uninstall()
    assert not (repository.path / "../linked/.claude").exists()
    assert (repository.path / ".claude/settings.json").exists()
    monkeypatch.chdir(repository.path)
    uninstall()
    assert not (repository.path / ".claude").exists()


def test_settings_that_a_person_broke_refuse_the_whole(repository):
    init()
    repository.put(".claude/settings.json", "{,}")
    with pytest.raises(UsageError, match="line 1"):
        uninstall()
    assert (repository.path / "LEARNINGS.md").exists()


def test_a_hook_that_is_a_link_is_left_alone(repository, tmp_path):
    repository.put(".git/hooks/x", "")
    (repository.path / HOOK).symlink_to(tmp_path / "x")
    init()
    uninstall()
    assert (repository.path / HOOK).is_symlink()
