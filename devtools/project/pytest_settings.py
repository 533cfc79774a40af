"""What a tree says of pytest, in whichever file it does, and the same as a pytest.ini of its own."""

from __future__ import annotations

import configparser
import json
import shlex
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

Options = Mapping[str, str]
# Any of these counts, even where it is empty.
OWN = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")
SHARED = (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest"))


def options(read: Callable[[str], bytes | None]) -> Options | None:
    """Return the options, found in pytest's own order; None where the tree says nothing of pytest."""
    # pytest 9 reads these before pyproject.toml. The proof once ran without what a pytest.toml says.
    for name in OWN:
        source = read(name)
        if source is not None:
            found = _table(source, "pytest") if name.endswith(".toml") else _section(source, "pytest")
            return found or {}
    table = _table(read("pyproject.toml"), "tool", "pytest")
    if table is not None:
        return table
    shared = (_section(source, section) for name, section in SHARED if (source := read(name)) is not None)
    return next((each for each in shared if each is not None), None)


def as_ini(given: Options | None) -> str:
    """Return a pytest.ini with these options, which counts before all other files."""
    lines = [f"{name} = {value}".replace("\n", "\n    ") for name, value in (given or {}).items()]
    return "\n".join(["[pytest]", *lines, ""])


def _section(source: bytes, name: str) -> Options | None:
    parser = configparser.RawConfigParser(delimiters=("=",), inline_comment_prefixes=None)
    try:
        parser.read_string(source.decode("utf-8", "replace"))
    except configparser.Error:
        return {"unreadable": repr(source)}
    return dict(parser[name]) if parser.has_section(name) else None


def _table(source: bytes | None, *names: str) -> Options | None:
    """Return the options of a table; `names` lead to it."""
    try:
        table: Any = tomllib.loads((source or b"").decode("utf-8", "replace"))
    except tomllib.TOMLDecodeError:
        return {"unreadable": repr(source)}
    for name in names:
        table = table.get(name) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        return None
    table = table.get("ini_options", table)
    return {name: _value(name, value) for name, value in table.items()}


def _value(name: str, value: object) -> str:
    if isinstance(value, list):
        return shlex.join(map(str, value)) if name == "addopts" else "\n".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)
