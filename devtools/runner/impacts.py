"""What test files did in several processes, as one process would have told it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def merged(impacts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Join the processes' records. All of them collect every test, and each runs some.

    Each process loads a module for itself. The first loader is kept as that, a session's before a test file's; each
    other one reads the module, so that it is concerned by its change whatever imports show.
    """
    reads: dict[str, set[str]] = {}
    loaded: dict[str, str] = {}
    for impact in impacts:
        for path, tests in impact["reads"].items():
            reads.setdefault(path, set()).update(tests)
    for path in sorted({path for impact in impacts for path in impact["loaded"]}):
        loaders = sorted({impact["loaded"][path] for impact in impacts if path in impact["loaded"]})
        # The session has the empty name, so it comes first where it is a loader.
        loaded[path] = loaders[0]
        if loaders[1:]:
            reads.setdefault(path, set()).update(loaders[1:])
    asked: dict[str, set[str]] = {}
    for impact in impacts:
        for name, tests in impact.get("asked", {}).items():
            asked.setdefault(name, set()).update(tests)
    return {
        "asked": {name: sorted(tests) for name, tests in asked.items()},
        "tests": _counts([impact["tests"] for impact in impacts]),
        "seconds": _seconds([impact["seconds"] for impact in impacts]),
        "reads": {path: sorted(tests) for path, tests in reads.items()},
        "loaded": loaded,
        **{name: sorted({each for impact in impacts for each in impact[name]}) for name in SETS},
    }


def repeated(impact: Mapping[str, Any], again: Mapping[str, Any]) -> dict[str, Any]:
    """Join a run's record with that of some of its test files which ran again: their results are the later ones."""
    both = merged([impact, again])
    return {
        **both,
        "tests": {**impact["tests"], **again["tests"]},
        "seconds": {**impact["seconds"], **again["seconds"]},
    }


SETS = ("opaque", "listing", "outside")


def _counts(all_tests: Sequence[Mapping[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    """Each file's results added up; its number of tests is the same in each process that collected it."""
    found: dict[str, dict[str, int]] = {}
    for tests in all_tests:
        for path, counts in tests.items():
            known = found.setdefault(path, dict.fromkeys(counts, 0))
            for name, number in counts.items():
                known[name] = max(known[name], number) if name == "total" else known[name] + number
    return found


def _seconds(all_seconds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for seconds in all_seconds:
        for path, each in seconds.items():
            found[path] = round(found.get(path, 0.0) + each, 3)
    return found
