import json

import click

from devtools.budget import Block
from devtools.commands.options import shared
from devtools.report import Report


@click.command()
@shared
def command():
    return Report("x", False, [Block("word " * 30), Block("red", pinned=True)])


def call(*arguments):
    return command.main(list(arguments), standalone_mode=False)


def test_every_command_has_json_a_budget_and_exit_zero(capsys):
    assert call("--json") == 1
    assert json.loads(capsys.readouterr().out)["command"] == "x"
    assert call("--exit-zero", "--budget", "5") == 0
    assert capsys.readouterr().out == "red\n… and 1 more: devtools show\n"
