"""What stood before a tool ran is kept for each call, until an event after it has answered it."""

import json
import os

import pytest

from devtools.hooks import marks

NOW = 1_000_000.0


@pytest.fixture
def root(repository):
    repository.put("a", "")
    repository.commit("docs: one")
    return str(repository.path)


def call(session="s", tool="t", **more):
    return {"session_id": session, "tool_use_id": tool, **more}


def words(root, before):
    lines = marks.logged(root, before)
    return None if lines is None else [line.partition("\t")[2] for line in lines]


def commit(repository, message):
    repository.git("commit", "-q", "--allow-empty", "-m", message)


def test_a_call_is_answered_once_with_what_stood_before_it(root, repository):
    assert marks.answered(root, call(), NOW) == ({}, {})
    marks.keep(root, call(), NOW)
    commit(repository, "docs: two")
    before, after = marks.answered(root, call(), NOW)
    assert words(root, before) == ["commit: docs: two"]
    assert words(root, after) == []
    assert marks.answered(root, call(), NOW) == ({}, {})


def test_another_session_and_another_agent_take_no_mark_away(root, repository):
    others = (call("other"), call(agent_id="a"), call("s a"))
    for each in (call(), *others):
        marks.keep(root, each, NOW)
    commit(repository, "docs: two")
    for each in (*others, call()):
        assert words(root, marks.answered(root, each, NOW)[0]) == ["commit: docs: two"]


def test_of_two_calls_at_once_the_first_to_end_is_answered_and_the_other_with_what_came_later(root, repository):
    marks.keep(root, call(tool="1"), NOW)
    marks.keep(root, call(tool="2"), NOW + 1)
    commit(repository, "docs: two")
    assert words(root, marks.answered(root, call(tool="2"), NOW + 2)[0]) == ["commit: docs: two"]
    commit(repository, "docs: three")
    assert words(root, marks.answered(root, call(tool="1"), NOW + 3)[0]) == ["commit: docs: three"]


def test_a_call_that_no_event_answered_is_answered_with_the_next(root, repository):
    marks.keep(root, call(tool="1"), NOW)
    commit(repository, "docs: two")
    marks.keep(root, call(tool="2"), NOW + 1)
    assert words(root, marks.answered(root, call(tool="2"), NOW + 1)[0]) == ["commit: docs: two"]
    marks.keep(root, call(tool="3"), NOW + marks.STRAY_SECONDS + 1)
    assert words(root, marks.answered(root, call(tool="3"), NOW + marks.STRAY_SECONDS + 1)[0]) == []


def test_a_refused_call_leaves_no_mark(root):
    marks.keep(root, call(), NOW)
    marks.drop(root, call())
    assert marks.answered(root, call(), NOW) == ({}, {})
    marks.drop("", call())


def test_marks_are_bounded_in_number_and_age(root, repository):
    folder = repository.state / "marks"
    for number in range(marks.KEPT + 3):
        marks.keep(root, call(tool=str(number)), NOW)
        os.utime(next(iter(sorted(folder.iterdir(), key=os.path.getmtime, reverse=True))), (NOW + number,) * 2)
    assert len(list(folder.iterdir())) == marks.KEPT
    marks.keep(root, call("later"), NOW + 2 * marks.SECONDS)
    assert len(list(folder.iterdir())) == 1


def test_a_log_that_was_cut_or_removed_is_known_and_one_that_lost_old_lines_is_read_on(root, repository):
    log = repository.path / ".git" / "logs" / "HEAD"
    commit(repository, "docs: two")
    before = marks.taken(root)
    commit(repository, "docs: three")
    log.write_text("".join(log.read_text().splitlines(keepends=True)[1:]))
    assert words(root, before) == ["commit: docs: three"]
    log.write_text("")
    assert words(root, before) is None
    log.unlink()
    assert words(root, before) is None
    assert words(root, {**before, marks.TAILED: "", marks.LOG: "0"}) == []
    os.mkfifo(log)
    assert words(root, before) is None


def test_what_decides_on_hooks_is_marked_and_a_person_s_other_settings_are_not(root, repository, tmp_path, monkeypatch):
    home = tmp_path / "home"
    (home / ".claude").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(repository.path / "below"))
    before = marks.taken(root)
    (home / ".claude" / "settings.json").write_text(json.dumps({"env": {"KEY": "secret", "PATH": "/x"}}))
    (home / ".gitconfig").write_text("[core]\n\thooksPath = /x\n")
    repository.put("below/.claude/settings.local.json", '{"disableAllHooks": true}')
    repository.put(".git/hooks/pre-commit", "")
    repository.put(".git/hooks/other.sample", "")
    repository.put("pyproject.toml", "a = 1\n")
    repository.git("config", "user.name", "x")
    after = marks.taken(root)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == {
        "pyproject.toml",
        f"client {home}/.claude/settings.json",
        f"client {repository.path}/below/.claude/settings.local.json",
        f"git {home}/.gitconfig",
        f"hook {repository.path}/.git/hooks/pre-commit",
    }
    assert "secret" not in json.dumps(after)


def test_in_a_linked_working_tree_the_common_hooks_and_settings_are_marked(root, repository, tmp_path):
    linked = tmp_path / "linked"
    repository.git("worktree", "add", "-q", str(linked))
    before = marks.taken(str(linked))
    repository.put(".git/hooks/pre-commit", "")
    repository.git("config", "core.hooksPath", "x")
    after = marks.taken(str(linked))
    assert {name.partition(" ")[0] for name in after if after[name] != before.get(name)} == {"git", "hook"}


@pytest.mark.parametrize("text", ["", "{}", "7", "[" * 99_999, '{"log": "1"}', '{"log": "x", "tail": "", "time": "y"}'])
def test_a_mark_of_another_shape_is_none(root, repository, text):
    marks.keep(root, call(), NOW)
    next((repository.state / "marks").iterdir()).write_text(text)
    assert marks.answered(root, call(), NOW) == ({}, {})


def test_a_folder_that_cannot_hold_marks_hinders_no_tool(root, repository, tmp_path):
    repository.state.mkdir()
    os.symlink(tmp_path, repository.state / "marks")
    marks.keep(root, call(), NOW)
    assert marks.answered(root, call(), NOW) == ({}, {})
    marks.keep("", call(), NOW)
    assert marks.answered("", call(), NOW) == ({}, {})
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_a_session_is_marked_as_a_whole_and_its_oldest_running_call_is_known(root, repository):
    assert (marks.begun(root, call()), marks.running(root, call())) == ({}, {})
    marks.begin(root, call(), NOW)
    marks.keep(root, call(tool="2"), NOW + 2)
    marks.keep(root, call(tool="1"), NOW + 1)
    assert marks.begun(root, call())["time"] == str(NOW)
    assert marks.running(root, call())["time"] == str(NOW + 1)
    assert (marks.begun(root, call("other")), marks.running("", call()), marks.begun("", call())) == ({}, {}, {})
    marks.begin("", call(), NOW)


@pytest.mark.parametrize("name", [".claude", ".claude/settings.json"])
def test_settings_that_a_link_brings_from_outside_are_not_read(root, repository, tmp_path, name):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "settings.json").write_text('{"disableAllHooks": true}')
    (repository.path / name).parent.mkdir(exist_ok=True)
    os.symlink(tmp_path / "outside" / ("" if name == ".claude" else "settings.json"), repository.path / name)
    said = marks.taken(root)[f"client {root}/.claude/settings.json"]
    assert said == f"switch a link that leads out of the repository={tmp_path}/outside/settings.json"
