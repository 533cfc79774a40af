"""Paths matched by patterns as .gitignore has them: a name anywhere, or a path from the root."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from functools import lru_cache

_PIECES = re.compile(r"\*\*/|\*\*|\[!?+\]?+[^\]]*\]|.", re.DOTALL)
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Return whether one of the patterns fits `path`, which is written from the root with `/`.

    A pattern without a slash fits a name at any depth, one with a slash the whole path. `*` and `?` stop at a slash,
    `**` does not; a pattern that ends in `/` fits all that lies in such a folder.
    """
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)


def literal(path: str) -> str:
    """Return the pattern that fits this path and no other."""
    return "/" + re.sub(r"([*?\[])", r"[\1]", path)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    anchored = "/" in pattern.rstrip("/")
    body = pattern.removeprefix("/") + ("**" if pattern.endswith("/") else "")
    pieces = (_MEANING.get(piece) or _translated(piece) for piece in _PIECES.findall(body))
    return re.compile(("" if anchored else "(?:.*/)?") + "".join(pieces), re.DOTALL)


def _translated(piece: str) -> str:
    """A set in brackets, which the standard library knows to read, or a sign that stands for itself."""
    return f"(?!/){fnmatch.translate(piece)[4:-3]}" if len(piece) > 1 else re.escape(piece)
