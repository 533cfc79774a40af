"""What the guided cycle says: verdict, evidence, next command."""

from __future__ import annotations

from collections.abc import Sequence

from devtools.budget import Block
from devtools.findings import Problem
from devtools.tdd.cycle import IDLE, NEXT, Cycle

SHOWN_TESTS = 5


def status(cycle: Cycle) -> str:
    """Return the phase and what it is about, in one line."""
    if cycle.phase == IDLE:
        return f"idle{f'; {cycle.result}' if cycle.result else ''}"
    return f"phase {cycle.phase}, cycle {cycle.number}: {cycle.behaviour}"


def step(
    cycle: Cycle, head: str, problems: Sequence[Problem] = (), notes: Sequence[str] = (), following: str = ""
) -> list[Block]:
    """Return a step's verdict, what is wrong, and the next command; verdict and next command always stand."""
    found = [Block(each.message, each.message.splitlines()[0]) for each in problems]
    said = [Block(text, pinned=True) for text in notes]
    return [Block(head, pinned=True), *said, *found, Block(f"next: {following or NEXT[cycle.phase]}", pinned=True)]


def refusal(name: str, problems: Sequence[Problem], warned: bool) -> str:
    """Return the verdict of a step that does not hold: its codes, each once."""
    codes = ", ".join(dict.fromkeys(problem.code for problem in problems))
    return f"warning: {name}: {codes}" if warned else f"{name} refused: {codes}"


def named(tests: Sequence[str]) -> str:
    """Return tests by id, the first few of them."""
    more = f" and {len(tests) - SHOWN_TESTS} more" if len(tests) > SHOWN_TESTS else ""
    return ", ".join(tests[:SHOWN_TESTS]) + more


def log(entries: Sequence[dict[str, object]]) -> list[Block]:
    """Return one block a cycle, one line a step."""
    blocks = []
    for entry in entries:
        steps = entry.get("steps")
        lines = [f"cycle {entry.get('cycle')}: {entry.get('behaviour')}"]
        for each in steps if isinstance(steps, list) else ():
            lines.append(f"  {each['time']} {each['step']}: {each['result']}")
        blocks.append(Block("\n".join(lines), lines[0]))
    return blocks or [Block(f"no cycle yet; next: {NEXT[IDLE]}", pinned=True)]
