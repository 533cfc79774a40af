"""devtools tokens: where this project's tokens go, and what devtools saves."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import click

from devtools.budget import Block
from devtools.client import savings, transcripts
from devtools.client.token_use import Account, ToolUse, Use
from devtools.commands.options import shared
from devtools.git import status as git
from devtools.hooks import rewriting
from devtools.hooks.pre_tool_use import KNOWN
from devtools.report import Report
from devtools.system.store import Store
from devtools.wording import counted

BAR = 30
DAYS = 14
ROWS = 8


@click.command("tokens", short_help="Where this project's tokens go, and what devtools saves.")
@click.option("--bench", is_flag=True, help="Measure this repository's own outputs, raw against ours.")
@shared
def command(bench: bool) -> Report:
    """Show where this project's tokens go, by slash command, tool and day.

    The numbers come from Claude Code's own transcripts on this machine.
    """
    root = git.root(os.getcwd())
    if bench:
        from devtools.commands import tokens_bench

        return tokens_bench.report(root)
    # Read line by line: transcripts of 500 MB take 16 MB of memory and 6.5 s of processor time.
    reader = transcripts.Reader(transcripts.files(root))
    account = Account(lambda line: _missed(line, root))
    account.read(reader.entries())
    saved = savings.kept(Store.common(root)) | savings.kept(Store(root))
    data = {
        **account.to_json(),
        "saved": saved,
        "sessions": len(reader.paths),
        "lines": reader.lines,
        "broken": reader.broken,
        "bytes": reader.size,
    }
    return Report("tokens", True, _blocks(account, saved, reader), data=data)


@lru_cache(4096)  # a model repeats itself
def _missed(line: str, root: str) -> str:
    """Which known tool a shell line of the model calls itself; empty where it calls none, or through devtools."""
    named = next((name.strip() for name in KNOWN if name in line), "")
    return named if named and rewriting.rewritten(line, root) else ""


def _blocks(account: Account, saved: Mapping[str, Any], reader: transcripts.Reader) -> list[Block]:
    total = account.total
    broken = f", {counted(reader.broken, 'broken line')} left out" if reader.broken else ""
    head = f"{counted(len(reader.paths), 'transcript')}: {_words(total)}{broken}"
    blocks = [Block(head if reader.paths else "no transcript of this project is on this machine", pinned=True)]
    commands = sorted(account.commands.items(), key=lambda item: -_sum(item[1]))
    blocks += [Block(f"{name}: {_words(use)}", number=use.requests) for name, use in commands[:ROWS]]
    tools = sorted(account.tools.items(), key=lambda item: -item[1].results)
    blocks += [Block(f"{name}: {_tool(use)}", number=use.calls) for name, use in tools[:ROWS]]
    blocks += [_savings(saved)] if saved else []
    blocks += [
        Block(
            f"missed: {name} called {counted(use.calls, 'time')} without devtools, about {use.results:,} tokens shown"
        )
        for name, use in account.missed.items()
    ]
    return [*blocks, *_plot(account.days)]


def _words(use: Use) -> str:
    tokens = f"{use.uncached:,} uncached, {use.cached:,} cached and {use.output:,} written tokens"
    return f"{counted(use.requests, 'request')}, {tokens}"


def _tool(use: ToolUse) -> str:
    return f"{counted(use.calls, 'call')}, about {use.input:,} tokens in and {use.results:,} back"


def _sum(use: Use) -> int:
    return use.uncached + use.cached + use.output


def _savings(saved: Mapping[str, Any]) -> Block:
    entries = [entry for kinds in saved.values() for entry in kinds.values()]
    runs, raw, ours = (sum(entry[name] for entry in entries) for name in ("runs", "raw", "ours"))
    return Block(f"saved: {counted(runs, 'run')} showed about {ours:,} tokens in the place of {raw:,}", pinned=True)


def _plot(days: Mapping[str, Use]) -> list[Block]:
    """A bar for each of the last days; the longest has the most tokens that were not read from the cache."""
    rows = sorted(days.items())[-DAYS:]
    most = max((use.uncached + use.output for _, use in rows), default=0)
    if not most:
        return []
    return [
        Block(f"{day} {'█' * max(1, round(BAR * number / most))} {number:,}")
        for day, use in rows
        if (number := use.uncached + use.output) >= 0
    ]
