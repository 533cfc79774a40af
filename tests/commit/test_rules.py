import sys

import pytest

from devtools.commit import rules
from devtools.errors import UsageError
from devtools.git import snapshot
from devtools.project.project import load


@pytest.fixture
def judged(repository):
    """Commits the settings and reads them off the snapshot, while the working tree has others."""

    def call(text, here=""):
        repository.put("devtools.toml", text)
        repository.put("a.txt", text)
        repository.commit()
        repository.put("devtools.toml", here)
        return rules.of_snapshot(load(str(repository.path)), snapshot.tree_of(str(repository.path), "HEAD"))

    return call


def test_the_settings_are_those_of_the_snapshot_and_the_interpreter_is_this_machine_s(judged):
    found = judged("max-files = 7\npython = 'nowhere/python'\n", f"max-files = 9\npython = '{sys.executable}'\n")
    assert (found.config.max_files, found.config.python, found.python) == (7, sys.executable, sys.executable)


def test_a_snapshot_without_settings_has_the_defaults_and_its_own_manifest(judged, repository):
    repository.put("pyproject.toml", "[tool.other]\na = 1\n")
    found = judged("", "max-files = 9\n")
    assert (found.config.max_files, found.tool("other")) == (3, {"a": 1})


def test_settings_that_are_wrong_in_the_snapshot_are_named(judged):
    with pytest.raises(UsageError, match=r"unknown key devtools\.toml max-file, in the snapshot that is judged"):
        judged("max-file = 7\n")


def test_a_step_tells_the_settings_that_it_changes(judged, repository):
    before = judged("max-files = 7\n")
    old = snapshot.tree_of(before.root, "HEAD")
    after = judged("max-files = 8\n[tdd]\nmode = 'off'\n")
    new = snapshot.tree_of(before.root, "HEAD")
    said = ["max-files 7 -> 8", "tdd.mode strict -> off"]
    assert rules.changed(after, old, new, ["devtools.toml"]) == said
    assert rules.changed(after, old, new, ["a.txt"]) == []
    assert rules.changed(after, snapshot.EMPTY_TREE, new, ["devtools.toml"]) == []
    assert rules.waiting(before.config, after.config) == said
    repository.put("devtools.toml", "max-file = 8\n")
    repository.commit()
    wrong = snapshot.tree_of(before.root, "HEAD")
    assert rules.changed(after, old, wrong, ["devtools.toml"]) == [
        "unknown key devtools.toml max-file, in the snapshot that is judged"
    ]
