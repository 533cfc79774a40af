"""devtools run: a command's answer in few words, with its own exit code."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from devtools.budget import Block, fold
from devtools.client.calls import known
from devtools.commands.options import shared
from devtools.errors import UsageError
from devtools.findings import Problem
from devtools.printable import indented
from devtools.report import BUDGET, Report
from devtools.runner import observed
from devtools.system import state
from devtools.system.store import Store


@click.command(
    "run",
    short_help="A command that devtools knows, answered in the compact form.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.option("--cut", type=click.IntRange(min=1), help="Count only N lines of the raw output as saved.", metavar="N")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="COMMAND...")
@shared
def command(cut: int | None, words: Sequence[str]) -> Report:
    """Run COMMAND, and answer in the compact form with its own exit code.

    Known are pytest, ruff check, mypy, pyright, git status, log, diff and commit, however they are called.
    All else runs as it is: devtools run -- COMMAND.
    """
    if not words:
        raise UsageError("no command is given", "devtools run -- pytest -q")
    folder = os.getcwd()
    root = state.root_of(folder)
    call = known(list(words)) if root else None
    if call is None:
        return _unknown(list(words), folder, bool(click.get_current_context().params["as_json"]))
    from devtools.client import savings
    from devtools.client.answers import answer

    given = answer(call, folder)
    entry = {**given.result.to_json(), "log": given.result.log}
    store = Store(root)
    run = store.add_run({"command": "run", "words": list(words), "checks": [entry]})
    if given.raw:
        savings.note(store, call.kind, given.raw, fold(given.blocks, given.budget or BUDGET, ""), cut)
    problems = [Problem(given.result.name, f"{call.kind} ended with exit code {given.code}")] if given.code else []
    return Report(
        "run",
        not given.code,
        given.blocks,
        problems,
        {"known": True, "kind": call.kind, "exit_code": given.code, "checks": [given.result.to_json()], "run": run},
        exit_code=given.code,
        more=f"devtools show {run}",
        room=given.budget,
    )


def _unknown(words: list[str], folder: str, as_json: bool) -> Report:
    """The command as it is; only for a JSON object is what it says held back."""
    if not as_json:
        # Not even its output is held: what devtools does not know runs as if it were not there.
        code = observed.untouched(words, folder)
        return Report("run", not code, exit_code=128 - code if code < 0 else code)
    done = observed.plain(words, folder)
    code = 128 - done.code if done.code < 0 else done.code
    data = {"known": False, "exit_code": code, "out": done.out, "err": done.err}
    problems = [Problem("exit-code", f"the command ended with exit code {code}")] if code else []
    return Report("run", not code, [Block(indented(done.out), pinned=True)], problems, data, exit_code=code)
