import json
import os
import shutil

import pytest

from devtools.git import status as git
from devtools.project.config import Config
from devtools.system import state
from devtools.tdd.cycle import Cycle, cycle_of, started

RED = started(Cycle(), "adds", "a" * 40, "a" * 40, "", Config())


def test_the_root_is_found_from_any_folder_and_for_files_that_do_not_exist_yet(repository, tmp_path):
    root = str(repository.path)
    assert state.root_of(root) == root
    assert state.root_of(os.path.join(root, "a", "b", "new.py")) == root
    assert state.root_of(str(tmp_path / "elsewhere")) == ""


def test_a_linked_worktree_is_the_same_repository_and_a_clone_is_not(repository, tmp_path):
    repository.put("a", "")
    repository.commit()
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    repository.git("clone", "-q", ".", str(tmp_path / "clone"))
    here = state.repository_of(str(repository.path))
    assert here == os.path.realpath(repository.path / ".git")
    assert state.repository_of(str(tmp_path / "linked")) == here
    assert state.repository_of(str(tmp_path / "clone")) != here
    assert state.root_of(str(tmp_path / "linked" / "a")) == str(tmp_path / "linked")


def test_a_cycle_is_read_and_a_malformed_one_is_said(repository):
    root = str(repository.path)
    assert cycle_of(root).phase == "idle"
    repository.keep("cycle.json", json.dumps(Cycle(number=3).to_json()))
    assert cycle_of(root).number == 3
    for text in ('{"phase": "blue"}', "{"):
        repository.keep("cycle.json", text)
        with pytest.raises(ValueError, match=r"devtools/cycle\.json: "):
            cycle_of(root)


def test_what_lies_in_the_working_tree_is_no_state(repository):
    repository.put(".devtools/cycle.json", json.dumps(RED.to_json()))
    repository.put(".devtools/seen", "7")
    repository.put(".devtools/logged", "0")
    root = str(repository.path)
    assert (cycle_of(root).phase, state.seen(root)) == ("idle", "")
    assert not repository.state.exists()


def test_neither_clean_nor_stash_takes_the_cycle_away(repository):
    repository.put("a", "")
    repository.commit()
    repository.keep("cycle.json", json.dumps(RED.to_json()))
    repository.put("b", "")
    repository.git("stash", "-q", "--all")
    repository.git("clean", "-ffdxq")
    assert cycle_of(str(repository.path)).phase == "red"


def test_a_linked_working_tree_and_a_submodule_have_cycles_of_their_own(repository, tmp_path):
    repository.put("a", "")
    repository.commit()
    linked, inner = str(tmp_path / "linked"), str(repository.path / "inner")
    repository.git("worktree", "add", "-q", linked)
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repository.path), "inner")
    repository.keep("cycle.json", json.dumps(RED.to_json()))
    assert [cycle_of(each).phase for each in (str(repository.path), linked, inner)] == ["red", "idle", "idle"]
    for number, root in enumerate((linked, inner)):
        state.see(root, str(number))
        os.makedirs(state.folder(root), exist_ok=True)
        with open(state.cycle_file(root), "w") as stream:
            json.dump(RED.having(number=number).to_json(), stream)
        assert (state.seen(root), cycle_of(root).number) == (str(number), number)
    assert os.listdir(linked) == os.listdir(inner)
    assert state.seen(str(repository.path)) == ""


def test_a_git_file_that_leads_to_no_git_directory_makes_nothing_there(tmp_path):
    (tmp_path / "tree").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "tree" / ".git").write_text("gitdir: ../home\n")
    root = str(tmp_path / "tree")
    state.see(root, "7")
    assert (cycle_of(root).phase, state.seen(root)) == ("idle", "")
    assert os.listdir(tmp_path / "home") == []
    assert cycle_of("").phase == "idle"


def test_the_directory_that_git_is_told_holds_the_state_of_a_tree_without_one(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_DIR", str(repository.path / ".git"))
    state.see(str(tmp_path), "7")
    assert (repository.state / "seen").read_text() == "7"


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, "\0", "7", '{"number": ' + "7" * 5000 + "}"])
def test_a_cycle_of_another_shape_is_malformed(repository, text):
    repository.keep("cycle.json", text)
    with pytest.raises(ValueError, match="cycle"):
        cycle_of(str(repository.path))


