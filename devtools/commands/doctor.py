"""devtools doctor: what of devtools is installed here, stale, shadowed or would not work."""

from __future__ import annotations

import os

import click

from devtools.budget import Block
from devtools.commands.options import shared
from devtools.findings import Problem
from devtools.project.project import load
from devtools.report import Report
from devtools.setup import diagnosis, inventory, surroundings


@click.command("doctor", short_help="Say what of devtools is stale, shadowed or would not work here.")
@shared
def command() -> Report:
    """Say what of devtools is installed here, stale, shadowed or would not work, each with the command that fixes it.

    It looks at the settings, the slash commands and the git hook. It asks the interpreter, the tools and Claude Code
    for their versions, and looks whether the hooks have run.
    """
    project = load(os.getcwd())
    found = inventory.look(project)
    complaints = [*diagnosis.complaints(project.root), *surroundings.complaints(project, found)]
    client = surroundings.client_version(project.root)
    data = {
        "found": found.to_json(),
        "client": client,
        "complaints": [each._asdict() for each in complaints],
    }
    if not complaints:
        python = f"; python {found.version}, pytest {found.pytest or 'none'}" if found.version else ""
        words = f"sound: hooks, slash commands and git hook are as they should be{python}"
        return Report(
            "doctor", True, [Block(f"{words}; Claude Code {client or 'not on the PATH'}", pinned=True)], data=data
        )
    return Report(
        "doctor",
        False,
        [Block(each.line(), pinned=True) for each in complaints],
        [Problem(each.code, f"{each.message}: {each.remedy}") for each in complaints],
        data,
    )
