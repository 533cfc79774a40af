import fcntl
from concurrent.futures import ThreadPoolExecutor

import pytest

from devtools.adapters import store
from devtools.adapters.store import Store
from devtools.core.errors import ToolError, UsageError


def test_the_last_fifty_runs_are_kept_and_found_by_number(repository):
    kept = Store(str(repository.path))
    with pytest.raises(UsageError, match="no run is stored yet"):
        kept.run()
    assert [kept.add_run({"n": n}) for n in range(52)] == list(range(1, 53))
    assert kept.run() == {"run": 52, "n": 51}
    assert kept.run(3) == {"run": 3, "n": 2}
    with pytest.raises(UsageError, match="no run 2 is stored"):
        kept.run(2)


def test_what_is_stored_is_invisible_to_git(repository):
    Store(str(repository.path)).add_run({})
    assert repository.git("status", "--porcelain") == ""


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
