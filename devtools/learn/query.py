"""What a person types to search: words, prefix*, "a phrase". Any text is a query; none is a syntax error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from devtools.learn.markdown import plain

_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True)
class Term:
    """One word, or the words of a phrase; with `prefix`, its last word may go on."""

    text: str
    prefix: bool = False


def terms(query: str) -> list[Term]:
    """The terms of a query; what holds no letter and no digit asks for nothing."""
    text = plain(query.encode("utf-8", "replace").decode())
    found = (Term((phrase or word).rstrip("*"), word.endswith("*")) for phrase, word in _TERM.findall(text))
    return [term for term in found if any(map(str.isalnum, term.text))]


def expression(wanted: Sequence[Term], every: bool = True) -> str:
    """The terms for SQLite's FTS5, each quoted, so that none of its operators is heard."""
    return (" " if every else " OR ").join(f'"{term.text}"{"*" * term.prefix}' for term in wanted)


def score(wanted: Sequence[Term], text: str, every: bool = True) -> int:
    """How often the terms stand in a text, where SQLite has no full-text search; 0 where it is no hit."""
    folded = text.casefold()
    counts = [len(re.findall(_pattern(term), folded)) for term in wanted]
    return sum(counts) if not every or all(counts) else 0


def _pattern(term: Term) -> str:
    words = [re.escape(_stem(word)) for word in re.findall(r"\w+", term.text.casefold())]
    return r"\b" + r"\w*\W+".join(words)


def _stem(word: str) -> str:
    """A rough stem: long words lose their commonest endings."""
    return re.sub(r"(?:ing|ed|es|[es])$", "", word) if len(word) > 4 else word
