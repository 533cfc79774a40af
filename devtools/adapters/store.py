"""What devtools keeps under `.devtools/`: run logs and greens. Every file is replaced whole, under one lock."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from typing import Any

from devtools.adapters import locking, state
from devtools.adapters.output import Kept
from devtools.core.errors import ToolError, UsageError

KEPT_RUNS = 50
LOG_LIMIT = 2 << 20  # bytes of one check's log
KEPT_GREENS = 50
LOCK_SECONDS = 10.0


class Store:
    """State of one working tree. Reading never creates anything; the first write makes the folder, git-ignored."""

    def __init__(self, root: str) -> None:
        self.folder = state.folder(root)

    def add_run(self, run: dict[str, Any]) -> int:
        """Keep a run's log, long texts by head and tail; returns its number. The oldest beyond the last 50 go."""
        if "checks" in run:
            run = {**run, "checks": [_within_bound(check) for check in run["checks"]]}
        with self.locked():
            numbers = self._runs()
            number = (numbers[-1] if numbers else 0) + 1
            self._write(os.path.join("runs", f"{number}.json"), run)
            for old in [*numbers, number][:-KEPT_RUNS]:
                os.unlink(os.path.join(self.folder, "runs", f"{old}.json"))
        return number

    def run(self, number: int | None = None) -> dict[str, Any]:
        """A stored run, the last one if no number is given. UsageError where there is none."""
        numbers = self._runs()
        if not numbers:
            raise UsageError("no run is stored yet", "devtools hygiene makes one")
        if number is not None and number not in numbers:
            raise UsageError(f"no run {number} is stored", f"stored are {numbers[0]} to {numbers[-1]}")
        return {"run": number or numbers[-1], **self.read(os.path.join("runs", f"{number or numbers[-1]}.json"))}

    def green(self, key: str) -> dict[str, Any] | None:
        """The green recorded under this fingerprint."""
        entry = self.read("greens.json").get(key)
        return entry if isinstance(entry, dict) else None

    def add(self, name: str, key: str, entry: dict[str, Any], kept: int) -> None:
        """Put one entry into a stored object; the oldest beyond `kept` go."""
        with self.locked():
            entries = {old: value for old, value in self.read(name).items() if old != key}
            entries[key] = entry
            self._write(name, dict(list(entries.items())[-kept:]))

    def add_green(self, key: str, entry: dict[str, Any]) -> None:
        with self.locked():
            greens = {name: value for name, value in self.read("greens.json").items() if name != key}
            greens[key] = entry
            self._write("greens.json", dict(list(greens.items())[-KEPT_GREENS:]))

    def read(self, name: str) -> dict[str, Any]:
        """A stored JSON object; missing or damaged, an empty one: all of it can be made again."""
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8") as stream:
                value = json.load(stream)
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}

    def write(self, name: str, value: dict[str, Any]) -> None:
        with self.locked():
            self.put(name, value)

    def put(self, name: str, value: dict[str, Any]) -> None:
        """Write for a caller that holds the lock."""
        self._write(name, value)

    def _runs(self) -> list[int]:
        try:
            names = os.listdir(os.path.join(self.folder, "runs"))
        except OSError:
            return []
        return sorted(int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdigit())

    def _write(self, name: str, value: dict[str, Any]) -> None:
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        temporary = f"{path}.{os.getpid()}"
        with open(temporary, "w", encoding="utf-8") as stream:
            stream.write(json.dumps(value, separators=(",", ":")))  # in one piece: json.dump goes the slow way
        os.replace(temporary, path)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Two sessions wait for one another, at most ten seconds. The lock goes with its process."""
        os.makedirs(self.folder, exist_ok=True)
        refusal = ToolError("another devtools holds .devtools/lock", "try again when it is done")
        with locking.held(os.path.join(self.folder, "lock"), LOCK_SECONDS, refusal):
            self._hide()
            yield

    def _hide(self) -> None:
        """Make git ignore the folder; an empty file is what a kill left."""
        ignore = os.path.join(self.folder, ".gitignore")
        if not os.path.exists(ignore) or not os.path.getsize(ignore):
            with open(f"{ignore}.new", "w", encoding="utf-8") as stream:
                stream.write("*\n")
            os.replace(f"{ignore}.new", ignore)


def _within_bound(check: dict[str, Any]) -> dict[str, Any]:
    log = Kept(LOG_LIMIT)
    log.add(check.get("log", "").encode("utf-8", "surrogateescape"))
    return {**check, "log": log.text()}
