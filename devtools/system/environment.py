"""The one place that decides which variables a child process gets: git its own, every other program a person's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

# Of git's variables, those by which a person or a build server says something. git itself sets the others, for its own
# children: a test that makes a repository would work on the person's repository with them.
GIT_SETTINGS = (
    *("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM"),
    *("GIT_ASKPASS", "GIT_SSH", "GIT_SSL_", "GIT_HTTP_", "GIT_PROXY_", "GIT_TERMINAL_PROMPT", "GIT_ALLOW_PROTOCOL"),
    *("GIT_TRACE", "GIT_PAGER", "GIT_TEMPLATE_DIR", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"),
    *("GIT_DEFAULT_", "GIT_PYTHON_", "GIT_COMMIT", "GIT_BRANCH", "GIT_URL", "GIT_LOCAL_BRANCH", "GIT_PREVIOUS_"),
)
AUTHOR = "GIT_AUTHOR_"
# A program that is read by a program must not be told to paint its words.
COLOURS = frozenset(
    (
        *("FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "PY_COLORS", "PYTHON_COLORS", "MYPY_FORCE_COLOR"),
        *("CARGO_TERM_COLOR", "GCC_COLORS", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "MYPY_FORCE_TERMINAL_WIDTH"),
        *("npm_config_color", "NPM_CONFIG_COLOR"),
    )
)
# What a pytest says of itself to the processes of its tests: one of them may be us.
ANOTHER_RUN = ("PYTEST_CURRENT_TEST", "PYTEST_VERSION", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_TESTRUNUID", "DEVTOOLS_")
# Takes every assertion out of what Python compiles: a test that asserts through a helper would pass.
UNASSERTED = "PYTHONOPTIMIZE"
# What a person may ask of a git for the terminal, and not of one that is read by us: how a path is meant (git refuses
# two ways at once), paint, and a diff of another kind.
FOR_PEOPLE = (
    *("GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"),
    *("GIT_PAGER_IN_USE", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS"),
)
# What git itself and its helpers set for their children.
STARTED_BY_GIT = "GIT_EXEC_PATH"


def is_build_server() -> bool:
    """Return whether a build server runs us.

    Its cache may bring records from anywhere, so that none is believed there.
    """
    return os.environ.get("CI", "").casefold() not in ("", "0", "false")


def of(program: str) -> dict[str, str]:
    """Return what a program gets whose caller wants nothing special: git is known by its name."""
    return of_git() if os.path.basename(program) == "git" else of_program()


def of_program() -> dict[str, str]:
    """Return the environment of the project's own programs: what they would find in the person's terminal.

    It is the same in a git hook as outside of one, and asks nobody for colours.
    """
    here = os.environ
    # In a hook of a linked worktree git exports GIT_DIR: tests that made a repository worked on the person's own,
    # where core.bare became true and a foreign commit stood on the branch.
    env = {name: value for name, value in here.items() if _is_persons(name, here)}
    folder = here.get(STARTED_BY_GIT, "")
    if folder and "PATH" in env:
        env["PATH"] = _without(folder, env["PATH"])
    return env


def of_git(changes: Mapping[str, str] | None = None, without: Iterable[str] = ()) -> dict[str, str]:
    """Return the environment of a git that we read: its own variables, the plain language, no lock that can wait."""
    fixed = {"LC_ALL": "C", "LANGUAGE": "", "GIT_OPTIONAL_LOCKS": "0", "GIT_PAGER": "cat", "GIT_TERMINAL_PROMPT": "0"}
    env = _other((*without, *FOR_PEOPLE))
    if "PATH" in env:  # a relative folder would be one of the repository, and its `git` anybody's
        env["PATH"] = os.pathsep.join(filter(os.path.isabs, env["PATH"].split(os.pathsep)))
    return {**env, **fixed, **(changes or {})}


def of_hooks(changes: Mapping[str, str], without: Iterable[str] = ()) -> dict[str, str]:
    """Return the environment of a git that runs a person's hooks and editor: all that the person has set, and ours."""
    return {**_other(without), **changes}


def of_command(additions: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a command that somebody else wants to run: all that we were given, and ours."""
    # devtools run must change nothing of what it runs.
    return {**os.environ, **additions}


def _other(without: Iterable[str]) -> dict[str, str]:
    """Return all of our own environment but what begins with one of these."""
    prefixes = tuple(without)
    return {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}


def _is_persons(name: str, here: Mapping[str, str]) -> bool:
    """Whether a variable is a person's setting; git sets the author for its hooks, but never the committer."""
    if name in COLOURS or name == UNASSERTED or name.startswith(ANOTHER_RUN):
        return False
    if name.startswith(AUTHOR) and STARTED_BY_GIT in here:
        return f"GIT_COMMITTER_{name.removeprefix(AUTHOR)}" in here
    return not name.startswith("GIT_") or name.startswith(GIT_SETTINGS)


def _without(folder: str, path: str) -> str:
    """Return a PATH without the folder that git puts in front of it."""
    first, _, rest = path.partition(os.pathsep)
    return rest if first == folder and rest else path
