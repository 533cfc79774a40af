"""Insights of commits that were not made: kept in the git directory until a commit carries them."""

from __future__ import annotations

from collections.abc import Sequence

from devtools.commit.insights import Insight
from devtools.learn import file as learning
from devtools.learn import markdown as learnings
from devtools.system.store import Store

NAME = "insights.json"


def kept(store: Store, root: str) -> list[Insight]:
    """Return the kept insights that do not stand in LEARNINGS.md yet."""
    entries = store.read(NAME).get("kept")
    pairs = [entry for entry in entries if _is_insight(entry)] if isinstance(entries, list) else []
    known = {learnings.key(entry.text) for entry in learnings.parse(learning.read(root))} if pairs else set()
    return [tuple(pair) for pair in pairs if learnings.key(pair[0]) not in known]


def keep(store: Store, root: str, insights: Sequence[Insight]) -> list[Insight]:
    """Keep these too, each once; returns all that is kept, the older first."""
    # An insight was lost with the refused commit, and the model that had it did not always say it again.
    old = kept(store, root)
    ours = {learnings.key(text) for text, *_ in insights}
    both = [*(pair for pair in old if learnings.key(pair[0]) not in ours), *insights]
    if insights:
        store.write(NAME, {"kept": [list(pair) for pair in both]})
    return both


def drop(store: Store) -> None:
    """Forget the kept insights, since a commit has carried all of them."""
    if store.read(NAME).get("kept"):
        store.write(NAME, {"kept": []})


def _is_insight(entry: object) -> bool:
    return isinstance(entry, list) and len(entry) >= 2 and all(isinstance(word, str) for word in entry)
