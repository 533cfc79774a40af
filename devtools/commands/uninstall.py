"""devtools uninstall: take out of this repository what init put in."""

from __future__ import annotations

import os

import click

from devtools.budget import Block
from devtools.commands.options import shared
from devtools.git import status as git
from devtools.report import Report
from devtools.setup import removal
from devtools.system import state
from devtools.system.store import Store


@click.command("uninstall")
@click.option("--dry-run", is_flag=True, help="Say what would change without changing anything.")
@shared
def command(dry_run: bool) -> Report:
    """Take out of this repository what init put in.

    Each file becomes as it was, and keeps what you wrote into it since. Records and logs stay in the git directory,
    under devtools/.
    """
    root = git.root(os.getcwd())
    store = Store.common(root)
    if dry_run:
        planned = removal.plan(root, store)
    else:
        with store.locked():
            planned = removal.plan(root, store)
            removal.uninstall(store, planned)
    common = state.repository_of(root)
    shown = [f".git/{each.name}" if each.base == common else each.name for each in planned.written()]
    verb = "would take devtools out of" if dry_run else "took devtools out of"
    head = f"{verb} {', '.join(shown)}" if shown else "nothing to take out: init is not to be seen here"
    data = {"dry_run": dry_run, "changed": shown, "kept": planned.notes}
    return Report("uninstall", True, [Block(line, pinned=True) for line in (head, *planned.notes)], data=data)
