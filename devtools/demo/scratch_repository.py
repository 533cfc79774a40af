"""A scratch repository in a temporary folder, out of reach of the person's settings, in which commands are run."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from devtools.errors import ToolError
from devtools.system import environment
from devtools.system.process import Completed, run

STEP_SECONDS = 120.0
# Variables by which a person steers git, Python, pytest or this program.
FOREIGN = ("GIT_", "PYTEST_", "DEVTOOLS_", "CLAUDE", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONSTARTUP", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Playground:
    """The repository's `root` and the environment in which every command runs there."""

    root: str
    env: dict[str, str]

    def write(self, path: str, text: str, more: bool = False) -> None:
        """Put a file there, with the folders above it; `more` adds to its end."""
        whole = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "a" if more else "w", encoding="utf-8") as stream:
            stream.write(text)

    def run(self, argv: Sequence[str], feed: str | None = None) -> Completed:
        """Run a command there; `devtools` is this one, in this interpreter."""
        own = [sys.executable, "-m", "devtools"] if argv[0] == "devtools" else [argv[0]]
        return run([*own, *argv[1:]], self.root, self.env, STEP_SECONDS, feed=feed)

    def git(self, *arguments: str) -> None:
        """Run git there. ToolError with its own words where it fails."""
        done = self.run(["git", *arguments])
        if done.code:
            raise ToolError(f"git {' '.join(arguments)} failed", done.err.strip())


@contextlib.contextmanager
def playground(name: str, keep: bool = False) -> Iterator[Playground]:
    """Make a repository called `name`, and remove it afterwards unless it is to be kept. Tools cache beside it."""
    folder = os.path.realpath(tempfile.mkdtemp(prefix="devtools-demo-"))
    with contextlib.ExitStack() as stack:
        if not keep:
            stack.callback(_remove, folder)
        there = Playground(os.path.join(folder, name), _environment(folder))
        os.mkdir(there.root)
        there.git("-c", "init.defaultBranch=main", "init", "--quiet")
        yield there


def _remove(folder: str) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: str) -> dict[str, str]:
    """Ours, less what steers the tools, with an identity and settings of its own; Python finds this very package."""
    people = {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", "devtools demo"), ("EMAIL", "demo@example.invalid"))
    }
    own = {
        **people,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONPATH": os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
        "XDG_CACHE_HOME": os.path.join(folder, "cache"),
        "XDG_CONFIG_HOME": os.path.join(folder, "config"),
    }
    return environment.of_hooks(own, without=FOREIGN)
