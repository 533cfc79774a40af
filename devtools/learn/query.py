"""What a person types to search: words, prefix*, "a phrase". Any text is a query; none is a syntax error."""

from __future__ import annotations

import re
from dataclasses import dataclass

from devtools.learn.markdown import plain

_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True)
class Term:
    """One word, or the words of a phrase; with `prefix`, its last word may go on."""

    text: str
    prefix: bool = False


def terms(query: str) -> list[Term]:
    """Return the terms of a query; what holds no letter and no digit asks for nothing."""
    text = plain(query.encode("utf-8", "replace").decode())
    found = (Term((phrase or word).rstrip("*"), word.endswith("*")) for phrase, word in _TERM.findall(text))
    return [term for term in found if any(map(str.isalnum, term.text))]
