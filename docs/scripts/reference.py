"""The reference pages, drawn from the program: its commands, its settings and the codes of its problems."""

from __future__ import annotations

import argparse
import ast
import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from devtools import cli
from devtools.checks import CHECKS
from devtools.project import config
from nn.cli import parser

ROOT = Path(__file__).parents[2]
COMMAND = "python docs/scripts/write.py"
NOTE = f"<!-- {COMMAND} writes this page. -->\n"
PROBLEMS = Path(__file__).with_name("problems.toml")
SHARED = ("--json", "--budget", "--exit-zero", "--help")
ROW = "| {} | {} |"


def pages() -> dict[str, str]:
    """Return each page of the reference by its path below the root."""
    made = {"commands": commands(), "settings": settings(), "problems": problems()}
    return {f"docs/reference/{name}.md": text for name, text in made.items()}


# Commands: what their own --help knows.


def commands() -> str:
    """Return the page of all commands and their options."""
    own = [(f"devtools {name}", found) for name in cli.COMMANDS for found in [_command(name)]]
    sections = [_section(name, found) for top, command in own for name, found in _with_parts(top, command)]
    shared = [_option(option) for option in _options(own[0][1]) if _names(option)[-1] in SHARED]
    head = [
        *("# Commands\n", NOTE, "Every command answers `--help`, and most of them share these options:\n"),
        *("| option | what it does |", "| --- | --- |", *shared, ""),
        *("`devtools --debug COMMAND` shows the traceback of an error, and `devtools --version` the version.\n",),
        *("| exit code | meaning |", "| --- | --- |"),
        *("| `0` | It holds. |", "| `1` | It found something that you should fix. |"),
        *("| `2` | The call or a setting is wrong. |", "| `3` | A tool that it needs is missing or crashed. |", ""),
    ]
    return "\n".join([*head, *sections, *_network()])


def _command(name: str) -> click.Command:
    found = cli.group.get_command(click.Context(cli.group), name)
    assert found is not None
    return found


