"""Carries what a process saw to the one that believes it: lines that are numbered and signed.

Standard library only; loaded by path beside sitecustomize.py. What is tested runs in the process that reports, so the
functions that report are taken hold of before any of its code is loaded, and the key lies in a closure alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from typing import Any

Send = Callable[..., None]
_encode = json.JSONEncoder().encode
_decode = json.JSONDecoder().decode
_write, _sign = os.write, hashlib.blake2b


def sender(handle: int, key: bytes) -> Send:
    """Return a function that sends one event, as one whole line."""
    number = 0

    def send(event: str, **values: Any) -> None:
        nonlocal number
        text = _encode([number, event, values]).encode("utf-8", "backslashreplace")
        number += 1
        line = _sign(text, key=key, digest_size=16).hexdigest().encode() + b" " + text + b"\n"
        while line:
            line = line[_write(handle, line) :]

    return send


def derived(key: bytes, name: str) -> bytes:
    """Return the key of one more process, which tells nothing of this one."""
    return _sign(name.encode(), key=key, digest_size=16).digest()


def received(lines: Iterable[bytes], key: bytes) -> tuple[list[dict[str, Any]], str]:
    """Return the events of the lines, and what is wrong with them; a last line that a kill cut short is none."""
    found: list[dict[str, Any]] = []
    for line in lines:
        if not line.endswith(b"\n"):
            break
        sign, _, text = line[:-1].partition(b" ")
        if sign != _sign(text, key=key, digest_size=16).hexdigest().encode():
            return found, "the results hold a line that is not the run's own"
        number, event, values = _decode(text.decode())
        # A test runs in the process that signs. What it repeats or swaps is signed well and has a wrong number.
        if number != len(found):
            return found, "the results hold lines twice or not in their order"
        found.append({"event": event, **values})
    return found, ""


def strange(events: Iterable[dict[str, Any]], places: Iterable[dict[str, str]]) -> str:
    """Return what no child would send that runs these tests: each begins and ends once, in turn, as what it is."""
    left, running = list(places), None
    for event in events:
        kind, identity = event["event"], event.get("id")
        if kind == "start":
            if running or not left or left[0]["id"] != identity:
                return f"{identity} began out of turn"
            running = left.pop(0)
        elif kind == "test":
            if not running or any(event.get(name) != value for name, value in running.items()):
                return f"{identity} ended and had not begun"
            if not isinstance(event.get("seconds"), float) or not isinstance(event.get("probes"), list):
                return f"{identity} ended in an unknown way"
            running = None
        elif kind not in ("ran", "foreign", "footprint"):
            return f"a test cannot tell of {kind!r}"
    return ""
