"""One run of pytest on a snapshot for the proof, and what it saw."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from devtools.project.checkout import own_environment
from devtools.runner.forerunner import Start, scripting, starting
from devtools.runner.inside.startup.channel import received
from devtools.system import temporary
from devtools.system.process import OVER, run

PLUGIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside", "proof_plugin.py")
# The plugin is loaded as a module, not run as a script, so that a proof of it can see its own lines.
BOOT = (
    "import importlib.util as u, sys; s = u.spec_from_file_location('pytest_session', sys.argv[1]);"
    " m = u.module_from_spec(s); s.loader.exec_module(m); sys.exit(m.main(sys.argv[2:]))"
)
# 300 s ended right runs: each test file has a process of its own where footprints are wanted.
SECONDS = 900.0
# Whoever sets it keeps it: hypothesis alone took the start of a small run from 0.24 to 0.41 s of processor time.
NAMED = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"


@dataclass(frozen=True)
class Order:
    """What to run: `files` are test files from the root, None for all that the project's own settings collect.

    With `footprints` what each file does is seen too; `codes` is a folder that keeps the modules compiled for it.
    `unneeded` are tests, by path and qualified name, that are left out of their files. `mutants` of changed code, as
    startup/mutation.py knows them, are tried within `budget` seconds.
    """

    root: str
    main: str
    roots: Sequence[str]
    names: Sequence[str]
    tops: Sequence[str] = ()
    files: Sequence[str] | None = None
    probes: Mapping[str, Mapping[str, list[list[int]]]] = field(default_factory=dict)
    functions: Sequence[int] = ()
    witnessed: Sequence[tuple[str, str]] = ()
    seconds: float = SECONDS
    footprints: bool = False
    codes: str = ""
    unneeded: Sequence[tuple[str, str]] = ()
    mutants: Sequence[Mapping[str, Any]] = ()
    budget: float = 0.0


@dataclass(frozen=True)
class Seen:
    """The events of a run. `fault` is empty where the run came to its end, whatever the tests' outcome.

    `footprints` maps a test file to its marks, lines as footprint.py writes them; the empty name to those before any.
    `partial` are files of which some tests were left out. `weak` says of each mutant of changed code that some test
    runs whether one noticed; None where it was not tried. `spent` are the seconds that they took.
    """

    fault: str
    items: list[dict[str, Any]]
    tests: list[dict[str, Any]]
    uncollected: list[dict[str, Any]]
    deselected: list[dict[str, Any]]
    imported: tuple[int, ...]
    mutants: dict[int, bool | None]
    foreign: tuple[str, ...]
    running: str
    overdue: bool
    broken: str
    log: str
    footprints: Mapping[str, frozenset[str]] = field(default_factory=dict)
    partial: frozenset[str] = frozenset()
    weak: Mapping[int, bool | None] = field(default_factory=dict)
    spent: float = 0.0


def joined(first: Seen, then: Seen) -> Seen:
    """Return two runs on one snapshot as one, of different test files or the second of whole ones."""
    return Seen(
        fault=first.fault or then.fault,
        items=[*first.items, *then.items],
        tests=[*first.tests, *then.tests],
        uncollected=[*first.uncollected, *then.uncollected],
        deselected=[*first.deselected, *then.deselected],
        imported=tuple(sorted({*first.imported, *then.imported})),
        mutants={**first.mutants, **then.mutants},
        foreign=tuple(sorted({*first.foreign, *then.foreign})),
        running=first.running or then.running,
        overdue=first.overdue or then.overdue,
        broken=first.broken or then.broken,
        log=f"{first.log}\n\n{then.log}",
        footprints={
            path: first.footprints.get(path, frozenset()) | then.footprints.get(path, frozenset())
            for path in first.footprints.keys() | then.footprints.keys()
        },
        partial=then.partial | first.partial.difference(each["path"] for each in then.items),
        weak={
            number: _either(first.weak.get(number, False), then.weak.get(number, False))
            for number in first.weak.keys() | then.weak.keys()
        },
        spent=first.spent + then.spent,
    )


def _either(one: bool | None, other: bool | None) -> bool | None:
    """Whether one of two runs noticed; None where neither did and one did not try."""
    return True if one or other else None if None in (one, other) else False


def run_proof(python: str, order: Order) -> Seen:
    """Run pytest in the project's interpreter with the snapshot in front of whatever is installed."""
    # A plain name: a test could tell by the names of our folders and modules that it ran under the proof.
    with temporary.folder(prefix="tmp") as folder:
        results = os.path.join(folder, "results")
        spec = os.path.join(folder, "spec.json")
        with open(spec, "w", encoding="utf-8") as stream:
            json.dump(_spec(order, folder), stream)
        arguments = ["-q", "--tb=short", "--color=no", "-o", f"cache_dir={folder}/cache"]
        # A test could write to the file of results, and a conftest report a failure as passed. So lines are signed.
        boot, key = [python, "-c", BOOT, PLUGIN], os.urandom(16)
        own = {*order.names, *order.tops, *_importable(order.root, order.roots)}
        argv, popen = [*boot, spec, results, *arguments], starting(boot, order.main, own)
        with open(results, "w+b") as stream:  # the run takes its name away
            done = run(argv, order.root, environment(python), order.seconds + 30, feed=key.hex(), popen=popen)
            events, forged = received(stream, key)
        events += [*([{"event": "forged", "text": forged}] if forged else []), *_told(folder)]
    return _seen(events, (done.out + done.err).strip(), done.timed_out)


