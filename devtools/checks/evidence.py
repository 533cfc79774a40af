"""What of a failure's explanation tells more than its first line."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ADVICE = re.compile(r"\s*Use -v+ to get (?:more|the full) diff")
_DIFFERENCE = re.compile(r"\s*(?:At index \d+ diff: |(?:Left|Right) contains (?:one|\d+) more items?[:,] )")
_FULL_DIFFERENCE = re.compile(r"\s*Full diff")
_EXPLANATION = re.compile(r"\s*\+\s+(?:where|and) ")
_COMPARISON = re.compile(r"assert .+ == .+")


def telling(message: str, lines: Sequence[str]) -> list[str]:
    """Return the lines without pytest's advice.

    Where `message` shows both sides whole, the lines on where they differ are left out as well.
    """
    whole = _COMPARISON.fullmatch(message) and "..." not in message
    kept = [line for line in lines if line.strip() and not _ADVICE.match(line)]
    if not whole:
        return kept
    end = next((place for place, line in enumerate(kept) if _FULL_DIFFERENCE.match(line)), len(kept))
    after = [line for line in kept[end:] if _EXPLANATION.match(line)]
    return [line for line in kept[:end] if not _DIFFERENCE.match(line)] + after
