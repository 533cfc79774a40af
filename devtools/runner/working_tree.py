"""Run pytest in the project's interpreter and read back what it recorded."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from devtools.runner.impacts import merged
from devtools.runner.inside.startup.channel import derived, received
from devtools.runner.progress import following
from devtools.system import temporary
from devtools.system.process import Completed, run

PLUGIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside", "results_plugin.py")

SAID = ("missing", "optimized", "undivided", "divided", "weighed")  # events that say all by being there
GOOD = (0, 5)  # exit codes of a worker: all of its tests passed, there was none
FAILED = 1  # the one of a worker that came to its end with a failed test

# What each event holds.
# A test shares its process with our plugin: a line of another shape once ended hygiene with a traceback.
SHAPES: dict[str, dict[str, type]] = {
    "worker": {"id": str},
    "start": {"id": str},
    "finish": {"id": str},
    "failed": {
        **dict.fromkeys(("id", "kind", "when", "path", "message", "text"), str),
        "line": int,
        "frames": list,
        "captured": list,
    },
    "internal": {"text": str},
    "idle": {"option": str},
    "impact": {
        "tests": dict,
    },
    "around": {"tests": dict},
    "over": {"code": int},
    "cut": {"number": int, "first": str},
    "replaced": {"method": str},
    "end": {
        **dict.fromkeys(("code", "selected", "deselected", "collected", "lost"), int),
        "counts": dict,
        "names": list,
        "silent": bool,
    },
}


@dataclass(frozen=True)
class TestRun:
    """Events of one pytest process. `ended` is pytest's exit code, None where it did not come to its end.

    `lost` of the `selected` tests have no result, the first of them `names`; `idle` is an option that lets none run,
    and `silent` says that no worker told of a collection; `undivided`, that all tests ran whatever was to be left out.
    `divided`: workers ran them because we asked for some. `broken` workers have not come to a good end of their own.
    `crashed` of those did not come to their end. `shares` are the test files of each worker, in their order.
    `beside` are tests that failed beside others and passed alone.
    `weighed`: a hook of the project or a floor of coverage decides on the exit code as well.
    `cut` tests were collected and taken out in silence by a hook of the project, the first of them `cut_first`.
    `replaced` is a method of unittest that asserts, and that the project has put another one in place of.
    `optimized`: the interpreter leaves out asserts, so no test ran.
    `forged`: what was recorded is not what our plugin writes, so nothing of it says that pytest came to its end.
    """

    __test__ = False

    code: int
    ended: int | None
    timed_out: bool
    missing: bool
    counts: dict[str, int]
    selected: int
    deselected: int
    failures: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    internal: str = ""
    running: str = ""
    out: str = ""
    err: str = ""
    impact: dict[str, Any] | None = None
    collected: int = 0
    lost: int = 0
    names: tuple[str, ...] = ()
    idle: str = ""
    silent: bool = False
    undivided: bool = False
    forged: bool = False
    divided: bool = False
    broken: int = 0
    crashed: int = 0
    shares: tuple[tuple[str, ...], ...] = ()
    weighed: bool = False
    beside: tuple[str, ...] = ()
    cut: int = 0
    cut_first: str = ""
    replaced: str = ""
    optimized: bool = False

    @property
    def whole(self) -> bool:
        """Whether pytest came to its end and its process with it, and every selected test has its result."""
        # pytest.exit(0) in a test, dead workers, --collect-only and an exit code changed at the end were all green
        # once.
        return not (self.timed_out or self.lost or self.silent) and self.ended is not None and self.ended == self.code


def run_pytest(
    python: str,
    root: str,
    arguments: Sequence[str] = (),
    timeout: float | None = None,
    fresh: Collection[str] | None = None,
    collect: bool = False,
    workers: bool = False,
    popen: Callable[..., subprocess.Popen[bytes]] | None = None,
    tell: Callable[[str], None] | None = None,
) -> TestRun:
    """Run the tests under `root`. Tracebacks are asked for in their short form, which carries every place.

    With `fresh`, test files that are left out, the run's `impact` says what each test file did (`impact_plugin`).
    With `collect` they are collected all the same, and only their tests are left out. With `workers` some share the
    tests, where pytest-xdist is there and the project's settings say nothing of it. From time to time `tell`
    is told how far they have come.
    """
    with temporary.folder() as folder:
        results = os.path.join(folder, "results")
        if fresh is not None:
            with open(f"{results}.fresh", "w", encoding="utf-8", errors="surrogateescape") as stream:
                json.dump({"left": sorted(fresh), "collect": collect}, stream)
        if workers:
            with open(f"{results}.workers", "xb"):
                pass
        key = os.urandom(16)
        argv = [python, PLUGIN, results, "-q", "--tb=short", "--color=no", *arguments]
        with following(results, tell):
            done = run(argv, root, timeout=timeout, feed=key.hex(), popen=popen)
        return recorded(done, results, key)


def recorded(done: Completed, results: str, key: bytes) -> TestRun:
    """Return what the plugin wrote down of a process that has ended."""
    events, damaged = _read(results, key)
    records = _of_workers(events, results, key)
    inside = [each for each, _ in records]
    ends = [event for event in events if event["event"] == "end"]
    started = [event["id"] for event in events if event["event"] == "start"]
    finished = [event["id"] for event in events if event["event"] == "finish"]
    # A test wrote an end of its own and left with os._exit(0), and that was green.
    sudden = len(started) > len(finished) and any(not end["code"] and not end["lost"] for end in ends)
    forged = damaged or any(fault for _, fault in records) or sudden or len(ends) > 1
    end = ends[0] if ends and not forged else None
    counts = end["counts"] if end else {"passed": len({*finished})}
    told: dict[str, Any] = {name: any(event["event"] == name for event in events) for name in SAID}
    return TestRun(
        code=done.code,
        ended=end["code"] if end else None,
        timed_out=done.timed_out,
        **told,
        counts={name: counts.get(name, 0) for name in ("passed", "failed", "errors", "skipped")},
        selected=end["selected"] if end else len(started),
        deselected=end["deselected"] if end else 0,
        failures=[*(event for event in events if event["event"] == "failed"), *_lies(inside)],
        warnings=[event for event in events if event["event"] == "warning"],
        internal="\n".join(event["text"] for event in events if event["event"] == "internal"),
        running=next((test for test in reversed(started) if test not in finished), ""),
        out=done.out,
        err=done.err,
        impact=_impact(events, inside),
        collected=end["collected"] if end else 0,
        lost=end["lost"] if end else 0,
        names=tuple(end["names"]) if end else (),
        idle=next((event["option"] for event in events if event["event"] == "idle"), ""),
        silent=bool(end and end["silent"]),
        forged=forged,
        **_workers(inside),
        **_cut([events, *inside]),
        replaced=_first([events, *inside], "replaced", "method"),
    )


def _lies(inside: Sequence[Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What workers saw of reports that contradict their tests; the reports themselves came from the controller."""
    return [event for each in inside for event in each if event["event"] == "failed" and event.get("lie")]


