"""Insights as the trailers of their commit: `Insight:`, and below it what belongs to it.

`Topic:`, `Words:`, `Takeaway:`, `Example:` and `Mistake:` belong to the insight above them. An insight without a topic
of its own has the first one of the commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from devtools.learn.item import LABELS
from devtools.learn.markdown import Entry

INSIGHT, TOPIC, WORDS = "Insight", "Topic", "Words"
_KEYS = {key.casefold(): key for key in (INSIGHT, TOPIC, WORDS, *LABELS)}


def read(lines: Iterable[str], commit: str = "", date: str = "") -> list[Entry]:
    """Read the insights of a commit's trailers, each a line `Key: value`, in their order."""
    found: list[dict[str, list[str]]] = []
    first: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        key = _KEYS.get(name.strip().casefold(), "")
        if key == INSIGHT and value.strip():
            found.append({INSIGHT: [value.strip()]})
        elif key and key != INSIGHT and value.strip():
            (found[-1] if found else first).setdefault(key, []).append(value.strip())
    topics = [topic for own in (first, *found) for topic in own.get(TOPIC, [])]
    if found:
        found[0] = {**first, **found[0]}
    return [_entry(own, topics, commit, date) for own in found]


def _entry(own: dict[str, list[str]], topics: Sequence[str], commit: str, date: str) -> Entry:
    topic = [*own.get(TOPIC, []), *topics, ""][0]
    notes = tuple((label, said) for label in LABELS for said in own.get(label, []))
    return Entry(own[INSIGHT][0], topic, commit, date, words=" ".join(own.get(WORDS, [])), notes=notes)


def written(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Return the trailers of a commit that carries these insights; a topic that all share comes once, at the end."""
    topics = list(dict.fromkeys(entry.topic for entry in entries if entry.topic))
    found: list[tuple[str, str]] = []
    for entry in entries:
        found.append((INSIGHT, entry.text))
        if len(topics) > 1 and entry.topic:
            found.append((TOPIC, entry.topic))
        found += [(WORDS, entry.words)] if entry.words else []
        found += entry.notes
    return [*found, *((TOPIC, topic) for topic in topics if len(topics) == 1)]
