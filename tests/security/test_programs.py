"""No hook, status line or look at the log executes what a repository's settings name."""

import subprocess

from devtools.adapters import git


def test_the_traps_of_these_tests_do_spring(trap, repository):
    subprocess.run(["git", "add", "-A", "-n", "."], cwd=repository.path, check=False, capture_output=True)
    subprocess.run(["git", "diff"], cwd=repository.path, check=False, capture_output=True)
    assert "program" in trap.sprung()


def test_the_start_of_a_session_runs_none(trap, hook):
    assert "devtools tdd" in hook("session-start")["hookSpecificOutput"]["additionalContext"]
    assert trap.sprung() == ""


def test_what_is_at_hand_is_seen_without_the_filters(trap, repository):
    assert set(git.at_hand(str(repository.path))) == {"a.py", "a.txt", "new.py"}
    assert trap.sprung() == ""
