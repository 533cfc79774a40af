"""When a session or a subagent starts: where the work stands, and what was learned that fits it, within 150 tokens."""

from __future__ import annotations

import os
import time

from devtools.budget import estimate_tokens
from devtools.git import status as git
from devtools.hooks import marks, shell_path
from devtools.hooks.mode import mode_of
from devtools.learn import markdown as learnings
from devtools.learn.relevance import fitting
from devtools.system import state
from devtools.tdd import text as cycle_text
from devtools.tdd.cycle import IDLE, NEXT, Cycle, cycle_of

TOKENS = 150
FILE = "LEARNINGS.md"


def reply(payload: dict[str, object]) -> dict[str, object] | None:
    """What the model is told before the first request; nothing outside of a repository."""
    root = state.root_of(str(payload.get("cwd") or os.getcwd()))
    event = str(payload.get("hook_event_name"))
    if root and event == "SessionStart":
        shell_path.lead_to()
        marks.begin(root, payload, time.time())  # what a change of the client's settings is compared with
    if not root or mode_of(root) == "off":
        return None
    cycle = cycle_of(root)
    head = _standing(cycle)
    room = TOKENS - estimate_tokens(head) - 1
    text = "\n".join([head, *(f"- {insight}" for insight in _insights(root, cycle, room))])
    return {"hookSpecificOutput": {"hookEventName": event, "additionalContext": text}}


def _standing(cycle: Cycle) -> str:
    """Phase, last result and next command; a long behaviour is cut before the budget is."""
    short = cycle.having(behaviour=_cut(cycle.behaviour), result=_cut(cycle.result))
    if cycle.phase == IDLE:
        return f"devtools tdd: {cycle_text.status(short)}. New behaviour: {NEXT[IDLE]}. To commit: devtools commit"
    return f"devtools tdd: {cycle_text.status(short)}. Last: {short.result}. Next: {NEXT[cycle.phase]}"


def _cut(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:120]}…"


def _insights(root: str, cycle: Cycle, room: int) -> list[str]:
    """Insights of LEARNINGS.md, in one line each."""
    path, top = os.path.realpath(os.path.join(root, FILE)), os.path.realpath(root)
    try:
        text = state.text(path) if path.startswith(top + os.sep) else ""  # a link may lead to what is nobody's business
    except OSError:
        text = ""
    if not text:
        return []
    known = [" ".join(entry.text.split()) for entry in learnings.parse(text)]
    return fitting(known, [*git.at_hand(root), cycle.behaviour], room)