def _impact(events: Sequence[dict[str, Any]], inside: Sequence[Sequence[dict[str, Any]]]) -> dict[str, Any] | None:
    """What the test files did, from the processes that ran them; None where one of those has not said."""
    around = next((event for event in events if event["event"] == "around"), None)
    if around is None:
        return next((event for event in events if event["event"] == "impact"), None)
    parts = [next((event for event in each if event["event"] == "impact"), None) for each in inside]
    told = [part for part in parts if part is not None]
    return merged([around, *told]) if parts and len(told) == len(parts) else None


def _cut(records: Sequence[Sequence[dict[str, Any]]]) -> dict[str, Any]:
    """What a hook took out in silence, where most is missing: each worker collects all tests."""
    cuts = [event for each in records for event in each if event["event"] == "cut"]
    most = max(cuts, key=lambda event: int(event["number"]), default={"number": 0, "first": ""})
    return {"cut": most["number"], "cut_first": most["first"]}


def _first(records: Sequence[Sequence[dict[str, Any]]], event: str, name: str) -> str:
    return next((each[name] for record in records for each in record if each["event"] == event), "")


def _of_workers(events: Sequence[dict[str, Any]], results: str, key: bytes) -> list[tuple[list[dict[str, Any]], bool]]:
    names = [event["id"] for event in events if event["event"] == "worker"]
    return [_read(f"{results}.{name}", derived(key, name)) for name in names]


def _workers(inside: Sequence[Sequence[dict[str, Any]]]) -> dict[str, Any]:
    broken, crashed = (_number_ended(inside, codes) for codes in (GOOD, (*GOOD, FAILED)))
    return {"broken": broken, "crashed": crashed, "shares": tuple(map(_share, inside))}


def _number_ended(inside: Sequence[Sequence[dict[str, Any]]], good: Sequence[int]) -> int:
    """The workers that have not come to their end, or to one that is not good."""
    # pytest-xdist believes a worker that has sent its results, whatever that one says of its own session.
    codes = [next((event["code"] for event in each if event["event"] == "over"), None) for each in inside]
    return sum(code not in good for code in codes)


def _share(events: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """The files of the tests that a worker began, in the order of their first tests."""
    return tuple(dict.fromkeys(event["id"].partition("::")[0] for event in events if event["event"] == "start"))


def _read(path: str, key: bytes = b"") -> tuple[list[dict[str, Any]], bool]:
    """The events, and whether somebody else wrote among them."""
    try:
        with open(path, "rb") as stream:
            events, fault = received(stream, key)
    except FileNotFoundError:
        return [], False
    known = [event for event in events if _is_known(event)]
    return known, bool(fault) or len(known) < len(events)


def _is_known(event: dict[str, Any]) -> bool:
    """Whether our plugin writes events of this shape."""
    return all(isinstance(event.get(name), kind) for name, kind in SHAPES.get(event["event"], {}).items())
