"""What a person typed after devtools tdd: a step, or the behaviour that a new cycle is about."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Collection, Sequence

from devtools.errors import UsageError
from devtools.tdd import slips


def typed() -> tuple[list[str], bool]:
    """Read the words that a slash command hands over, and whether --reopen is among them."""
    # From stdin, because a slash command puts what was typed into a shell line, and an apostrophe would end it.
    given = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").split()
    reopen = given[:1] == ["red"] and "--reopen" in given
    return [word for word in given if not (reopen and word == "--reopen")], reopen


def step(steps: Collection[str], given: Sequence[str], reopen: bool) -> tuple[str, Sequence[str]]:
    """Return which of the steps is meant, and its words. One word near to a step's name is a slip."""
    name, rest = (given[0], given[1:]) if given else ("status", ())
    if name not in steps:
        near = slips.meant(name, steps) if rest else "".join(difflib.get_close_matches(name, steps, 1, 0.7))
        if near:
            words = " ".join(rest if near == "start" else given) or "BEHAVIOUR"
            way = (
                f"devtools tdd start {words}"
                if near == "start"
                else f"devtools tdd {near}, or devtools tdd start {words}"
            )
            raise UsageError(f"no step is named {name!r}", way)
        name, rest = "start", given
    if name == "start" and not " ".join(rest).strip():
        raise UsageError("start needs a behaviour", "devtools tdd start BEHAVIOUR")
    if rest and name not in ("start", "restore"):
        raise UsageError(f"{name} takes no words", f"for a behaviour: devtools tdd start {' '.join(given)}")
    if reopen and name != "red":
        raise UsageError("--reopen goes with red", "devtools tdd red --reopen")
    return ("reopen" if reopen else name), rest
