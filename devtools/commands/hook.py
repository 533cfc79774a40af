"""devtools hook and devtools statusline, for who calls them with options; Claude Code's calls never come here."""

from __future__ import annotations

from collections.abc import Sequence

import click

from devtools.hooks import dispatch, statusline

ANSWERS = {"hook": dispatch.main, "statusline": statusline.main}


@click.command("hook", short_help="Answer one of Claude Code's hook events.")
@click.argument("event", nargs=-1, metavar="EVENT")
@click.option("--json", "as_json", is_flag=True, hidden=True)
@click.option("--exit-zero", is_flag=True, hidden=True)
@click.option("--budget", type=int, hidden=True)
@click.pass_context
def command(context: click.Context, /, event: Sequence[str], **_: object) -> int:
    """Answer one event of Claude Code: its JSON on stdin, a decision on stdout, always exit 0.

    EVENT is pre-tool-use, post-tool-use, session-start or stop. What is broken is said, and the tool let through.
    statusline takes no EVENT: phase, behaviour and last result in one line.
    """
    return ANSWERS[str(context.info_name)](list(event))
