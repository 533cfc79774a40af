"""The learning history for a terminal: chapters in order, the newest concepts in full within the budget."""

from __future__ import annotations

from collections.abc import Sequence

from devtools.budget import Block, estimate_tokens
from devtools.history.concepts import Concept, count, summary
from devtools.learn.markdown import plain

MORE = "devtools history --budget 1000000"


def blocks(concepts: Sequence[Concept], budget: int) -> list[Block]:
    """Return the summary, what was left out, and as many of the last concepts as the budget holds, oldest first."""
    head = summary(concepts)
    room = budget - estimate_tokens(head) - estimate_tokens(_folded(len(concepts)))
    shown: list[str] = []
    # From the newest back: a history grows for ever, and the last thing learned must stay visible.
    for number in range(len(concepts) - 1, -1, -1):
        each, before = concepts[number], concepts[number - 1] if number else None
        text = "\n".join(_heading(each, before) + _lines(each))
        room -= estimate_tokens(text)
        if room < 0:
            break
        shown.append(text)
    hidden = len(concepts) - len(shown)
    folded = [_folded(hidden)] if hidden else []
    if shown and hidden:
        folded += [] if _heading(concepts[hidden], concepts[hidden - 1]) else [concepts[hidden].topic]
    said = [Block(text, pinned=True) for text in (head, *folded[:1])]
    return [*said, *(Block(text, pinned=True, outside=True) for text in (*folded[1:], *reversed(shown)))]


def _folded(number: int) -> str:
    return f"… {number} earlier: {MORE}, or --since REV, --topic, --grep"


def _heading(each: Concept, before: Concept | None) -> list[str]:
    """A chapter begins where the topic changes."""
    return [each.topic] if before is None or before.topic.casefold() != each.topic.casefold() else []


def _lines(each: Concept) -> list[str]:
    commit = each.commit
    tests = f", {count(each.tests, 'test')}" if each.tests else ""
    cycle = f" [{each.cycle}{tests}]" if each.cycle else ""
    size = f"+{commit.added} -{commit.deleted}"
    told = [f"    insight: {plain(insight)}" for insight in commit.insights]
    return [f"  {commit.id[:9]} {commit.date} {size} {each.name}{cycle}", *told]