def warm(python: str, main: str, root: str, roots: Sequence[str]) -> Start:
    """Return what starts a script of pytest in a folder, forked from the process from which a proof's runs will be."""
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)  # of the person, or of the folder
    own = _importable(root, [*roots, *(each for each in named if os.path.isabs(each))])
    return scripting([python, "-c", BOOT, PLUGIN], environment(python), main, own)


def _importable(root: str, roots: Sequence[str]) -> set[str]:
    """The names that an import may find in the folder, before what is installed."""
    folders = {root, *(os.path.join(root, each) for each in roots)}
    return {name.partition(".")[0] for each in folders if os.path.isdir(each) for name in os.listdir(each)}


def _spec(order: Order, folder: str) -> dict[str, Any]:
    return {
        "token": hashlib.sha256(os.fsencode(folder)).hexdigest()[:12],
        "plugin": PLUGIN,
        "root": order.root,
        "main": order.main,
        "roots": [os.path.join(order.root, root) if root else order.root for root in order.roots],
        "names": sorted(order.names),
        "tops": sorted({*order.names, *order.tops}),
        "files": None if order.files is None else sorted(order.files),
        "probes": order.probes,
        "functions": list(order.functions),
        "witnessed": [list(pair) for pair in order.witnessed],
        "seconds": order.seconds,
        "seen": os.path.join(folder, "seen"),
        "marks": os.path.join(folder, "marks") if order.footprints else "",
        "codes": order.codes,
        "unneeded": [list(pair) for pair in order.unneeded],
        "mutants": list(order.mutants),
        "budget": order.budget,
    }


def environment(python: str) -> dict[str, str]:
    """Return the person's environment, without what would choose other tests or another repository.

    Hashes are not random. Who has plugins named one by one keeps that: a test that lacks its plugin fails, so nothing
    is proved by it.
    """
    dropped = ("GIT_", "PYTEST_", "COVERAGE_", "COV_")
    # The person's environment, also in a snapshot's folder. Otherwise a proof there would know nothing of earlier ones.
    env = {name: value for name, value in own_environment().items() if name == NAMED or not name.startswith(dropped)}
    path = os.pathsep.join(filter(None, [os.path.dirname(python), env.get("PATH", "")]))
    return {**env, "PYTHONHASHSEED": "0", "PATH": path}


