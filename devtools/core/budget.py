"""Text within a budget of tokens: what does not fit is counted and named, never dropped in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PIECE = re.compile(r"[A-Za-z]+|\d|[^\sA-Za-z\d]|\n")
_CHARACTERS_A_TOKEN = 5


def estimate_tokens(text: str) -> int:
    """About how many tokens a tokenizer makes of `text`.

    Words cost one token for each five letters begun, digits go by threes, every other sign is a token of its own: an
    over-estimate on code, so that a text within the budget here is within it for a real tokenizer too.
    """
    words = digits = 0
    for piece in _PIECE.findall(text):
        if piece.isdigit():
            digits += 1
        else:
            words += -(-len(piece) // _CHARACTERS_A_TOKEN)
    return words + -(-digits // 3)


@dataclass(frozen=True)
class Block:
    """Lines that stand or fold together. `brief` is what stays of them when the budget is short.

    `partial` lines stand for more than they say, so that the command that shows the rest is named with them.
    """

    full: str
    brief: str = ""
    pinned: bool = False
    partial: bool = False


def fold(blocks: Sequence[Block], budget: int, more: str) -> list[str]:
    """Fit blocks into `budget` tokens, in order; `more` is the command that shows the rest.

    Pinned blocks always stand. Each other block shows in full while there is room, then as its brief, and what has
    room for neither is counted in a last line. Briefs are reserved first: every place outlives the first one's detail.
    """
    costs = [estimate_tokens(block.full) for block in blocks]
    briefs = [estimate_tokens(block.brief) if block.brief else 0 for block in blocks]
    room = budget - sum(cost for block, cost in zip(blocks, costs, strict=True) if block.pinned)
    shown: dict[int, str] = {i: block.full for i, block in enumerate(blocks) if block.pinned}
    for i, block in enumerate(blocks):
        if i not in shown and block.brief and briefs[i] <= room:
            shown[i] = block.brief
            room -= briefs[i]
    for i, block in enumerate(blocks):
        extra = costs[i] - (briefs[i] if i in shown else 0)
        if not block.pinned and extra <= room:
            shown[i] = block.full
            room -= extra
    lines = [shown[i] for i in range(len(blocks)) if i in shown]
    hidden = len(blocks) - len(shown)
    cut = sum(1 for i, block in enumerate(blocks) if i in shown and (block.partial or shown[i] != block.full))
    return lines + _folded(hidden, cut, more)


def _folded(hidden: int, cut: int, more: str) -> list[str]:
    if hidden:
        return [f"… and {hidden} more: {more}"]
    return [f"… details: {more}"] if cut else []
