"""The reference is drawn from the program, so that it names what there is and nothing else."""

import argparse
import dataclasses

import click
import pytest
import reference

from devtools import cli
from devtools.errors import UsageError
from devtools.project import config
from nn.cli import parser

PAGES = reference.pages()
COMMANDS = PAGES["docs/reference/commands.md"]


def options(command):
    """Return every way to write an option of the command and of those below it."""
    parts = command.commands.values() if isinstance(command, click.Group) else ()
    own = [
        name for each in command.params if isinstance(each, click.Option) for name in (*each.opts, *each.secondary_opts)
    ]
    return [*own, *(name for part in parts for name in options(part))]


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_a_section_with_all_its_options(name):
    section = COMMANDS.partition(f"## devtools {name}\n")[2].partition("\n## ")[0]
    command = cli.group.get_command(click.Context(cli.group), name)
    assert section
    common = COMMANDS.partition("\n## ")[0]
    missing = [
        option for option in options(command) if f"`{option}" not in section + common and f", {option}" not in section
    ]
    assert not missing


def test_every_option_of_nn_is_named_in_the_section_of_its_command():
    (parts,) = (each for each in parser()._actions if isinstance(each, argparse._SubParsersAction))
    for name, part in parts.choices.items():
        section = COMMANDS.partition(f"## nn {name}\n")[2].partition("\n## ")[0]
        named = [option for each in part._actions for option in each.option_strings if option not in ("-h", "--help")]
        assert not [option for option in named if option not in section]


def test_a_setting_is_shown_by_its_key_with_its_default_and_its_meaning():
    page = PAGES["docs/reference/settings.md"]
    assert "### `max-files`\n\nHow many files one commit may change.\n\nDefault: `3`\n" in page
    assert "### `tdd.mode`" in page
    assert "Default: detected" in page


def test_the_codes_are_found_where_the_program_gives_them():
    found = reference.codes()
    assert {"unproved", "tests-tampered", "no-assertion", "lint", "usage", "tool", "not-installed"} <= found
    assert not found & {"", "code", "problem"}


def test_what_stands_in_columns_keeps_them():
    told = "Say it.\n\nadd TEXT   an insight\nlist       all of them\n\nAnd go on\nfrom there."
    assert reference._paragraphs(told) == (
        "Say it.\n\n```text\nadd TEXT   an insight\nlist       all of them\n```\n\nAnd go on from there."
    )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_reference_is_as_the_program_draws_it_today(name):
    said = (reference.ROOT / name).read_text(encoding="utf-8")
    assert said == PAGES[name], f"{name} is stale: {reference.COMMAND} --reference writes it again"


def test_every_code_says_what_it_means_and_what_to_do_and_none_is_left_over():
    given, told = reference.codes(), reference.described()
    assert not given - told, "say in docs/scripts/problems.toml what it means and what to do"
    assert not told - given, "the program gives this code no longer: take it out of docs/scripts/problems.toml"


def test_every_setting_that_the_program_knows_is_on_the_page():
    page = PAGES["docs/reference/settings.md"]
    keys = [reference.key_of(item.name) for item in dataclasses.fields(config.Config)]
    assert [key for key in keys if f"### `{key}`\n" not in page] == []
    with pytest.raises(UsageError) as refused:
        config.parse({"no-such-key": 1}, "")
    known = refused.value.hint.removeprefix("known are ").split(", ")
    assert [word for word in known if f"`{word}" not in page] == []
