"""Git, asked through its own process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from devtools.errors import ToolError, UsageError
from devtools.git.safe_process import git, unfiltered
from devtools.system.state import root_of

# What git says in a bare repository, and in the git folder of another one.
NO_TREE = ("cannot use bare repository", "must be run in a work tree")


class TreeState(NamedTuple):
    """Where the working tree stands; `head` is empty before the first commit, the names are paths from the root."""

    branch: str
    head: str
    staged: tuple[str, ...]
    unstaged: tuple[str, ...]
    untracked: tuple[str, ...]
    conflicted: tuple[str, ...]
    ahead: int
    behind: int


def root(folder: str) -> str:
    """Return the working tree's top folder.

    UsageError outside of one, or with git's own reason where it refuses this one. ToolError where git itself does not
    work.
    """
    done = git(folder, "rev-parse", "--show-toplevel")
    if not done.code:
        return done.out.removesuffix("\n")
    # Else "run this in a repository, or git init" is said of a git that a signal has ended.
    if done.code < 0 or not done.err.strip():
        raise ToolError(f"git ended with code {done.code} and said nothing", "git --version shows whether it works")
    # Another owner's repository, damaged settings and a broken worktree were all called "not in a git working tree".
    place = root_of(folder)
    lines = [line.strip() for line in done.err.splitlines() if line.strip()]
    if not place and "not a git repository (or any" in lines[0]:
        raise UsageError("not in a git working tree", "run this in a repository, or git init")
    # git's own line would name safe.bareRepository, which we set and the person did not.
    if any(words in lines[0] for words in NO_TREE):
        raise UsageError("this is a folder of git's own, without a working tree", "run this in a clone or a worktree")
    mend = next((line for line in lines if line.startswith("git config ")), "")
    hint = f"if you trust it: {mend}" if mend else f"git status in {place or folder} says the same: fix that first"
    raise UsageError(f"git refuses this repository ({lines[0].removeprefix('fatal: ')})", hint)


def alias(folder: str, name: str) -> str:
    """Return what git would run for this name, or empty where it is no alias."""
    done = git(folder, "config", "--get", f"alias.{name}")
    return "" if done.code else done.out.removesuffix("\n")


def is_ignored(top: str, path: str) -> bool:
    """Return whether git leaves this path out, because it is ignored and not tracked."""
    return git(top, "check-ignore", "-q", "--", path).code == 0


def at_hand(top: str) -> list[str]:
    """Return the files that someone works at: those with uncommitted changes, else those of the last commit."""
    # A session's start asks this, and git status would run the filters and monitors that the settings name.
    now = state(top, unfiltered(top))
    names = [*now.staged, *now.unstaged, *now.untracked, *now.conflicted]
    done = git(top, "show", "--name-only", "--format=", "-z", "HEAD")
    return list(dict.fromkeys(names)) or [name for name in done.out.split("\0") if name and not done.code]


def state(top: str, env: Mapping[str, str] | None = None) -> TreeState:
    """Return what git status knows, with `env` besides: then git looks into no submodule, whose settings it would heed.

    ToolError with git's own words where it fails.
    """
    blind = ["--ignore-submodules=dirty"] if env else []
    done = git(top, "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", *blind, env=env)
    if done.code:
        raise ToolError("git status failed", done.err.strip().splitlines()[0] if done.err.strip() else "")
    return parse_status(done.out)


def parse_status(text: str) -> TreeState:
    """Read `git status --porcelain=v2 --branch -z`."""
    head = branch = ""
    ahead = behind = 0
    groups: dict[str, list[str]] = {"staged": [], "unstaged": [], "untracked": [], "conflicted": []}
    entries = iter(text.split("\0"))
    for entry in entries:
        kind = entry[:2]
        if kind == "# ":
            key, _, value = entry[2:].partition(" ")
            if key == "branch.oid":
                head = "" if value == "(initial)" else value
            elif key == "branch.head":
                branch = "" if value == "(detached)" else value
            elif key == "branch.ab":
                ahead, behind = (abs(int(number)) for number in value.split())
        elif kind in ("1 ", "2 "):
            name = entry.split(" ", 8 if kind == "1 " else 9)[-1]
            if kind == "2 ":
                next(entries, "")  # where it was renamed from
            if entry[2] != ".":
                groups["staged"].append(name)
            if entry[3] != ".":
                groups["unstaged"].append(name)
        elif kind == "u ":
            groups["conflicted"].append(entry.split(" ", 10)[-1])
        elif kind == "? ":
            groups["untracked"].append(entry[2:])
    names = {key: tuple(value) for key, value in groups.items()}
    return TreeState(branch=branch, head=head, ahead=ahead, behind=behind, **names)
