"""What devtools keeps in the git directory: run logs, greens, records. Each file is replaced whole, under one lock."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from typing import Any

from devtools.errors import ToolError, UsageError
from devtools.system import lock as locking
from devtools.system import sealed, state
from devtools.system.output import Kept

KEPT_RUNS = 50
# A test that prints without end left a log of 100 MB on disk, and fifty runs are kept.
LOG_LIMIT = 2 << 20  # bytes of one check's log
KEPT_GREENS = 50
LOCK_SECONDS = 10.0


class Store:
    """State of one working tree, in its git directory. Reading never creates anything; the first write makes it."""

    def __init__(self, root: str, git: str = "") -> None:
        self.base = git or state.git_folder(root)
        self.folder = os.path.join(self.base, state.FOLDER)

    @classmethod
    def common(cls, root: str) -> Store:
        """Return the store that all working trees of the repository share, because it is kept by content."""
        return cls(root, state.repository_of(root))

    def add_run(self, run: dict[str, Any]) -> int:
        """Keep a run's log, long texts by head and tail; returns its number. The oldest beyond the last 50 go."""
        if "checks" in run:
            run = {**run, "checks": [_within_bound(check) for check in run["checks"]]}
        with self.locked():
            numbers = self._runs()
            number = (numbers[-1] if numbers else 0) + 1
            self._write(f"runs/{number}.json", run)
            for old in [*numbers, number][:-KEPT_RUNS]:
                sealed.remove(self.base, f"{state.FOLDER}/runs/{old}.json")
        return number

    def run(self, number: int | None = None) -> dict[str, Any]:
        """Return a stored run, the last one if no number is given. UsageError where there is none."""
        numbers = self._runs()
        if not numbers:
            raise UsageError("no run is stored yet", "devtools hygiene makes one")
        if number is not None and number not in numbers:
            raise UsageError(f"no run {number} is stored", f"stored are {numbers[0]} to {numbers[-1]}")
        return {"run": number or numbers[-1], **self.read(f"runs/{number or numbers[-1]}.json")}

    def green(self, key: str) -> dict[str, Any] | None:
        """Return the green recorded under this fingerprint."""
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
        """Return a stored JSON object; missing or damaged, an empty one: all of it can be made again."""
        try:
            value = json.loads(sealed.read(self.base, f"{state.FOLDER}/{name}"))
        except (OSError, ValueError, RecursionError):
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
            names = sealed.names(self.base, f"{state.FOLDER}/runs")
        except OSError:
            return []
        return sorted(int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdecimal())

    def _write(self, name: str, value: dict[str, Any]) -> None:
        text = json.dumps(value, separators=(",", ":"))  # in one piece: json.dump goes the slow way
        sealed.write(self.base, f"{state.FOLDER}/{name}", text.encode())

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock: two sessions wait for one another, at most ten seconds. It goes with its process."""
        if not state.is_git_folder(self.base):
            raise ToolError(f"{self.base} is no git directory", "run this in a repository")
        try:
            sealed.make(self.base, state.FOLDER)
        except OSError as error:
            # "No space left on device" alone says neither which disk nor whose file.
            error.filename = self.folder
            raise
        refusal = ToolError("another devtools holds devtools/lock in the git directory", "try again when it is done")
        with locking.held(os.path.join(self.folder, "lock"), LOCK_SECONDS, refusal):
            sealed.sweep(self.base, state.FOLDER, time.time())
            yield


def _within_bound(check: dict[str, Any]) -> dict[str, Any]:
    log = Kept(LOG_LIMIT)
    log.add(check.get("log", "").encode("utf-8", "surrogateescape"))
    return {**check, "log": log.text()}
