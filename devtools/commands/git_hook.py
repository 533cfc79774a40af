"""devtools git-hook: judge a commit that git itself makes, as `devtools commit` would."""

from __future__ import annotations

import contextlib
import io
import os

import click

from devtools.commit import transaction
from devtools.errors import ToolError
from devtools.git import draft as drafts
from devtools.git.safe_process import git
from devtools.project.project import Project, load
from devtools.report import note
from devtools.system import state

SCISSORS = "------------------------ >8 ------------------------"
NEAR = 4  # git is the parent of the hook's shell, or the shell's own


@click.command("git-hook")
@click.argument("name", metavar="NAME", type=click.Choice(["commit-msg"]))
@click.argument("file", metavar="FILE")
@click.pass_context
def command(context: click.Context, /, name: str, file: str) -> int:
    """Judge a commit that git itself makes, as devtools commit would, from the file of its message.

    If it refuses, it exits with 1 and git makes no commit. In mode warn it only reports. It leaves merges, rebases,
    cherry-picks and amended commits to devtools verify. If a tool is missing, it says so and git goes on.
    """
    try:
        return _judge(context, load(os.getcwd()), file)
    except ToolError as error:
        note(f"devtools could not judge this commit, so it goes on: {error.line()}")
        return 0


def _judge(context: click.Context, project: Project, file: str) -> int:
    # devtools commit has judged this already, and holds the lock that we would wait for.
    if transaction.MARK in os.environ or project.config.tdd_mode == "off" or _is_brought(project.root):
        return 0
    if _is_amended(os.getppid()):
        note("devtools: an amended commit is not judged here: devtools verify HEAD^..HEAD")
        return 0
    message = git(project.root, "stripspace", "--strip-comments", feed=_before_scissors(state.text(file))).out
    # The client's hooks see no terminal and no graphical program, so a commit from there is judged here.
    code, said = _tried(context, message)
    if code == 0:
        return 0
    for line in said.splitlines():
        note(line)
    if code != 1:
        raise ToolError(f"devtools commit ended with code {code}")
    if project.config.tdd_mode == "warn":
        note("the mode is warn, so git goes on")
    return int(project.config.tdd_mode != "warn")


def _tried(context: click.Context, message: str) -> tuple[int, str]:
    """What devtools commit says of what is about to be committed: the verb is asked for by name, as a person would."""
    group = context.find_root().command
    assert isinstance(group, click.Group)
    verb = group.get_command(context, "commit")
    assert verb is not None
    kept = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape")
    with contextlib.redirect_stdout(kept):
        code = int(verb.main(["--dry-run", "-m", message], standalone_mode=False) or 0)
    kept.seek(0)
    return code, kept.read()


def _is_brought(root: str) -> bool:
    """Whether the commit comes from elsewhere, or changes no file: there is nothing to judge."""
    place = drafts.find(root)
    if drafts.operation(place) is not None:
        return True
    with drafts.held(place), drafts.opened(place) as draft:
        return draft.tree() == draft.head.tree


def _is_amended(pid: int) -> bool:
    """Whether the git that runs the hook replaces the last commit: then HEAD is not the parent."""
    for _ in range(NEAR):
        try:
            words = state.text(f"/proc/{pid}/cmdline").split("\0")
            fields = state.text(f"/proc/{pid}/stat").rpartition(")")[2].split()
        except OSError:
            return False
        if os.path.basename(words[0]) == "git":
            return "--amend" in words
        pid = int(fields[1])
    return False


def _before_scissors(text: str) -> str:
    """The message without the diff that `git commit --verbose` shows below it."""
    lines = text.split("\n")
    end = next((place for place, line in enumerate(lines) if line.endswith(SCISSORS)), len(lines))
    return "\n".join(lines[:end])
