import json

import pytest

from devtools.errors import DevtoolsError, ToolError
from devtools.git import snapshot
from devtools.project.project import load
from devtools.tdd import store as cycling
from devtools.tdd.cycle import Cycle, aborted, started


@pytest.fixture
def root(repository):
    repository.put("a.py", "old\n")
    repository.put("test_a.py", "old\n")
    repository.commit()
    return str(repository.path)


def test_a_cycle_begins_with_the_tests_of_head_and_all_else_as_it_lies(root, repository):
    repository.put("a.py", "edited\n")
    repository.put("test_a.py", "edited\n")
    repository.put("test_new.py", "")
    repository.put("new.py", "")
    tree, head = cycling.begin(load(root))
    assert sorted(snapshot.entries(root, tree)) == ["a.py", "new.py", "test_a.py"]
    assert snapshot.read(root, tree, "a.py") == b"edited\n"
    assert snapshot.read(root, tree, "test_a.py") == b"old\n"
    assert head == repository.git("rev-parse", "HEAD").strip()
    now = snapshot.worktree_tree(root)
    assert cycling.tested(load(root), tree, now) == ["test_a.py", "test_new.py"]
    assert cycling.produced(load(root), snapshot.tree_of(root, "HEAD"), now) == ["a.py", "new.py"]


def test_a_repository_without_a_commit_begins_with_nothing_tested(repository):
    repository.put("a.py", "")
    repository.put("test_a.py", "")
    tree, head = cycling.begin(load(str(repository.path)))
    assert (list(snapshot.entries(str(repository.path), tree)), head) == (["a.py"], "")


def test_what_is_saved_is_loaded_logged_and_safe_from_gc(root, repository):
    tree, head = cycling.begin(load(root))
    tree = snapshot.compose(root, tree, {"test_a.py": None})
    cycle = started(Cycle(), "adds", tree, tree, head, load(root).config)
    cycling.save(root, Cycle(), cycle, "start", True)
    repository.git("gc", "-q", "--prune=now")
    assert list(snapshot.entries(root, tree)) == ["a.py"]
    assert cycling.load(root)[0].to_json() == cycle.to_json()
    cycling.save(root, cycle, aborted(cycle), "abort", True)
    assert repository.git("for-each-ref", "refs/worktree") == ""
    (entry,) = cycling.log(root)
    assert (entry["cycle"], entry["behaviour"]) == (1, "adds")
    assert [(step["step"], step["ok"], step["result"]) for step in entry["steps"]] == [
        ("start", True, "started"),
        ("abort", True, "aborted: adds"),
    ]
    assert repository.git("status", "--porcelain") == ""


def test_the_second_of_two_sessions_is_told_so_and_changes_nothing(root):
    tree, head = cycling.begin(load(root))
    one = started(Cycle(), "one", tree, tree, head, load(root).config)
    cycling.save(root, Cycle(), one, "start", True)
    with pytest.raises(DevtoolsError, match="another session moved this cycle"):
        cycling.save(root, Cycle(), one.having(behaviour="two"), "start", True)
    assert cycling.load(root)[0].behaviour == "one"


def test_only_the_last_fifty_cycles_are_logged(root):
    for number in range(1, 53):
        before = Cycle(number=number - 1) if number > 1 else Cycle()
        cycling.save(root, before, Cycle(number=number), "abort", True)
    assert [entry["cycle"] for entry in cycling.log(root)][::49] == [52, 3]


def test_a_malformed_state_is_said_and_taken_for_idle(root, repository):
    repository.keep("cycle.json", '{"phase": "blue"}')
    repository.keep("cycles.json", '{"cycles": 1}')
    cycle, said = cycling.load(root)
    assert (cycle.phase, cycling.log(root)) == ("idle", [])
    assert said.endswith("malformed at phase 'blue': taken for idle")


def test_a_tree_that_is_gone_is_a_fault_of_the_tool(root):
    with pytest.raises(ToolError, match="git update-ref failed"):
        cycling.save(root, Cycle(), Cycle("red", 1, start="b" * 40, frozen="b" * 40), "start", True)
    assert json.dumps(cycling.load(root)[0].to_json()) == json.dumps(Cycle().to_json())


def test_what_strays_in_red_is_production_that_does_something_else(root, repository):
    repository.put("b.py", "x = 1\n")
    tree, head = cycling.begin(load(root))
    red = started(Cycle(), "adds", tree, tree, head, load(root).config)
    repository.put("a.py", "new()\n")
    repository.put("b.py", "# a comment\nx  =  1\n")
    repository.put("c.py", "")
    repository.put("test_a.py", "new\n")
    repository.put("README.md", "new\n")
    assert cycling.strayed(root, red) == ["a.py", "c.py"]
    assert cycling.strayed(root, red.having(phase="refactor")) == []


def test_what_strays_in_green_is_a_witnessed_test(root, repository):
    repository.put("test_b.py", "old\n")
    seen = snapshot.worktree_tree(root)
    green = Cycle("green", 1, seen=seen, witnessed=("test_a.py::test_x",))
    for name in ("a.py", "test_a.py", "test_b.py"):
        repository.put(name, "new\n")
    assert cycling.strayed(root, green) == ["test_a.py"]
    assert cycling.strayed(root, green.having(seen="")) == []


def test_head_moved_only_where_commits_brought_other_production(root, repository):
    head = repository.git("rev-parse", "HEAD").strip()
    red = Cycle("red", 1, head=head, tests=("test_*.py",))
    assert not cycling.moved(root, red)
    repository.put("test_a.py", "new\n")
    repository.commit()
    assert not cycling.moved(root, red)
    repository.put("a.py", "new\n")
    repository.commit()
    assert cycling.moved(root, red)
    assert not cycling.moved(root, red.having(head=""))
