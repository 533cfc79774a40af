"""kill -9 at random moments of a commit: index and files are as before or as after, never between."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from devtools.commit import transaction as committing
from devtools.git import draft as drafts

ROUNDS = 16
ARGV = [sys.executable, "-m", "devtools", "commit", "-m", "docs: x", "a.txt", "--insight"]
CHECKS = "".join(f"{name} = 'true'\n" for name in ("lint", "format", "types", "tests"))


def descendants(pid):
    """The process and all that came from it, sessions of their own included."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as stream:
                parents.setdefault(int(stream.read().rpartition(")")[2].split()[1]), []).append(int(name))
        except OSError:
            continue
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


class Witness:
    """What a kill must leave as it was, or as it is to be."""

    def __init__(self, repository):
        self.repository = repository

    def seen(self):
        files = {path.name: path.read_bytes() for path in self.repository.path.glob("*.*") if path.is_file()}
        head = self.repository.git("rev-parse", "HEAD").strip()
        return head, self.repository.git("write-tree").strip(), files

    def sound(self):
        done = subprocess.run(["git", "fsck", "--no-dangling"], cwd=self.repository.path, capture_output=True)
        assert (done.returncode, done.stdout) == (0, b"")
        assert not (self.repository.path / ".git/index.lock").exists()


@pytest.fixture
def witness(repository):
    repository.put("devtools.toml", f"[tdd]\nmode = 'off'\n[checks]\n{CHECKS}")
    repository.put("a.txt", "0\n")
    repository.put("b.txt", "0\n")
    repository.put("LEARNINGS.md", "# Learnings\n\n## General\n\n- Old.\n")
    repository.commit()
    repository.put("LEARNINGS.md", "# Learnings\n\nUnsaved.\n\n## General\n\n- Old.\n")
    return Witness(repository)


def a_round(witness, number, delay, whole):
    """Change a.txt and have it committed, b.txt staged, both again unsaved; kill after `delay` seconds."""
    repository = witness.repository
    repository.put("b.txt", f"{number} staged\n")
    repository.git("add", "b.txt")
    repository.put("b.txt", f"{number} saved\n")
    repository.put("a.txt", f"{number}\n")
    before = witness.seen()
    started = time.perf_counter()
    argv = [*ARGV, f"Insight {number}."]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    if delay is not None:
        time.sleep(delay)
        kill(descendants(process.pid) if whole else [process.pid])
    process.wait()
    return before, time.perf_counter() - started


def bullet(number):
    return f"- Insight {number}.\n".encode()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="finds processes in /proc")
@pytest.mark.parametrize("whole", [False, True], ids=["the command", "the command and all it started"])
def test_a_kill_at_a_random_moment_loses_nothing(witness, whole):
    choose = random.Random()
    place = drafts.find(str(witness.repository.path))
    _, seconds = a_round(witness, "first", None, whole)
    made, kept = 0, []
    for number in range(ROUNDS):
        (tip, tree, files), _ = a_round(witness, number, choose.uniform(0.5, 1.2) * seconds, whole)
        with drafts.held(place):  # what outlives the command holds this
            if whole:
                committing.recover(place)
        now_tip, now_tree, now_files = witness.seen()
        witness.sound()
        if now_tip == tip:
            assert (now_tree, now_files) == (tree, files)
            kept.append(
                bullet(number)
            )  # a commit that was not made leaves its insight to the next one, if it got so far
        else:
            made += 1
            assert witness.repository.git("rev-parse", "HEAD^").strip() == tip
            assert now_tree == witness.repository.git("rev-parse", "HEAD^{tree}").strip()
            assert {**now_files, "LEARNINGS.md": b""} == {**files, "LEARNINGS.md": b""}
            assert now_files["LEARNINGS.md"].startswith(files["LEARNINGS.md"])
            *others, own = now_files["LEARNINGS.md"].removeprefix(files["LEARNINGS.md"]).splitlines(keepends=True)
            assert own == bullet(number)
            assert others == [each for each in kept if each in others]
            kept = [each for each in kept if each not in others]
            assert witness.repository.git("show", "HEAD:LEARNINGS.md").encode().endswith(b"".join([*others, own]))
            assert witness.repository.git("show", "HEAD:a.txt", "HEAD:b.txt") == f"{number}\n{number} staged\n"
    assert not os.path.exists(place.path("journal"))
    print(f"{made} of {ROUNDS} commits were made")
