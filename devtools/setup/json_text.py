"""Edit JSON as text: whatever the edit does not concern keeps its bytes, its order and its indentation.

A removal takes out exactly what an insertion put in, so that the two leave the text as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

Step = str | int
_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCALAR = re.compile(r"[^\s,\]}]+")


class Node(NamedTuple):
    """A value in the text. `members` are those of an object or an array.

    Each has its key or number, the place where it begins (in an object that of its key), and its value.
    """

    start: int
    end: int
    members: tuple[tuple[Step, int, Node], ...] = ()

    def member(self, step: Step) -> tuple[Step, int, Node]:
        """Return the last member of that name: a reader of JSON takes that one. KeyError where there is none."""
        for each in reversed(self.members):
            if each[0] == step:
                return each
        raise KeyError(step)


class Malformed(ValueError):
    """The text is not JSON; `line` counts from 1."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


def value_of(text: str) -> Any:
    """Return what the text says. Malformed where it is no JSON, or nested too deep."""
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        line = text.split("\n")[error.lineno - 1].strip() if text else ""
        said = "a comment, which JSON does not have" if line.startswith(("//", "/*", "#")) else error.msg
        raise Malformed(said, error.lineno) from error
    except RecursionError as error:
        raise Malformed("nested too deep", 1) from error


def insert(text: str, path: Sequence[Step], value: Any) -> str:
    """Put a value last into the object or array that the path leads to; its last step is the new key.

    For an array the last step is -1.
    """
    *above, key = path
    node = _at(text, above)
    inner = text[node.start + 1 : node.end - 1]
    lead = _lead(text, node, above)
    # Edited as text: a parsed and rewritten file would lose the person's order, indentation and line ends.
    word = "" if isinstance(key, int) else f"{json.dumps(key, ensure_ascii=False)}: "
    if lead is None:
        new = word + json.dumps(value, ensure_ascii=False)
        separator = ", " if node.members else ""
    else:
        new = word + _dumped(value, _unit(text), lead)
        separator = f",{lead}" if node.members else lead
    if node.members:
        place = node.members[-1][2].end
        return text[:place] + separator + new + text[place:]
    tail = inner if "\n" in inner or lead is None else lead.removesuffix(_unit(text))
    return text[: node.start + 1] + separator + new + tail + text[node.end - 1 :]


def remove(text: str, path: Sequence[Step]) -> str:
    """Take out the member that the path leads to, with the comma that parted it from the others."""
    *above, key = path
    node = _at(text, above)
    places = [place for place, member in enumerate(node.members) if member[0] == key]
    place = places[-1]
    _, start, inner = node.members[place]
    if place:
        return text[: node.members[place - 1][2].end] + text[inner.end :]
    if len(node.members) > 1:
        return text[:start] + text[node.members[1][1] :]
    return text[: node.start + 1] + text[node.end - 1 :]


def replace(text: str, path: Sequence[Step], value: Any) -> str:
    """Put another value where the path leads."""
    node = _at(text, path)
    return text[: node.start] + json.dumps(value, ensure_ascii=False) + text[node.end :]


def _at(text: str, path: Sequence[Step]) -> Node:
    node = _node(text, _blank(text, 1 if text.startswith("\ufeff") else 0))
    for step in path:
        node = node.member(step)[2]
    return node


def _node(text: str, start: int) -> Node:
    """The value that begins at `start` of a text that is known to be JSON."""
    if text[start] == '"':
        return Node(start, _end_of_string(text, start))
    if text[start] not in "{[":
        found = _SCALAR.match(text, start)
        return Node(start, found.end() if found else start)
    members: list[tuple[Step, int, Node]] = []
    place = _blank(text, start + 1)
    while text[place] not in "}]":
        begin, key = place, len(members)
        step: Step = key
        if text[start] == "{":
            place = _end_of_string(text, begin)
            step = json.loads(text[begin:place])
            place = _blank(text, _blank(text, place) + 1)
        node = _node(text, place)
        members.append((step, begin, node))
        place = _blank(text, node.end)
        place = _blank(text, place + 1) if text[place] == "," else place
    return Node(start, place + 1, tuple(members))


def _blank(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def _end_of_string(text: str, place: int) -> int:
    found = _STRING.match(text, place)
    return found.end() if found else place


def _lead(text: str, node: Node, above: Sequence[Step]) -> str | None:
    """What stands between two members, but for the comma: a line break and blanks; None where they share a line."""
    if node.members:
        between = text[node.start + 1 : node.members[0][1]]
        return _break(between)
    whole = _at(text, ())
    if whole.members and "\n" not in text[whole.start : whole.end]:
        return None
    return _newline(text) + _unit(text) * (len(above) + 1)


def _break(between: str) -> str | None:
    """The last line break of what parts two members, with the blanks behind it."""
    if "\n" not in between:
        return None
    line = between.rindex("\n")
    return between[line - 1 if between[line - 1 : line] == "\r" else line :]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _unit(text: str) -> str:
    """How deep the text indents its first member; two blanks where that does not show."""
    whole = _at(text, ())
    lead = _break(text[whole.start + 1 : whole.members[0][1]]) if whole.members else None
    return (lead or "").lstrip("\r\n") or "  "


def _dumped(value: Any, unit: str, lead: str) -> str:
    return json.dumps(value, ensure_ascii=False, indent=unit).replace("\n", lead)
