import json
import os

import pytest

from devtools.adapters import state
from devtools.core.cycle import Cycle


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
    assert state.cycle_of(root).phase == "idle"
    repository.put(".devtools/cycle.json", json.dumps(Cycle(number=3).to_json()))
    assert state.cycle_of(root).number == 3
    for text in ('{"phase": "blue"}', "{"):
        repository.put(".devtools/cycle.json", text)
        with pytest.raises(ValueError, match=r"^\.devtools/cycle\.json: "):
            state.cycle_of(root)


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
    repository.put(".devtools/x", "")
    state.see(root, "7")
    assert state.seen(root) == "7"


def test_sources_are_all_files_of_an_ending_outside_of_environments(repository):
    for name in ("a.py", "b/c.py", "b/d.txt", ".hidden/e.py", "node_modules/f.py", "env/pyvenv.cfg", "env/g.py"):
        repository.put(name, "")
    assert sorted(state.sources(str(repository.path), frozenset((".py",)))) == ["a.py", "b/c.py"]
