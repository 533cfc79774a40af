"""Text within a budget of tokens: what does not fit is counted and named, never dropped in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PIECE = re.compile(r"[A-Za-z]+|\d|[^\sA-Za-z\d]|\n")
_CHARACTERS_A_TOKEN = 5
FORMS = ("least", "brief", "full")


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
    """Lines that stand or fold together. `brief` is what stays of them when the budget is short, `least` when it is
    shorter still.

    `partial` lines stand for more than they say, so that the command that shows the rest is named with them. `number`
    is of how many things the lines tell; it is counted where none of the forms has room. `path` is a head of all forms
    that is left out after a block that begins with the same. A pinned block begins with words of ours, unless it is
    from `outside`; another one begins with what is not.
    """

    full: str
    brief: str = ""
    pinned: bool = False
    partial: bool = False
    least: str = ""
    number: int = 1
    path: str = ""
    outside: bool = False

    @property
    def ours(self) -> bool:
        """Whether the first line is a sentence of ours, which text from outside must not look like."""
        return self.pinned and not self.outside


def fold(blocks: Sequence[Block], budget: int, more: str) -> list[str]:
    """Fit blocks into `budget` tokens, in order; `more` is the command that shows the rest.

    Pinned blocks always stand. Of each other block the least form is reserved first, then briefs take what room is
    left, those of most things before the others, then full forms in order: every place outlives the first one's detail.
    What has room for none is counted in a last line.
    """
    shown = {i: block.full for i, block in enumerate(blocks) if block.pinned}
    room = budget - sum(map(estimate_tokens, shown.values()))
    for form in FORMS:
        order = sorted(range(len(blocks)), key=lambda i: -blocks[i].number if form == "brief" else 0)
        for i in order:
            block = blocks[i]
            text = getattr(block, form)
            cost = estimate_tokens(text) - estimate_tokens(shown.get(i, ""))
            if not block.pinned and (text or form == "full") and cost <= room:
                shown[i] = text
                room -= cost
    lines = _once([(blocks[i].path, shown[i]) for i in range(len(blocks)) if i in shown])
    hidden = sum(block.number for i, block in enumerate(blocks) if i not in shown)
    cut = sum(1 for i, block in enumerate(blocks) if i in shown and (block.partial or shown[i] != block.full))
    return lines + _folded(hidden, cut, more)


def _once(texts: Sequence[tuple[str, str]]) -> list[str]:
    """The texts, without the path that the one before begins with too."""
    before = ["", *(path for path, _ in texts)]
    return [
        text[len(path) :] if path == last and text.startswith(f"{path}:") else text
        for (path, text), last in zip(texts, before, strict=False)
    ]


def _folded(hidden: int, cut: int, more: str) -> list[str]:
    if hidden:
        return [f"… and {hidden} more: {more}"]
    return [f"… details: {more}"] if cut else []