def _with_parts(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield a command, then the commands below it."""
    yield name, command
    if isinstance(command, click.Group):
        for part, found in command.commands.items():
            yield from _with_parts(f"{name} {part}", found)


def _section(name: str, command: click.Command) -> str:
    usage = " ".join([name, *command.collect_usage_pieces(click.Context(command))])
    told = textwrap.dedent(command.help or "").replace("\b\n", "\n").strip()
    rows = [_option(option) for option in _options(command) if _names(option)[-1] not in SHARED]
    table = ["", "| option | what it does |", "| --- | --- |", *rows] if rows else []
    return "\n".join([f"## {name}\n", f"```text\n{usage}\n```\n", _paragraphs(told), *table, ""])


def _paragraphs(told: str) -> str:
    """Return a command's help as Markdown: what stands in columns becomes a block of its own."""
    blocks = told.split("\n\n")
    listed = [any("  " in line.strip() for line in block.splitlines()) for block in blocks]
    shown = [
        f"```text\n{textwrap.dedent(block)}\n```" if is_list else _plain(block)
        for block, is_list in zip(blocks, listed, strict=True)
    ]
    return "\n\n".join(shown)


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("<", "&lt;").replace("|", "\\|")


def _options(command: click.Command) -> list[click.Option]:
    found = command.get_params(click.Context(command, help_option_names=["-h", "--help"]))
    return [each for each in found if isinstance(each, click.Option) and not each.hidden]


def _names(option: click.Option) -> list[str]:
    return [*option.opts, *option.secondary_opts]


def _option(option: click.Option) -> str:
    takes = [] if option.is_flag or option.count else [option.make_metavar(click.Context(click.Command("")))]
    takes = ["N" if isinstance(option.type, click.types._NumberRangeBase) else word for word in takes]
    default = f" Default: `{option.default}`." if option.show_default and option.default else ""
    return ROW.format(f"`{' '.join([', '.join(_names(option)), *takes])}`", f"{_plain(option.help or '')}{default}")


def _network() -> Iterator[str]:
    """Yield the sections of `nn`, which reads its command line by argparse."""
    whole = parser()
    (parts,) = (each for each in whole._actions if isinstance(each, argparse._SubParsersAction))
    told = {each.dest: each.help for each in parts._choices_actions}
    for name, part in parts.choices.items():
        yield f"## nn {name}\n\n```text\nnn {name} [OPTIONS]\n```\n\n{_sentence(str(told[name]))}\n"
        yield "| option | what it does |\n| --- | --- |"
        for each in part._actions:
            if not isinstance(each, argparse._HelpAction):
                yield ROW.format(f"`{_usage(each)}`", _explained(each))
        yield ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{_plain(text[1:]).rstrip('.')}."


def _usage(action: argparse.Action) -> str:
    takes = action.metavar or ("" if action.nargs == 0 else action.dest.upper().replace("_", "-"))
    return _plain(f"{', '.join(action.option_strings)} {takes}".strip())


def _explained(action: argparse.Action) -> str:
    said = re.sub(r"\[default: (.*)\]$", r"Default: `\1`.", _plain((action.help or "") % vars(action)))
    given = action.default not in (None, "", False, argparse.SUPPRESS) and "default" not in said.lower()
    return " ".join(filter(None, [said, f"Default: `{action.default}`." if given else ""]))


# Settings: the fields of the program's own table, and the text that stands below each of them.


def settings() -> str:
    """Return the page of all settings: name, default and meaning."""
    defaults = config.Config()
    rows = []
    for field, meaning in meanings().items():
        rows.append(f"### `{key_of(field)}`\n\n{meaning}\n\nDefault: {_default(getattr(defaults, field))}\n")
    template = Path(__file__).with_name("settings.md.in").read_text(encoding="utf-8")
    return template.replace("<!-- settings -->", "\n".join(rows).rstrip()).replace("<!-- note -->", NOTE.rstrip())


def meanings() -> dict[str, str]:
    """Return the text below each field of the settings; a field without one is an error."""
    tree = ast.parse(Path(config.__file__).read_text(encoding="utf-8"))
    (table,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Config")
    found: dict[str, str] = {}
    for field, text in zip(table.body, [*table.body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            told = text.value.value if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) else None
            if not isinstance(told, str):
                raise SystemExit(f"say below Config.{field.target.id} in devtools/project/config.py what it means")
            found[field.target.id] = " ".join(told.split())
    return found


def key_of(field: str) -> str:
    """Return the key by which a person writes the setting: `tdd.mode`, `max-files`."""
    return {"tdd_mode": "tdd.mode", "mutants": "tdd.mutants"}.get(
        field, field.replace("tests_", "tests.").replace("_", "-")
    )


def _default(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"`{each}`" for each in value) or "detected"
    return (
        f"`{str(value).lower() if isinstance(value, bool) else value}`" if value not in ("", None, {}) else "detected"
    )


# Problems: the codes that the program can give, and what a person says of each.


def problems() -> str:
    """Return the page of all codes: what each means and what to do about it."""
    parts = tomllib.loads(PROBLEMS.read_text(encoding="utf-8"))
    shown = [parts.pop("head").strip().replace("# Problems\n", f"# Problems\n\n{NOTE}", 1)]
    entries = {code: entry for group in parts.values() for code, entry in group.items() if code != "title"}
    rows = [ROW.format(f"[{code}](#{code})", _first(entry["do"])) for code, entry in entries.items()]
    shown.append("\n".join(["\n## At a glance\n", "| code | what to do |", "| --- | --- |", *rows]))
    for group in parts.values():
        shown.append(f"\n## {group.pop('title')}\n")
        for code, entry in group.items():
            shown.append(f"### {code}\n\n{entry['means'].strip()}\n\n**What to do:** {entry['do'].strip()}\n")
    return "\n".join(shown)


def _first(text: str) -> str:
    """Return the first sentence of a text, for a cell of a table."""
    sentence = re.split(r"(?<=[.?!])\s|:\n", " ".join(text.split("\n\n")[0].split()), maxsplit=1)[0]
    return sentence.rstrip(":") if sentence.endswith((".", "?", "!")) else f"{sentence.rstrip(':')}."


def described() -> set[str]:
    """Return the codes that have a text."""
    parts = tomllib.loads(PROBLEMS.read_text(encoding="utf-8"))
    return {code for part in parts.values() if isinstance(part, dict) for code in part if code != "title"}


MAKERS = {"Problem", "_problem", "Complaint"}


def codes() -> set[str]:
    """Return the codes that the program can give: the checks, the errors, and the first argument of each problem."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "devtools").rglob("*.py"))]
    named = dict(pair for tree in trees for node in tree.body for pair in _constants(node))
    found = {*CHECKS}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in MAKERS:
            first = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "code")]
            found |= {text for each in first for text in _texts(each, named)}
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "code":
            found |= set(_texts(node.value, named))
    return {code for code in found if code.replace("-", "").isalpha()}


def _constants(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield the names that a statement gives to texts: one, or several at once."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        several = isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple)
        names = node.targets[0].elts if several else node.targets
        values = node.value.elts if several else [node.value]
        for name, value in zip(names, values, strict=False):
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield ast.unparse(name), value.value


def _texts(node: ast.AST, named: Mapping[str, str]) -> Iterator[str]:
    """Yield the texts that an expression can be; what an `if` asks is none of them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body, named), *_texts(node.orelse, named))
    elif isinstance(node, ast.Name | ast.Attribute):
        name = ast.unparse(node).rpartition(".")[2]
        yield from [named[name]] if name.isupper() and name in named else []
