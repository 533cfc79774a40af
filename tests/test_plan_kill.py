"""kill -9 at random moments of an apply: all commits of the plan are made, or none, and no byte of a file changes."""

import json
import os
import random
import subprocess
import sys
import time

import pytest

from devtools.git import draft as drafts
from devtools.plan import apply as chain
from tests.test_commit_kill import descendants, kill

ROUNDS = 8
DEVTOOLS = [sys.executable, "-m", "devtools", "commit"]


def planned(repository, number):
    """Three files changed, one of them staged, and the number of commits in a plan of them."""
    for name in ("a.json", "b.yaml", "c.toml"):
        repository.put(name, f"{number}\n")
    repository.git("add", "b.yaml")
    done = subprocess.run([*DEVTOOLS, "--plan", "--json"], capture_output=True, check=True)
    document = json.loads(done.stdout)
    assert len(document["commits"]) > 1
    repository.put("../PLAN.json", json.dumps(document))
    return len(document["commits"])


def seen(repository):
    """HEAD and the index, which must agree with one another as before or as after."""
    return repository.git("rev-parse", "HEAD").strip(), repository.git("write-tree").strip()


def applied(delay, whole):
    """Apply the plan, killed after `delay` seconds; how long it ran."""
    started = time.perf_counter()
    argv = [*DEVTOOLS, "--apply", "../PLAN.json"]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    if delay is not None:
        time.sleep(delay)
        kill(descendants(process.pid) if whole else [process.pid])
    process.wait()
    return time.perf_counter() - started


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="finds processes in /proc")
@pytest.mark.parametrize("whole", [False, True], ids=["the command", "the command and all it started"])
def test_a_kill_at_a_random_moment_leaves_all_commits_or_none(repository, whole):
    for name in ("a.json", "b.yaml", "c.toml"):
        repository.put(name, "1\n")
    repository.commit()
    place = drafts.find(str(repository.path))
    planned(repository, 1000)
    seconds = applied(None, whole)
    for number in range(ROUNDS):
        count = planned(repository, number)
        files = {path.name: path.read_bytes() for path in repository.path.glob("*.*") if path.is_file()}
        before = seen(repository)
        applied(random.uniform(0.5, 1.1) * seconds, whole)
        with drafts.held(place):  # what outlives the command holds this
            if whole:
                chain.recover(place)
        tip, tree = seen(repository)
        if tip == before[0]:
            assert tree == before[1]
        else:
            assert repository.git("rev-parse", f"HEAD~{count}").strip() == before[0]
            assert repository.git("status", "--porcelain", "-uno") == ""
        assert files == {path.name: path.read_bytes() for path in repository.path.glob("*.*") if path.is_file()}
        assert not (repository.path / ".git" / "index.lock").exists()
    planned(repository, 2000)
    done = subprocess.run([*DEVTOOLS, "--apply", "../PLAN.json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert repository.git("worktree", "list").count("\n") == 1
    assert repository.git("status", "--porcelain") == ""
