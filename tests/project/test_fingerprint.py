import os
import sys

from devtools.project.fingerprint import digest, environment, files, installed


def key(repository, known=None):
    hashes, stats = files(str(repository.path), known)
    return digest(hashes), stats


def test_the_same_tree_has_the_same_fingerprint_and_is_not_read_again(repository, monkeypatch):
    repository.put("a.py", "1")
    os.utime(repository.path / "a.py", (1, 1))
    first, stats = key(repository)
    stats["a.py"][1] += 10_000_000_000  # as if hashed ten seconds after the last change
    monkeypatch.setattr("builtins.open", None)
    assert key(repository, stats)[0] == first


def test_each_kind_of_file_counts(repository):
    repository.put(".gitignore", "ignored.txt\n")
    seen = {key(repository)[0]}
    for name in ("conftest.py", "data/x.json", "ignored.txt", "module/.git", "odd\nname.py"):
        repository.put(name, "x")
        seen.add(key(repository)[0])
    os.symlink("nowhere", repository.path / "dangling")
    seen.add(key(repository)[0])
    (repository.path / "data/x.json").chmod(0o755)
    seen.add(key(repository)[0])
    assert len(seen) == 7  # module/.git is git's own


def test_a_change_within_one_tick_of_the_clock_is_seen_though_the_stat_is_the_same(repository):
    repository.put("a.py", "1")
    first, stats = key(repository)
    stat = os.stat(repository.path / "a.py")
    with open(repository.path / "a.py", "r+") as stream:
        stream.write("2")
    os.utime(repository.path / "a.py", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert key(repository, stats)[0] != first


def test_a_touched_file_with_the_same_content_is_the_same(repository):
    repository.put("a.py", "1")
    first, stats = key(repository)
    os.utime(repository.path / "a.py", (1, 1))
    assert key(repository, stats)[0] == first


def test_what_tools_leave_behind_does_not_count(repository):
    first, _ = key(repository)
    repository.put("__pycache__/a.pyc", "")
    repository.put(".venv/pyvenv.cfg", "")
    repository.put("node_modules/x.js", "")
    os.mkfifo(repository.path / "pipe")
    assert key(repository)[0] == first


def test_any_variable_counts_but_those_of_the_terminal():
    first = environment({"A": "1", "TERM": "x"})
    assert environment({"TERM": "y", "A": "1"}) == first
    assert environment({"A": "2"}) != first
    assert environment({"A": "1", "PYTEST_ADDOPTS": "-x"}) != first


def test_an_upgraded_dependency_changes_what_is_installed(tmp_path):
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    first = installed(str(python))
    (packages / "x-1.0.dist-info").mkdir()
    second = installed(str(python))
    (packages / "x-1.0.dist-info").rename(packages / "x-1.1.dist-info")
    assert len({first, second, installed(str(python))}) == 3


def test_more_parts_of_a_fingerprint_are_kept_apart():
    assert digest({}, "ab", "c") != digest({}, "a", "bc")


def test_stats_of_another_shape_are_as_if_they_were_not_there(repository):
    repository.put("a", "1")
    hashes, stats = files(str(repository.path))
    for known in (7, None, [], [stats["a"][0], "x", "y"], [stats["a"][0], 7], {"0": 7}):
        assert files(str(repository.path), {"a": known})[0] == hashes
