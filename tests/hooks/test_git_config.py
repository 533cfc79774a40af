"""What a `git config` command writes is read off its words, whichever options stand between them."""

import pytest

from devtools.hooks.git_config import decides_on_hooks, written


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("core.hooksPath /x", "core.hookspath"),
        ("--global --add core.hooksPath /x", "core.hookspath"),
        ("--file .git/config core.hooksPath /x", "core.hookspath"),
        ("-f x --type path core.hooksPath /x", "core.hookspath"),
        ("set --file=x Core.HooksPath /x", "core.hookspath"),
        ("unset core.hooksPath", "core.hookspath"),
        ("--unset-all core.hooksPath", "core.hookspath"),
        ("--rename-section core kore", "core."),
        ("remove-section core", "core."),
        ("include.path /x", "include.path"),
        ("includeIf.gitdir:/a.path /x", "includeif.gitdir:/a.path"),
        ("--remove-section include", "include."),
    ],
)
def test_what_decides_on_hooks_is_seen(line, key):
    assert written(line.split())[0] == key
    assert decides_on_hooks(key)


@pytest.mark.parametrize(
    "line", ["core.hooksPath", "--get core.hooksPath", "get core.hooksPath", "--list", "-l core.hooksPath", "", "-f x"]
)
def test_what_is_only_read_is_not_written(line):
    assert written(line.split()) == ("", [])


def test_another_key_is_written_with_its_value():
    assert written(["alias.x", "commit", "-n"]) == ("alias.x", ["commit"])
    assert written(["alias.x", "!git commit"]) == ("alias.x", ["!git commit"])
    assert not decides_on_hooks("alias.x")
    assert not decides_on_hooks("core.pager")
