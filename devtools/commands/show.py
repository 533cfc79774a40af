"""devtools show: the full log of a stored run."""

from __future__ import annotations

import os

import click

from devtools.adapters import git
from devtools.adapters.store import Store
from devtools.commands.options import shared
from devtools.core.budget import Block
from devtools.report import Report


@click.command("show", short_help="The full log of a run (default: the last one).")
@click.argument("run", type=int, required=False)
@shared
def command(run: int | None) -> Report:
    """The full log of a stored run, the last one by default. Nothing of it is folded."""
    stored = Store(git.root(os.getcwd())).run(run)
    shown = [Block(f"run {stored['run']}: {stored['command']}", pinned=True)]
    for check in stored["checks"]:
        lines = [f"== {check['name']}: {check['summary']}"]
        for finding in check["findings"]:
            test = f"{finding['test']} " if finding.get("test") else ""
            lines.append(f"{test}{finding['path']}:{finding['line']} {finding.get('code', '')} {finding['message']}")
        shown.append(Block("\n".join([*lines, *filter(None, [check["log"]])]), pinned=True))
    return Report("show", True, shown, data=stored | {"command": "show", "of": stored["command"]})
