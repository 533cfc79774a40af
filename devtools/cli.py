"""The command line: a table of commands, each imported only when it is called; errors become exit codes."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Sequence

import click

from devtools.budget import Block
from devtools.client import slash_command as asked
from devtools.errors import DevtoolsError, Ended, ToolError, UsageError
from devtools.findings import Problem
from devtools.report import Report, Style, emit, note, written

COMMANDS = {
    "commit": ("devtools.commands.commit", "Commit what is staged once its size, its checks and its proof hold."),
    "completion": ("devtools.commands.completion", "Print the lines by which a shell completes commands of devtools."),
    "demo": ("devtools.commands.demo", "Play a whole TDD cycle on a scratch repository."),
    "doctor": ("devtools.commands.doctor", "Say what of devtools is stale, shadowed or would not work here."),
    "git-hook": ("devtools.commands.git_hook", "Judge a commit that git makes. Only the git hook calls it."),
    "history": ("devtools.commands.history", "Show the git log as a learning history, as text or as a page."),
    "hook": ("devtools.commands.hook", "Answer an event of Claude Code. Only the client calls it."),
    "hygiene": ("devtools.commands.hygiene", "Run lint, format, types and tests; report git state and debt."),
    "init": ("devtools.commands.init", "Put slash commands, hooks and guards into this repository."),
    "learn": ("devtools.commands.learn", "Add, list or search the insights in LEARNINGS.md."),
    "run": ("devtools.commands.run", "Answer a command in few words, with its own exit code."),
    "verify": ("devtools.commands.verify", "Prove each commit of a range: limits, message and TDD proof."),
    "show": ("devtools.commands.show", "Show the full log of a run, the last one by default."),
    "statusline": ("devtools.commands.hook", "Print one line for Claude Code's status line."),
    "tdd": ("devtools.commands.tdd", "Walk through a TDD cycle: a failing test, the code, the clean-up."),
    "tokens": ("devtools.commands.tokens", "Show where this project's tokens go, and what was saved."),
    "uninstall": ("devtools.commands.uninstall", "Take out of this repository what init put in."),
}

# The last word of a slash command's call: what a person typed stands on stdin, with a line of ours at its end.
ASKED = "--asked"
# Commands to which a last - means that more arguments stand on stdin.
FED = frozenset(("history", "hygiene", "learn"))


class LazyGroup(click.Group):
    """Lists the table without importing a command; imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        import difflib

        near = difflib.get_close_matches(args[0], COMMANDS, 1)
        hint = f"did you mean devtools {near[0]}?" if near else "devtools --help lists what there is"
        raise UsageError(f"no command is named {args[0]!r}", hint)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="claude-devtools", prog_name="devtools", message="%(prog)s %(version)s")
def group(debug: bool) -> None:
    """Keep a project clean, its commits small and its TDD proved, while you work with Claude Code."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line. A person's mistake is one line and exit 2 or 3, a traceback only with --debug."""
    own = list(arguments) if arguments[:1] != ["run"] else _before_command(arguments)
    debug = "--debug" in own
    rest = [argument for argument in own if argument != "--debug"] + list(arguments[len(own) :]) or ["--help"]
    if rest[-1] == ASKED and rest[0] != "run":
        handed = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
        text = asked.whole(handed)
        if text is None:
            from devtools.hooks.user_prompt_expansion import kept

            text = kept(rest[0], handed)
        if text is None:  # said with exit code 0, or the client abandons the slash command
            return emit(Report(rest[0], True, [Block(asked.refusal(rest[0]), pinned=True)]), Style())
        rest = _handed(rest[:-1], text)
    rest = _whole(rest)
    try:
        return int(group.main(rest, prog_name="devtools", standalone_mode=False) or 0)
    except click.ClickException as error:
        return _fail(rest, DevtoolsError(error.format_message()), 2)
    except DevtoolsError as error:
        if debug:
            import traceback

            note(traceback.format_exc())
        return _fail(rest, error, error.exit_code)
    except OSError as error:  # a file or folder of ours that cannot be read or written, or a full stdout
        if debug:
            raise
        reason = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
        return _fail(rest, ToolError(written() or reason), 3)
    except (KeyboardInterrupt, click.Abort):
        note("interrupted")
        return 130
    except Ended as end:  # as a shell says it of a command that a signal ended
        note("terminated")
        return 128 + end.number


def _before_command(arguments: Sequence[str]) -> list[str]:
    """What stands before the -- after which all words are those of another command."""
    return list(arguments[: arguments.index("--")]) if "--" in arguments else list(arguments)


def _handed(arguments: list[str], text: str) -> list[str]:
    """The arguments as if the text alone stood on stdin."""
    sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogateescape")))
    return [*arguments, "-"]


def _whole(arguments: list[str]) -> list[str]:
    """The arguments, with those on stdin in the place of a last -: a slash command hands over what a person typed.

    No shell has looked at them: only a pair of double quotes holds words together.
    """
    if arguments[-1:] != ["-"] or not FED & set(arguments[:1]):
        return arguments
    import shlex

    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    words = shlex.shlex(text, posix=True, punctuation_chars=False)
    words.whitespace_split, words.quotes, words.escape, words.commenters = True, '"', "", ""
    try:
        return [*arguments[:-1], *words]
    except ValueError:  # one double quote without another
        return [*arguments[:-1], *text.split()]


def _fail(arguments: Sequence[str], error: DevtoolsError, code: int) -> int:
    """The error as the caller asked for it: one JSON object on stdout, or one line on stderr."""
    if "--json" not in (_before_command(arguments) if arguments[:1] == ["run"] else arguments):
        note(f"devtools: {error.line()}")
        return code
    name = next((argument for argument in arguments if argument in COMMANDS), "devtools")
    problem = Problem("usage" if code == 2 else error.code, error.line())
    report = Report(name, False, [Block(error.line())], [problem], exit_code=code)
    return emit(report, Style(json=True))
