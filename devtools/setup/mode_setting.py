"""The mode of the guards, written into the settings of devtools: one line, the rest of the file as it was."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from devtools.errors import UsageError

PYPROJECT, OWN = "pyproject.toml", "devtools.toml"
DEFAULT = "strict"
_HEADER = r"^[ \t]*\[[ \t]*{}[ \t]*\][^\n]*\n?"
_LINE = re.compile(r"^([ \t]*mode[ \t]*=[ \t]*)(\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE)


def file_of(pyproject: str | None, own: str | None) -> str:
    """Return which file holds the settings; a project without pyproject.toml has a file of ours."""
    table = _tables(PYPROJECT, pyproject or "").get("tool", {})
    if own is not None and "devtools" not in (table if isinstance(table, dict) else {}):
        return OWN
    return PYPROJECT if pyproject is not None else OWN


def with_mode(name: str, text: str, mode: str) -> str:
    """Return the file's text with that mode. UsageError where the line cannot be put in without a person."""
    path = ["tool", "devtools", "tdd"] if name == PYPROJECT else ["tdd"]
    old = _tables(name, text)
    if _mode(old, path) == mode:
        return text
    new = _edited(text, ".".join(path), mode)
    try:
        # The file is edited as text, so it is read again: it must say what was meant and nothing else.
        whole = tomllib.loads(new) == _having(old, path, mode)
    except tomllib.TOMLDecodeError:
        whole = False
    if not whole:
        raise UsageError(
            f"{name} sets the table {'.'.join(path)} in its own way", f'set mode = "{mode}" there yourself'
        )
    return new


def _edited(text: str, table: str, mode: str) -> str:
    header = re.search(_HEADER.format(re.escape(table)), text, re.MULTILINE)
    value = json.dumps(mode)
    if not header:
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}[{table}]\nmode = {value}\n"
    following = re.search(r"^[ \t]*\[", text[header.end() :], re.MULTILINE)
    end = header.end() + following.start() if following else len(text)
    line = _LINE.search(text, header.end(), end)
    if line:
        return text[: line.start(2)] + value + text[line.end(2) :]
    gap = "" if text[: header.end()].endswith("\n") else "\n"
    return f"{text[: header.end()]}{gap}mode = {value}\n{text[header.end() :]}"


def _mode(tables: dict[str, Any], path: list[str]) -> Any:
    found: Any = tables
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found.get("mode", DEFAULT) if isinstance(found, dict) else DEFAULT


def _having(tables: dict[str, Any], path: list[str], mode: str) -> dict[str, Any]:
    """The same tables with another mode."""
    if not path:
        return {**tables, "mode": mode}
    inner = tables.get(path[0], {})
    return {**tables, path[0]: _having(inner if isinstance(inner, dict) else {}, path[1:], mode)}


def _tables(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is not valid TOML", str(error)) from error
