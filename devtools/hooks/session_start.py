"""When a session or a subagent starts: where the work stands, and what was learned that fits it, within 150 tokens."""

from __future__ import annotations

import os
import time

from devtools.git import status as git
from devtools.hooks import marks, offered, shell_path
from devtools.hooks.mode import mode_of
from devtools.learn import markdown as learnings
from devtools.learn import offers
from devtools.system import state
from devtools.tdd import text as cycle_text
from devtools.tdd.cycle import IDLE, NEXT, Cycle, cycle_of

# Less than one question about where the work stands would cost.
TOKENS = 150
FILE = "LEARNINGS.md"


def reply(payload: dict[str, object]) -> dict[str, object] | None:
    """Return what the model is told before the first request; nothing outside of a repository."""
    root = state.root_of(str(payload.get("cwd") or os.getcwd()))
    event = str(payload.get("hook_event_name"))
    if root and event == "SessionStart":
        shell_path.lead_to()
        marks.begin(root, payload, time.time())  # what a change of the client's settings is compared with
    if not root or mode_of(root) == "off":
        return None
    cycle = cycle_of(root)
    head = _standing(cycle)
    insight = _insight(root, str(payload.get("session_id")), event == "SessionStart")
    text = f"{head}\nlearned here before: {insight}" if insight else head
    return {"hookSpecificOutput": {"hookEventName": event, "additionalContext": text}}


def _standing(cycle: Cycle) -> str:
    """Phase, last result and next command; a long behaviour is cut before the budget is."""
    short = cycle.having(behaviour=_cut(cycle.behaviour), result=_cut(cycle.result))
    if cycle.phase == IDLE:
        return f"devtools tdd: {cycle_text.status(short)}. New behaviour: {NEXT[IDLE]}. To commit: devtools commit"
    return f"devtools tdd: {cycle_text.status(short)}. Last: {short.result}. Next: {NEXT[cycle.phase]}"


def _cut(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:120]}…"


def _insight(root: str, session: str, whole: bool) -> str:
    """The insight that fits a file at hand best, if one does; what fits which file is prepared for later edits."""
    path, top = os.path.realpath(os.path.join(root, FILE)), os.path.realpath(root)
    try:
        text = state.text(path) if path.startswith(top + os.sep) else ""  # a link may lead to what is nobody's business
    except OSError:
        text = ""
    if not text:
        return ""
    all_of_them = offers.Offers(offers.known(root, learnings.parse(text)))
    if whole:
        offered.prepare(root, all_of_them.table())
    fitting = [pair for name in git.at_hand(root) for pair in all_of_them.fitting(name)]
    # At most one of them is told: up to three once came by any shared word, fitting or not.
    texts = [offers.within(insight.text) for _, insight in sorted(fitting, key=lambda pair: -pair[0])]
    name = session if whole else f"{session[:60]}sub"  # a subagent does not see what the session was told
    return next((said for said in dict.fromkeys(texts) if offered.told(root, name, said)), "")
