import json

import pytest

from devtools.project.project import load
from devtools.tdd import store as cycling
from devtools.tdd.cycle import Cycle, started, witnessed


@pytest.fixture
def cycle(repository):
    """A repository with an open cycle in phase red."""
    repository.put("src/a.py", "x = 1\n")
    repository.put("test_a.py", "old\n")
    repository.commit()
    root = str(repository.path)
    tree, head = cycling.begin(load(root))
    cycle = started(Cycle(), "adds", tree, tree, head, load(root).config)
    cycling.save(root, Cycle(), cycle, "start", True)
    return cycle


@pytest.fixture
def after(hook):
    def after(**payload):
        given = {"tool_name": "Bash", "tool_input": {"command": "x"}, "tool_response": {}, **payload}
        return hook("post-tool-use", **given)

    return after


def test_production_written_by_a_shell_command_in_red_is_told_once_with_the_way_back(after, cycle, repository):
    assert after() == {}
    repository.put("src/a.py", "x = 2\n")
    repository.put("src/new.py", "")
    assert after() == {
        "decision": "block",
        "reason": "devtools: phase red: src/a.py, src/new.py changed, but production code is locked until a new "
        "test fails: run devtools tdd restore, which keeps a copy of what is there now",
    }
    assert after() == {}
    repository.put("src/a.py", "x = 3\n")
    assert after()["decision"] == "block"


def test_what_the_tool_of_a_server_wrote_is_seen_like_what_a_shell_wrote(after, cycle, repository):
    repository.put("src/a.py", "x = 2\n")
    assert after(tool_name="Read") == {}
    assert "src/a.py" in after(tool_name="mcp__python__run", tool_input={})["reason"]


def test_what_git_itself_writes_is_seen_from_a_folder_below(after, cycle, repository):
    repository.put("src/a.py", "x = 2\n")
    repository.git("stash", "-q")
    assert after() == {}
    repository.git("stash", "pop", "-q")
    assert "src/a.py" in after(cwd=str(repository.path / "src"))["reason"]


def test_many_files_are_counted(after, cycle, repository):
    for number in range(5):
        repository.put(f"src/m{number}.py", "")
    assert "src/m0.py, src/m1.py, src/m2.py and 2 more changed" in after()["reason"]


def test_tests_documents_and_formatting_are_free_in_red(after, cycle, repository):
    repository.put("src/a.py", "x = 1  # formatted\n")
    repository.put("test_a.py", "new\n")
    repository.put("README.md", "new\n")
    assert after() == {}


def test_witnessed_tests_hold_in_green_and_production_is_free(after, cycle, repository):
    root = str(repository.path)
    from devtools.git import snapshot

    green = witnessed(cycle, ("test_a.py::test_a",), snapshot.worktree_tree(root))
    cycling.save(root, cycle, green, "red", True)
    repository.put("src/a.py", "x = 2\n")
    assert after() == {}
    repository.put("test_a.py", "weaker\n")
    assert "test_a.py changed, but the witnessed tests must stay as they are: run" in after()["reason"]


def test_the_mode_decides_how_loud_it_is(after, cycle, repository):
    repository.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    repository.put("src/a.py", "x = 2\n")
    answer = after()
    assert answer["systemMessage"].startswith("devtools warns: phase red: src/a.py changed")
    assert answer["hookSpecificOutput"]["additionalContext"] == answer["systemMessage"]
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    repository.put("src/a.py", "x = 3\n")
    assert after() == {}


def test_no_cycle_other_tools_and_other_folders_cost_nothing(after, cycle, repository, tmp_path):
    repository.put("src/a.py", "x = 2\n")
    assert after(tool_name="Read") == {}
    assert after(cwd=str(tmp_path)) == {}
    repository.keep("cycle.json", json.dumps(Cycle().to_json()))
    assert after() == {}
    assert not (repository.state / "seen").exists()


def test_a_switch_of_branches_is_no_ones_fault_and_is_told_another_way(after, cycle, repository):
    repository.git("switch", "-q", "-c", "other")
    repository.put("src/a.py", "x = 2\n")
    repository.commit()
    assert "HEAD moved since the cycle began: run devtools tdd abort" in after()["reason"]
