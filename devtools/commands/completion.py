"""devtools completion: the lines by which a shell completes commands and options of devtools."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from devtools.budget import Block
from devtools.commands.options import shared
from devtools.report import Report

VARIABLE = "_DEVTOOLS_COMPLETE"
# What a person writes into the file that the shell reads at its start.
LOADED = {
    "bash": 'eval "$(devtools completion bash)"',
    "zsh": 'eval "$(devtools completion zsh)"',
    "fish": "devtools completion fish | source",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(LOADED)))
@shared
@click.pass_context
def command(context: click.Context, /, shell: str) -> Report:
    """Print the lines by which a shell completes commands and options of devtools.

    \b
    ~/.bashrc                   eval "$(devtools completion bash)"
    ~/.zshrc                    eval "$(devtools completion zsh)"
    ~/.config/fish/config.fish  devtools completion fish | source
    """
    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(context.find_root().command, {}, "devtools", VARIABLE).source()
    return Report("completion", True, [Block(script.strip("\n"), pinned=True)], data={"shell": shell, "script": script})
