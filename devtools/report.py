"""The only writer to stdout and stderr: one report as text within a budget, or as one JSON object."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from devtools.budget import Block, fold
from devtools.findings import Problem
from devtools.printable import one_line, printable, within

BUDGET = 800


@dataclass(frozen=True)
class Report:
    """What a command has to say. `data` holds the JSON fields of that command beyond the common ones."""

    command: str
    ok: bool
    blocks: Sequence[Block] = ()
    problems: Sequence[Problem] = ()
    data: dict[str, Any] = field(default_factory=dict)
    exit_code: int | None = None
    more: str = "devtools show"
    hint: str = ""
    room: int = 0  # tokens that it may have where the caller names no budget; 0 for as many as any other

    def code(self) -> int:
        return self.exit_code if self.exit_code is not None else int(not self.ok)

    def to_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"schema": 1, "command": self.command, "ok": self.ok, **self.data}
        if not self.ok:
            entry["problems"] = [problem.to_json() for problem in self.problems]
        return entry


@dataclass(frozen=True)
class Style:
    """How the caller wants the report: the options that every command shares."""

    json: bool = False
    budget: int = BUDGET
    exit_zero: bool = False


def emit(report: Report, style: Style) -> int:
    """Write the report and return the exit code, which is 0 for a finding where `exit_zero` asks for that.

    3 where the report cannot be written.
    """
    fault = ""
    if style.json:
        fault = _write(json.dumps(report.to_json(), ensure_ascii=True, separators=(",", ":")))
    elif report.blocks:
        budget = report.room if report.room and style.budget == BUDGET else style.budget
        fault = _write("\n".join(fold([*map(_shown, report.blocks)], budget, one_line(report.more))))
    if report.hint and not style.json:
        note(report.hint)
    if fault:
        note(f"devtools: {fault}")
        return 3
    code = report.code()
    return 0 if style.exit_zero and code == 1 else code


def _shown(block: Block) -> Block:
    """The block as it may be shown: only its first line begins as ours do, and only where that is said by us."""
    full, brief, least = (within(text, block.ours) for text in (block.full, block.brief, block.least))
    return replace(block, full=full, brief=brief, least=least, path=printable(block.path))


def _write(text: str) -> str:
    """Write a text, as UTF-8 whatever the locale. Returns why it could not be written, or nothing."""

    def write() -> None:
        sys.stdout.flush()
        stream = getattr(sys.stdout, "buffer", None)
        if stream is None:
            sys.stdout.write(text + "\n")
        else:
            stream.write((text + "\n").encode("utf-8", "surrogateescape"))
            stream.flush()

    return written(write)


def written(write: Callable[[], object] = lambda: sys.stdout.flush()) -> str:
    """Return why stdout cannot be written, or nothing: a reader that left early is no error.

    Then it leads nowhere from now on, so that what still waits to be written raises no second error at the end.
    """
    try:
        write()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return "" if isinstance(error, BrokenPipeError) else f"stdout cannot be written: {error.strerror}"
    return ""


def note(text: str) -> None:
    """Write a text for people to stderr, in one line unless it is a traceback. If nobody can read it, leave it out."""
    with contextlib.suppress(OSError):
        sys.stderr.write(printable(text) + "\n")


def progress(text: str) -> None:
    """Write a line that is overwritten, but only where a person watches."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K" + one_line(text))
        sys.stderr.flush()