def _told(folder: str) -> list[dict[str, Any]]:
    """The marks of other processes than pytest's own, under the number of the test file that they worked for."""
    found = []
    for name in os.listdir(folder):
        if name.startswith("marks."):
            with open(os.path.join(folder, name), encoding="utf-8", errors="surrogateescape") as stream:
                marks = [line[:-1] for line in stream if line.endswith("\n")]
            found.append({"event": "footprint", "number": int(name.rpartition(".")[2]), "marks": marks})
    return found


def _footprints(events: Sequence[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    paths = {event["number"]: event["path"] for event in events if "path" in event}
    found: dict[str, frozenset[str]] = {}
    for event in events:
        if event["number"] in paths:
            path = paths[event["number"]]
            found[path] = found.get(path, frozenset()) | frozenset(event["marks"])
    return found


def _seen(events: list[dict[str, Any]], log: str, timed_out: bool) -> Seen:
    kinds: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        kinds.setdefault(event["event"], []).append(event)
    tests = kinds.get("test", [])
    finished = {test["id"] for test in tests}
    ended = [*kinds.get("ran", []), *kinds.get("end", [])]
    foreign = {path for event in ended for path in event["foreign"]} | {one["path"] for one in kinds.get("foreign", [])}
    return Seen(
        fault="" if _broken(kinds, log) else _fault(kinds, log, timed_out),
        items=kinds.get("item", []),
        tests=tests,
        uncollected=kinds.get("uncollected", []),
        deselected=kinds.get("deselected", []),
        imported=tuple(number for event in kinds.get("imported", []) for number in event["probes"]),
        mutants={event["number"]: event["noticed"] for event in kinds.get("mutant", [])},
        foreign=tuple(sorted(foreign)),
        running=next((each["id"] for each in kinds.get("start", []) if each["id"] not in finished), ""),
        overdue=any(event["timed_out"] for event in kinds.get("crash", [])),
        broken=_broken(kinds, log),
        log=log,
        footprints=_footprints(kinds.get("footprint", [])),
        partial=frozenset(event["path"] for event in kinds.get("partial", [])),
        weak={event["number"]: event["noticed"] for event in kinds.get("weak", [])},
        spent=sum(event["seconds"] for event in kinds.get("weak", [])),
    )


def _broken(kinds: Mapping[str, list[dict[str, Any]]], log: str) -> str:
    """What pytest said where a conftest could not be loaded, so that no test was looked for."""
    return log if "item" not in kinds and "while loading conftest" in log else ""


def _missing(text: str, module: str, **_: Any) -> str:
    """What keeps pytest from being imported: it is not there, or the snapshot holds a module that pytest needs."""
    if module == "pytest":
        return "pytest is not installed in the project's interpreter: pip install pytest"
    # This happened in pluggy: pytest imports it, and the snapshot's own stood in front of the installed one.
    return f"pytest is installed and cannot be imported with this snapshot in front of it: {text}"


def _fault(kinds: Mapping[str, list[dict[str, Any]]], log: str, timed_out: bool) -> str:
    """Why the run says nothing about the tests."""
    if "forged" in kinds:
        return f"the tests changed what is reported of them: {kinds['forged'][0]['text']}"
    ids = Counter(item["id"] for item in kinds.get("item", []))
    if "end" in kinds and Counter(test["id"] for test in kinds.get("test", [])) - ids:
        return "the tests changed what is reported of them: more results than tests"
    if "missing" in kinds:
        return _missing(**kinds["missing"][0])
    if "internal" in kinds:
        return f"pytest failed: {kinds['internal'][0]['text'].strip().splitlines()[-1]}"
    if timed_out or "end" not in kinds:
        over = log.rpartition("\n")[2]
        if over.startswith(OVER):
            return f"pytest did not come to its end: {over}"
        lines = [line.strip() for line in log.splitlines() if line.strip()]
        marked = [line for line in lines if line.startswith(("E  ", "ERROR"))]
        return f"pytest did not come to its end: {(marked or lines or ['it said nothing'])[-1]}"
    return ""
