"""Git, asked so that nothing of the repository's configuration is executed: hooks, statusline and the log ask it so.

A repository's settings name programs: a file system monitor, hooks, filters, converters for diffs, a pager, a program
for signatures. None of them may run where a person only looks, or where a model's tool asks on its own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from devtools.errors import ToolError
from devtools.system import environment
from devtools.system.process import Completed, run

OPTIONS = (
    *("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false"),
    # A bare repository within a tree is a folder of that tree: its settings are somebody else's.
    *("-c", "safe.bareRepository=explicit"),
)
# No transport may be started to fetch what a partial clone lacks: an address may name a program.
OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
QUIET = ("-c", "advice.addEmbeddedRepo=false", "-c", "core.safecrlf=false")
DIFFING = frozenset(("diff", "diff-files", "diff-index", "diff-tree", "log", "show"))
PLAIN = ("--no-ext-diff", "--no-textconv")
FILTERS = ("clean", "smudge", "process")


def git(
    folder: str,
    *arguments: str,
    feed: str | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> Completed:
    """Run git in the folder; `env` is what its environment has besides."""
    return run(["git", *OPTIONS, *plain(arguments)], folder, environment.of_git(env), timeout, feed=feed)


def answer(folder: str, *arguments: str, feed: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
    """Run git in the folder, where a path means itself whatever signs it holds; nothing is said of what we do there."""
    return git(folder, *QUIET, *arguments, feed=feed, env={"GIT_LITERAL_PATHSPECS": "1", **(env or {})})


def ask(folder: str, *arguments: str, feed: str | None = None, env: Mapping[str, str] | None = None) -> str:
    """Return what git answers. ToolError in git's own words where it has no answer."""
    done = answer(folder, *arguments, feed=feed, env=env)
    if done.code:
        raise ToolError(f"git {arguments[_verb(arguments)]} failed", reason(done))
    return done.out


def reason(done: Completed) -> str:
    """Return why git failed, in a line: what it marks fatal or error, else all that is no hint, a hook's words too."""
    lines = [line.strip() for line in done.err.splitlines() if line.strip() and not line.startswith("hint:")]
    marked = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    # With the word fatal in front, by which a person finds git's line in a long answer again.
    return " ".join(marked[:1] or lines) or f"it ended with code {done.code}"


def plain(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the options by which a diff runs no program, where they ask for one."""
    # Only git's own command counts: `git check-ignore log` once got the options of a diff, for a file named log.
    place = _verb(arguments) + 1
    return [*arguments[:place], *(PLAIN if arguments[place - 1] in DIFFING else ()), *arguments[place:]]


def _verb(arguments: Sequence[str]) -> int:
    """Return the place of git's command, behind the options that stand before it; a path may be named like one."""
    place = 0
    while place < len(arguments) - 1 and arguments[place].startswith("-"):
        place += 2 if arguments[place] in ("-c", "-C") else 1
    return place


def unfiltered(folder: str) -> dict[str, str]:
    """Return variables by which git is offline and runs none of the filters that its settings name.

    Files count as they lie there.
    """
    named = git(folder, "config", "-z", "--name-only", "--get-regexp", r"^filter\.").out.split("\0")
    names = sorted({key.partition(".")[2].rpartition(".")[0] for key in named if key})
    settings = [(f"filter.{name}.{kind}", "") for name in names for kind in FILTERS]
    settings += [(f"filter.{name}.required", "false") for name in names]
    given = os.environ.get("GIT_CONFIG_COUNT", "0")
    first = int(given) if given.isdecimal() else 0
    # A partial clone would start the transport that its settings name.
    found = {**OFFLINE, "GIT_CONFIG_COUNT": str(first + len(settings))}
    for number, (key, value) in enumerate(settings, first):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return found
