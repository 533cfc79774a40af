"""devtools show: the full log of a stored run."""

from __future__ import annotations

import os
from typing import Any

import click

from devtools.budget import Block
from devtools.commands.options import shared
from devtools.errors import UsageError
from devtools.findings import placed
from devtools.git import status as git
from devtools.printable import indented, one_line
from devtools.report import Report
from devtools.system.store import Store


@click.command("show")
@click.argument("run", type=int, required=False)
@shared
def command(run: int | None) -> Report:
    """Show the full log of a stored run, the last one by default. Nothing is folded."""
    stored = Store(git.root(os.getcwd())).run(run)
    try:
        shown = _shown(stored)
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"run {stored['run']} is damaged", "devtools hygiene makes a new one") from error
    return Report("show", True, shown, data=stored | {"command": "show", "of": stored["command"]})


def _shown(stored: dict[str, Any]) -> list[Block]:
    shown = [Block(f"run {stored['run']}: {stored['command']}", pinned=True)]
    for check in stored["checks"]:
        shown.append(Block(one_line(f"== {check['name']}: {check['summary']}"), pinned=True))
        shown += [Block(_line(finding), pinned=True, outside=True) for finding in check["findings"]]
        # Behind a margin: a line that a test had printed, `green: all`, stood in a red log where our own lines stand.
        shown += [Block(indented(check["log"]), pinned=True)] if check["log"] else []
    return shown


def _line(finding: dict[str, Any]) -> str:
    """The place and the message, with what the message has for evidence below it."""
    message, *rest = finding["message"].split("\n")
    words = [finding.get("test", ""), placed(finding["path"], finding["line"]), finding.get("code", ""), message]
    return "\n".join([one_line(" ".join(filter(None, words))), *(f"  {line}" for line in rest)])
