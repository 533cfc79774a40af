"""How far a run of tests has come, in words for who waits for it."""

from __future__ import annotations

import math

UNSURE = 2.0  # seconds in which no pace is known yet


def pace(done: int, failed: int, total: int, seconds: float) -> str:
    """Say how many tests are done and have failed, and how long the rest takes at this pace."""
    said = [f"{done:,} of {total:,} tests" if total else "collecting tests"]
    said += [f"{failed:,} failed"] if failed else []
    if 0 < done < total and seconds >= UNSURE:
        said.append(f"about {_clock(seconds * (total - done) / done)} left")
    return ", ".join(said)


def _clock(seconds: float) -> str:
    whole = math.ceil(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02} min"
