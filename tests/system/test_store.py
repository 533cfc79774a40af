import fcntl
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from devtools.errors import ToolError, UsageError
from devtools.system import store
from devtools.system.store import Store


def test_the_last_fifty_runs_are_kept_and_found_by_number(repository):
    kept = Store(str(repository.path))
    with pytest.raises(UsageError, match="no run is stored yet"):
        kept.run()
    assert [kept.add_run({"n": n}) for n in range(52)] == list(range(1, 53))
    assert kept.run() == {"run": 52, "n": 51}
    assert kept.run(3) == {"run": 3, "n": 2}
    with pytest.raises(UsageError, match="no run 2 is stored"):
        kept.run(2)


def test_what_is_stored_lies_where_git_neither_looks_nor_cleans(repository):
    Store(str(repository.path)).add_run({"a": 1})
    assert repository.git("status", "--porcelain", "--ignored") == ""
    repository.git("clean", "-ffdxq")
    assert Store(str(repository.path)).run() == {"run": 1, "a": 1}
    assert os.listdir(repository.path) == [".git"]


def test_a_linked_working_tree_has_its_own_and_shares_what_is_kept_by_content(repository, tmp_path):
    repository.put("a", "")
    repository.commit()
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    here, there = str(repository.path), str(tmp_path / "linked")
    Store(here).write("a.json", {"a": 1})
    Store.common(there).write("b.json", {"b": 1})
    assert (Store(there).read("a.json"), Store.common(there).read("a.json")) == ({}, {"a": 1})
    assert Store.common(here).read("b.json") == {"b": 1}
    assert sorted(os.listdir(there)) == [".git", "a"]


def test_outside_of_a_git_directory_nothing_is_kept(tmp_path):
    store = Store(str(tmp_path))
    assert store.read("a.json") == {}
    with pytest.raises(ToolError, match="no git directory"):
        store.write("a.json", {})
    assert os.listdir(tmp_path) == []


def test_a_linked_folder_or_lock_is_followed_by_nobody(repository, tmp_path):
    store = Store(str(repository.path))
    os.symlink(tmp_path, repository.state)
    with pytest.raises(OSError, match="devtools"):
        store.write("a.json", {})
    assert (store.read("a.json"), sorted(os.listdir(tmp_path))) == ({}, ["repository"])
    repository.state.unlink()
    repository.state.mkdir()
    (tmp_path / "kept").write_text("theirs")
    os.symlink(tmp_path / "kept", repository.state / "lock")
    with pytest.raises(OSError, match="symbolic"):
        store.write("a.json", {})
    assert (tmp_path / "kept").read_text() == "theirs"


@pytest.mark.parametrize("text", ["[1,", "[1]", "[" * 200_000, '{"a":' * 200_000, "7" * 5000])
def test_a_file_of_another_shape_is_as_if_it_were_not_there(repository, text):
    repository.keep("greens.json", text)
    assert Store(str(repository.path)).read("greens.json") == {}


def test_what_a_kill_left_is_swept(repository):
    repository.keep("a.json.~0123", "")
    os.utime(repository.state / "a.json.~0123", (0, 0))
    Store(str(repository.path)).write("b.json", {})
    assert sorted(os.listdir(repository.state)) == ["b.json", "lock"]


def test_a_green_is_found_by_its_fingerprint_alone_and_the_oldest_go(repository):
    kept = Store(str(repository.path))
    for n in range(51):
        kept.add_green(f"key{n}", {"n": n})
    assert kept.green("key50") == {"n": 50}
    assert kept.green("key0") is None


def test_a_damaged_file_is_as_if_it_were_not_there(repository):
    repository.keep("greens.json", "[1,")
    assert Store(str(repository.path)).green("key") is None
    repository.keep("greens.json", "[1]")
    assert Store(str(repository.path)).read("greens.json") == {}


def test_sessions_side_by_side_lose_no_run(repository):
    kept = Store(str(repository.path))
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda n: kept.add_run({"n": n}), range(20)))
    assert sorted(numbers) == list(range(1, 21))


def test_of_a_long_log_the_head_and_the_tail_are_kept(repository):
    kept = Store(str(repository.path))
    text = f"first\n{'x' * 5_000_000}\nlast"
    kept.add_run({"checks": [{"name": "tests", "log": text}, {"name": "lint", "log": "short \udcff"}]})
    first, second = kept.run()["checks"]
    assert (first["log"][:6], first["log"][-5:]) == ("first\n", "\nlast")
    assert "bytes of output left out]" in first["log"]
    assert len(first["log"]) < 2_200_000
    assert second == {"name": "lint", "log": "short \udcff"}


def test_who_waits_too_long_for_another_session_is_told_so(repository, monkeypatch):
    kept = Store(str(repository.path))
    kept.write("a.json", {"a": 1})
    assert kept.read("a.json") == {"a": 1}
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.05)
    with open(repository.state / "lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ToolError, match="another devtools"):
            kept.write("a.json", {})
    assert kept.read("a.json") == {"a": 1}


def test_entries_are_added_to_an_object_and_the_oldest_go(repository):
    store = Store(str(repository.path))
    for key in "abca":
        store.add("things.json", key, {"key": key}, 2)
    assert store.read("things.json") == {"c": {"key": "c"}, "a": {"key": "a"}}
