"""The only writer to stdout and stderr: one report as text within a budget, or as one JSON object."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from devtools.core.budget import Block, fold
from devtools.core.model import Problem


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
    budget: int = 800
    exit_zero: bool = False


def emit(report: Report, style: Style) -> int:
    """Write the report and return the exit code, which is 0 for a finding where `exit_zero` asks for that."""
    if style.json:
        _write(json.dumps(report.to_json(), ensure_ascii=True, separators=(",", ":")))
    else:
        if report.blocks:
            _write("\n".join(fold(report.blocks, style.budget, report.more)))
        if report.hint:
            note(report.hint)
    code = report.code()
    return 0 if style.exit_zero and code == 1 else code


def _write(text: str) -> None:
    """Undecodable bytes of file names go out as they came in; a reader that left early is no error."""
    try:
        sys.stdout.flush()
        data = (text + "\n").encode("utf-8", "surrogateescape")
        stream = getattr(sys.stdout, "buffer", None)
        if stream is None:
            sys.stdout.write(text + "\n")
        else:
            stream.write(data)
            stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str) -> None:
    """One line for people on stderr."""
    sys.stderr.write(text.encode("utf-8", "replace").decode() + "\n")


def progress(text: str) -> None:
    """A line that is overwritten, only where a person watches."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K" + text)
        sys.stderr.flush()
