"""devtools hook and devtools statusline, for who calls them with options; Claude Code's calls never come here."""

from __future__ import annotations

from collections.abc import Sequence

import click

from devtools.hooks import dispatch, statusline

ANSWERS = {"hook": dispatch.main, "statusline": statusline.main}


@click.command("hook")
@click.argument("event", nargs=-1, metavar="EVENT")
@click.option("--json", "as_json", is_flag=True, hidden=True)
@click.option("--exit-zero", is_flag=True, hidden=True)
@click.option("--budget", type=int, hidden=True)
@click.pass_context
def command(context: click.Context, /, event: Sequence[str], **_: object) -> int:
    """Answer one event of Claude Code.

    Reads the event's JSON from stdin and writes a decision to stdout. The exit code is always 0. If the hook
    itself fails, it reports that and allows the tool.

    EVENT is pre-tool-use, post-tool-use, session-start or stop, or another one that the client's settings name. The
    command statusline takes no EVENT. It prints phase, behaviour and last result in one line.
    """
    return ANSWERS[str(context.info_name)](list(event))
