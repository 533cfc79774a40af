"""What `devtools run` has saved, kept by day: never more than the client would have shown of the raw output."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any

from devtools.budget import estimate_tokens
from devtools.system.store import Store

FILE = "savings.json"
DAYS = 400
# The client shows no more characters of a shell command's output, unless this variable says otherwise.
SHOWN, VARIABLE = 30_000, "BASH_MAX_OUTPUT_LENGTH"


def note(store: Store, kind: str, raw: str, ours: Sequence[str], lines: int | None = None) -> None:
    """Add one run of today. `lines` are those that the caller's own filter would have left of the raw output."""
    before = estimate_tokens(shown(raw, lines))
    after = estimate_tokens("\n".join(ours))
    with store.locked():
        days = store.read(FILE)
        today = days.setdefault(time.strftime("%Y-%m-%d"), {})
        entry = today.setdefault(kind, {"runs": 0, "raw": 0, "ours": 0})
        for name, number in (("runs", 1), ("raw", before), ("ours", after)):
            entry[name] += number
        store.put(FILE, dict(list(days.items())[-DAYS:]))


def shown(raw: str, lines: int | None = None) -> str:
    """Return what the client would have shown of a raw output."""
    limit = os.environ.get(VARIABLE, "")
    # What the model's own head or tail would have cut is nothing that we have saved.
    kept = "\n".join(raw.splitlines()[-lines:]) if lines else raw
    return kept[: int(limit) if limit.isdigit() else SHOWN]


def kept(store: Store) -> dict[str, dict[str, Any]]:
    """Return the runs by day and kind, without what is damaged."""
    days = store.read(FILE)
    good = {}
    for day, kinds in days.items():
        if isinstance(kinds, dict):
            good[day] = {kind: entry for kind, entry in kinds.items() if _is_entry(entry)}
    return good


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(name), int) for name in ("runs", "raw", "ours"))
