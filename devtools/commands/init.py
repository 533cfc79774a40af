"""devtools init: put devtools into this repository, beside what is there."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from devtools.budget import Block
from devtools.checks import baseline
from devtools.commands.options import shared
from devtools.git import status as git
from devtools.project.project import load
from devtools.report import Report
from devtools.setup import installation, inventory
from devtools.setup.files import FileEdit
from devtools.system.store import Store
from devtools.wording import counted


@click.command("init")
@click.option("--dry-run", is_flag=True, help="Say what would change without changing anything.")
@click.option(
    "--mode", type=click.Choice(["strict", "warn", "off"]), help="Let the guards refuse, only warn, or be silent."
)
@shared
def command(dry_run: bool, mode: str | None) -> Report:
    """Put the slash commands, Claude Code's hooks, the git hook and LEARNINGS.md into this repository.

    What is already there stays: settings are merged and git hooks are chained. You can run it again at any time. It
    never runs the project's code. To take everything out again, run devtools uninstall.
    """
    root = git.root(os.getcwd())
    store = Store.common(root)
    head = git.state(root).head
    found = inventory.look(load(root))  # before anything is written: settings that cannot be read refuse the whole
    if dry_run:
        planned = installation.plan(root, store, mode or "")
    else:
        with store.locked():
            planned = installation.plan(root, store, mode or "")
            installation.install(store, planned, head)
    changed = planned.written()
    since = baseline.since(root) or head  # that of the first run stays
    old = [f"problems that exist at {since[:9]} are not counted"] if since else []
    said = [
        _files(root, changed, dry_run),
        *inventory.lines(found, root),
        *planned.notes,
        "; ".join([inventory.first_run(found), *old]),
    ]
    data = {
        "dry_run": dry_run,
        "changed": [_shown(root, each) for each in changed],
        "kept": planned.notes,
        "found": found.to_json(),
        "baseline": since,
    }
    return Report("init", True, [Block(line, pinned=True) for line in said], data=data)


def _files(root: str, changed: Sequence[FileEdit], dry_run: bool) -> str:
    """One line: the files, those of one folder as a number."""
    if not changed:
        return "nothing to change: devtools is here"
    folder = f"{installation.COMMANDS}/"
    shown = [_shown(root, each) for each in changed]
    commands = [name for name in shown if name.startswith(folder)]
    rest = [name for name in shown if not name.startswith(folder)]
    words = [counted(len(commands), "slash command")] if commands else []
    return f"{'would write' if dry_run else 'wrote'}: {', '.join([*words, *rest])}"


def _shown(root: str, change: FileEdit) -> str:
    return os.path.relpath(change.path, root) if change.base == root else f".git/{change.name}"
