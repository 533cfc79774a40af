"""A LEARNINGS.md in which git left a conflict: what each side had."""

from __future__ import annotations

import re
from typing import NamedTuple

_MARK = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?: .*)?\r?$")
_NEXT = {"": "<", "<": "|=", "|": "=", "=": ">"}


class Sides(NamedTuple):
    """The text as ours and as theirs, and as it was before.

    Where the conflict has not `told` that, the base is what stands around it.
    """

    ours: str
    base: str
    theirs: str
    told: bool


def sides(text: str) -> Sides | None:
    """Take a conflict apart. None where there is none, or where its marks are not whole."""
    parts: dict[str, list[str]] = {"<": [], "|": [], "=": []}
    now, seen, told = "", False, True
    for line in text.split("\n"):
        mark = _MARK.match(line)
        sign = mark[1][0] if mark else ""
        if sign and sign in _NEXT[now]:
            told = told and not (now == "<" and sign == "=")
            now, seen = ("" if sign == ">" else sign), True
        elif sign in ("<", ">"):
            return None
        elif now:
            parts[now].append(line)
        else:
            for each in parts.values():
                each.append(line)
    if now or not seen:
        return None
    return Sides("\n".join(parts["<"]), "\n".join(parts["|"]), "\n".join(parts["="]), told)
