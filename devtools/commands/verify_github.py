"""What verify writes for GitHub: an annotation at each line, and a summary of the job with the red evidence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from devtools.errors import ToolError

VARIABLE = "GITHUB_STEP_SUMMARY"
MOST = 900_000  # bytes of a summary; GitHub takes a little more, and drops the whole of a longer one
SIGNS = {"proved": "🟢", "preserved": "🟢", "test-only": "🟢", "no-code": "⚪", "unproved": "🔴", "error": "🟠"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Entry = Mapping[str, Any]


def annotate(entries: Iterable[Entry]) -> list[str]:
    """Return a line for each problem and warning, which GitHub shows beside the code."""
    found = []
    for entry in entries:
        # Words of outside: they must neither make an annotation of their own nor mark anything up.
        head = f"{entry['commit'][:9]} {entry['subject']}"
        problems = [("error", each) for each in entry["problems"]]
        problems += [("warning", each) for each in entry.get("warnings", [])]
        if entry.get("fault"):
            problems.append(("error", {"code": "tool", "message": entry["fault"]}))
        found += [_annotation(kind, head, each) for kind, each in problems]
    return found


def summary(entries: Sequence[Entry]) -> str:
    """Return a page in Markdown: each commit with its verdict, and how its tests failed before it."""
    lines = ["## devtools verify", "", "| commit | subject | verdict | lines |", "| --- | --- | --- | --- |"]
    for entry in entries:
        bad = bool(entry["problems"])
        sign = "🔴" if bad else SIGNS.get(entry["tdd"], "⚪")
        size = f"+{entry['added']} -{entry['deleted']} in {entry['files']}"
        lines.append(f"| `{entry['commit'][:9]}` | {_plain(entry['subject'])} | {sign} {entry['tdd']} | {size} |")
    for entry in entries:
        lines += _details(entry)
    text = "\n".join(lines) + "\n"
    return text if len(text.encode()) <= MOST else text.encode()[:MOST].decode("utf-8", "ignore") + "\n…\n"


def write(entries: Sequence[Entry]) -> None:
    """Add the summary to the file that GitHub names; nothing without one. ToolError where it cannot be written."""
    path = os.environ.get(VARIABLE)
    if not path:
        return
    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(summary(entries))
    except OSError as error:
        raise ToolError(f"cannot write the summary to {path}", error.strerror or "") from error


def _details(entry: Entry) -> list[str]:
    """What speaks against a commit, and which test failed on its parent, with what message."""
    problems = [*entry["problems"], *([{"code": "tool", "message": entry["fault"]}] if entry.get("fault") else [])]
    reds = entry.get("red", [])
    if not problems and not reds:
        return []
    lines = ["", f"### `{entry['commit'][:9]}` {_plain(entry['subject'])}", ""]
    lines += [f"- **{each['code']}** {_place(each)}{_code(each['message'])}" for each in problems]
    lines += [f"- red on the parent: {_code(red['test'])}: {_code(red['message'])}" for red in reds]
    return lines


def _annotation(kind: str, head: str, problem: Entry) -> str:
    place = [f"file={_property(problem['path'])}"] if problem.get("path") else []
    place += [f"line={problem['line']}"] if place and problem.get("line") else []
    title = _property(f"{problem['code']}: {head}")
    return f"::{kind} {','.join([*place, f'title={title}'])}::{_data(problem['message'])}"


def _place(problem: Entry) -> str:
    if not problem.get("path"):
        return ""
    line = f":{problem['line']}" if problem.get("line") else ""
    return f"{_code(problem['path'] + line)} "


def _data(text: str) -> str:
    return _shown(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _shown(text: str) -> str:
    """The text without what a terminal or a log would obey, but for its line ends."""
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", "\ufffd", text).encode("utf-8", "backslashreplace").decode()


def _plain(text: str) -> str:
    """Words of outside within Markdown: no sign of theirs marks anything up."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~@-])", r"\\\1", _CONTROL.sub(" ", text))


def _code(text: str) -> str:
    """Words of outside as code, within as many backticks as they cannot end."""
    words = _CONTROL.sub(" ", text).strip() or " "
    longest = max((len(run) for run in re.findall(r"`+", words)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {words} {fence}" if longest else f"{fence}{words}{fence}"
