"""The files outside of the project that its tests read: whether each is as the last run left it.

Apart from `memory`, because a stored green asks for no more than this.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from devtools.system.store import Store

# A warm hygiene took 0.082 s with the modules that choose tests, and 0.076 s without them.
RECORD = "impact.json"


def changed_outside(stats: Mapping[str, Any]) -> str:
    """Return the first of the files elsewhere that is not as it was noted; empty where each is."""
    return next((path for path, stat in stats.items() if stat_of(path) != stat), "")


def noted(store: Store) -> dict[str, Any]:
    """Return the files outside of the project that the last run of its tests read, with size and time of each."""
    stats = store.read(RECORD).get("outside", {})
    return stats if isinstance(stats, dict) else {}


def terminal(store: Store, variables: Mapping[str, str]) -> list[str]:
    """Return the variables of the terminal that tests read in their last run, each with its value."""
    # Two terminals of one person differ in COLUMNS and TERM, so only what tests read of them ends a green.
    memory = store.read(RECORD).get("memory", {})
    asked = memory.get("asked", {}) if isinstance(memory, dict) else {}
    return [f"{name}={variables.get(name)}" for name in sorted(asked)] if isinstance(asked, dict) else []


def stat_of(path: str) -> list[int]:
    """Size and time of a file; empty where there is none."""
    try:
        stat = os.stat(path)
    except OSError:
        return []
    return [stat.st_size, stat.st_mtime_ns]