@pytest.mark.parametrize("kind", ["a link to /dev/zero", "a link to a cycle", "a pipe", "a folder"])
@pytest.mark.parametrize("name", ["cycle.json", state.SEEN])
def test_a_state_file_that_is_none_is_neither_read_nor_waited_for_nor_written_through(repository, kind, name):
    repository.keep("red.json", json.dumps(RED.to_json()))
    place, root = repository.state / name, str(repository.path)
    if kind == "a pipe":
        os.mkfifo(place)
    elif kind == "a folder":
        place.mkdir()
    else:
        os.symlink("/dev/zero" if "zero" in kind else "red.json", place)
    assert state.seen(root) == ""
    if name == "cycle.json":
        with pytest.raises(ValueError, match="cycle"):
            cycle_of(root)
    state.see(root, "7")
    assert (repository.state / "red.json").read_text() == json.dumps(RED.to_json())


def test_a_text_beyond_the_bound_is_not_read(repository):
    with open(repository.path / "pyproject.toml", "wb") as stream:
        stream.truncate(state.MOST + 1)
    with pytest.raises(OSError, match="more than"):
        state.text(str(repository.path / "pyproject.toml"))


def test_a_cycle_is_known_to_be_begun_here_and_not_in_a_copy(repository, tmp_path):
    root, copy = str(repository.path), str(tmp_path / "copy")
    assert not state.is_begun_here(root)
    state.begin_here(root)
    shutil.copytree(root, copy)
    assert (state.is_begun_here(root), state.is_begun_here(copy)) == (True, False)


def test_a_mark_changes_with_any_file_that_is_written_or_gone(repository):
    root = str(repository.path)
    repository.put("a.py", "1")
    repository.put("b.py", "1")
    marks = [state.mark_of(root, ["a.py", "b.py"])]
    assert marks == [state.mark_of(root, ["b.py", "a.py"])]
    repository.put("a.py", "22")
    marks.append(state.mark_of(root, ["a.py", "b.py"]))
    os.unlink(repository.path / "b.py")
    marks.append(state.mark_of(root, ["a.py", "b.py"]))
    assert len(set(marks)) == 3


def test_what_was_seen_is_kept(repository):
    root = str(repository.path)
    assert state.seen(root) == ""
    state.see(root, "7")
    assert state.seen(root) == "7"


def test_sources_are_all_files_of_an_ending_outside_of_environments(repository):
    for name in ("a.py", "b/c.py", "b/d.txt", ".hidden/e.py", "node_modules/f.py", "env/pyvenv.cfg", "env/g.py"):
        repository.put(name, "")
    assert sorted(state.sources(str(repository.path), frozenset((".py",)))) == ["a.py", "b/c.py"]


def test_a_tracked_file_is_known_from_the_index_and_in_doubt_it_is_not(repository, tmp_path):
    repository.put("src/a.py", "")
    repository.put("new.py", "")
    root = str(repository.path)
    assert not state.is_tracked(root, "src/a.py")
    repository.git("add", "src")
    assert [state.is_tracked(root, path) for path in ("src/a.py", "a.py", "src", "new.py")] == [
        True,
        False,
        False,
        False,
    ]
    repository.commit()
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    repository.git("rm", "-q", "--cached", "new.py")
    assert [state.is_tracked(each, "new.py") for each in (root, str(tmp_path / "linked"))] == [False, True]
    repository.git("update-index", "--index-version", "4")
    assert not state.is_tracked(root, "src/a.py")


@pytest.mark.parametrize(
    ("pattern", "path", "may"),
    [
        ("*.log", "src/a.py", False),
        ("*.py", "src/a.py", True),
        ("build/", "src/a.py", False),
        ("src/", "src/a.py", True),
        ("/src/gen", "src/gen/a.py", True),
        ("SRC", "src/a.py", True),
        ("# src\n!src\n\n", "src/a.py", False),
        ("s?c", "src/a.py", True),
        ("sr*c", "src/a.py", True),
        ("*", "src/a.py", True),
        ("**", "src/a.py", True),
    ],
)
def test_a_pattern_that_surely_fits_another_name_ignores_nothing(repository, pattern, path, may):
    repository.put(".gitignore", f"{pattern}\n")
    assert state.may_be_ignored(str(repository.path), path) is may
    assert may or not git.is_ignored(str(repository.path), path)


def test_patterns_of_every_place_are_looked_at(repository, monkeypatch, tmp_path):
    root = str(repository.path)
    (repository.path / ".git" / "info").mkdir(exist_ok=True)
    for place in ("src/.gitignore", ".git/info/exclude"):
        repository.put(place, "a.py\n")
        assert state.may_be_ignored(root, "src/a.py")
        assert not state.may_be_ignored(root, "src/b.py")
        repository.put(place, "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    (tmp_path / "settings" / "git").mkdir(parents=True)
    (tmp_path / "settings" / "git" / "ignore").write_text("a.py\n")
    assert state.may_be_ignored(root, "src/a.py")
    repository.git("config", "core.excludesFile", "/elsewhere")
    assert state.may_be_ignored(root, "src/b.py")
