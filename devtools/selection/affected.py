"""Which test files a change can concern: all of them, unless what is known of the last run shows otherwise.

The unit is a file, because pytest's own order, fixtures and module state are kept within one. Imports are read off the
texts (`syntax.imports`); what texts do not show was seen while the tests ran: files read, programs started, folders
listed, modules loaded by a name that no text holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from devtools.project.config import Config
from devtools.project.path_kinds import is_test, matches
from devtools.syntax.code import Code
from devtools.syntax.imports import reached
from devtools.syntax.layout import module_names

PROSE = (".md", ".rst")
SHARED = ""  # what happened outside of any test file: start-up, conftest, fixtures of the session


@dataclass(frozen=True)
class Memory:
    """What the last run left: the tree it saw, and of each test file its counts and what it did.

    `reads` maps a file to the test files that read it, `loaded` a module's file to the test file that loaded it first.
    `seconds` are those of a test file when it last ran, `effects` what each does to others when it is imported.
    `codes` are the digests of each module's code, as `syntax.code` takes them. `asked` are the test files that read a
    variable of the terminal, `values` what those variables were.
    """

    context: str
    hashes: Mapping[str, str]
    mentions: Mapping[str, Sequence[str]]
    tests: Mapping[str, Mapping[str, int]]
    due: Sequence[str] = ()
    opaque: Sequence[str] = ()
    listing: Sequence[str] = ()
    reads: Mapping[str, Sequence[str]] = field(default_factory=dict)
    loaded: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    effects: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    asked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def recall(entry: Mapping[str, Any]) -> Memory | None:
    """Return the memory that `to_json` wrote; None where it is damaged or of another version."""
    try:
        memory = Memory(**entry)
    except TypeError:
        return None
    mappings = (memory.hashes, memory.mentions, memory.tests, memory.reads, memory.loaded, memory.seconds)
    later = (memory.codes, memory.asked, memory.values)
    lists = (memory.due, memory.opaque, memory.listing)
    sound = all(isinstance(each, Mapping) for each in (*mappings, *later)) and all(
        isinstance(each, (list, tuple)) for each in lists
    )
    return memory if sound and all(isinstance(each, Mapping) for each in memory.tests.values()) else None


def joined(before: Memory | None, fresh: Collection[str], now: Memory) -> Memory:
    """Return what a run of a part showed, with what was known before of the `fresh` files that it left out."""
    if before is None or not fresh:
        return now
    kept = {*fresh, SHARED}
    return replace(
        now,
        tests={**{path: counts for path, counts in before.tests.items() if path in fresh}, **now.tests},
        opaque=sorted({*now.opaque, *kept.intersection(before.opaque)}),
        listing=sorted({*now.listing, *kept.intersection(before.listing)}),
        reads=_joined_readers(before.reads, now.reads, kept),
        loaded={**now.loaded, **before.loaded},
        seconds={**before.seconds, **now.seconds},
        asked=_joined_readers(before.asked, now.asked, kept),
    )


def _joined_readers(
    before: Mapping[str, Sequence[str]], now: Mapping[str, Sequence[str]], kept: Collection[str]
) -> dict[str, list[str]]:
    """Who read what in the last run, and who did before of the files that were left out."""
    found = {path: [test for test in tests if test in kept] for path, tests in before.items()}
    for path, tests in now.items():
        found[path] = sorted({*found.get(path, ()), *tests})
    return {path: tests for path, tests in found.items() if tests}


class Selection(NamedTuple):
    """`fresh` files need not run; `reason` says why none is, `why` it of each other file.

    `quiet`: nothing changed that collection could refuse.
    """

    fresh: frozenset[str]
    reason: str = ""
    quiet: bool = False
    why: Mapping[str, str] = {}


# Not pytest-testmon: on boltons it missed failing tests after three random edits, and it sees Python alone.
def select(
    memory: Memory | None,
    context: str,
    hashes: Mapping[str, str],
    mentions: Mapping[str, Sequence[str]],
    roots: Sequence[str],
    config: Config,
    codes: Mapping[str, Sequence[Any]] | None = None,
    values: Mapping[str, str] | None = None,
) -> Selection:
    """Return the test files that may be left out: they were good last time and nothing that they can see changed.

    Comments and layout are seen by who read the text or looks at places in code, docstrings by who looks at those.
    """
    if memory is None:
        return Selection(frozenset(), "no run to build on")
    if memory.context != context:
        return Selection(frozenset(), "environment, interpreter or packages changed")
    changed = sorted(path for path in {*hashes, *memory.hashes} if hashes.get(path) != memory.hashes.get(path))
    moved = [path for path in changed if (path in hashes) != (path in memory.hashes)]
    graph = _union(memory.mentions, mentions)
    retold = {path: _retold(path, memory, hashes, codes or {}) for path in changed}
    turned = sorted(name for name in memory.asked if memory.values.get(name) != (values or {}).get(name))
    reason = next((f"{name} changed, which all tests can see" for name in turned if SHARED in memory.asked[name]), "")
    reason = reason or _everything(memory, changed, moved, graph, roots, config, [*filter(retold.get, retold)])
    if reason:
        return Selection(frozenset(), reason)
    python = [path for path in changed if path.endswith(".py") and not retold[path]]
    known = {path: Code(*code) for path, code in (codes or {}).items()}
    lookers = _looking(retold, graph, roots, known)
    why = dict.fromkeys(reached(python, graph, roots), f"it can reach {_first(python)}")
    dynamic = _dynamic(python, graph, roots, known, config) - why.keys()
    why |= dict.fromkeys(dynamic, f"it may find {_first(python)} by a name that no text shows")
    why |= dict.fromkeys(lookers, f"it looks at code as such, as in {_first(changed)}")
    why |= _seen(memory, changed, moved, turned)
    always = [path for path in memory.tests if always_runs(path, config, known.get(path))]
    why |= dict.fromkeys(always, "it is to run always")
    fresh = frozenset(test for test in memory.tests if test.endswith(".py") and test not in why)
    quiet = not (python or moved or memory.due) and fresh == memory.tests.keys()  # what is due may have no counts yet
    return Selection(fresh, quiet=quiet, why={test: why[test] for test in sorted(why) if test in memory.tests})


def _seen(memory: Memory, changed: Sequence[str], moved: Sequence[str], turned: Sequence[str]) -> dict[str, str]:
    """Say why a test file runs, by what was seen of its last run."""
    why = dict.fromkeys(memory.opaque if changed else (), f"it starts programs, which may see {_first(changed)}")
    why |= dict.fromkeys(memory.listing if moved else (), f"it lists folders, and {_first(moved)} came or went")
    why |= {test: f"it reads {path}, which changed" for path in changed for test in memory.reads.get(path, ())}
    why |= {test: f"it reads the variable {name}, which changed" for name in turned for test in memory.asked[name]}
    return why | dict.fromkeys(memory.due, "it did not pass in its last run")


def always_runs(path: str, config: Config, code: Code | None) -> bool:
    """Return whether a test file runs whatever the record says: by the setting, or by a mark in it."""
    return matches(path, config.always_run) or (code is not None and code.always)


def _first(paths: Sequence[str]) -> str:
    others = f" or another of {len(paths)} changed files" if len(paths) > 1 else ""
    return f"{paths[0]}{others}" if paths else ""


def _dynamic(
    changed: Sequence[str],
    graph: Mapping[str, frozenset[str]],
    roots: Sequence[str],
    codes: Mapping[str, Code],
    config: Config,
) -> set[str]:
    """The files that can reach code which loads a changed module by a computed name, or gathers all classes.

    Who loads it first is seen, whoever finds it loaded is not. A module of production loads what is of its package.
    """
    tops = {top for path in changed for top in _tops(path, roots)}
    computing = [path for path, code in codes.items() if code.computes]
    finding = {path for path in computing if is_test(path, config) or _tops(path, roots) & tops}
    finding |= {path for path, code in codes.items() if code.gathers}
    return reached(finding, graph, roots) if changed and finding else set()


def _tops(path: str, roots: Sequence[str]) -> set[str]:
    return {name.partition(".")[0] for name in module_names(path, roots)}


def _looking(
    retold: Mapping[str, tuple[str, ...]],
    graph: Mapping[str, frozenset[str]],
    roots: Sequence[str],
    codes: Mapping[str, Code],
) -> set[str]:
    """The files that can reach a module of which only places or docstrings changed, and who looks at those."""
    found: set[str] = set()
    for looks, paths in _looked_at(retold).items():
        lookers = [path for path, code in codes.items() if code[looks]]
        found |= reached(paths, graph, roots) & reached(lookers, graph, roots)
    return found


def _retold(
    path: str, memory: Memory, hashes: Mapping[str, str], codes: Mapping[str, Sequence[Any]]
) -> tuple[str, ...]:
    """What differs in a changed module whose code is the same: its places, its docstrings; nothing for new code."""
    known = path in memory.codes and path in codes
    if not known or hashes[path].partition(" ")[2] != memory.hashes[path].partition(" ")[2]:  # the mode of the file
        return ()
    # A comment concerns no importer. Only those run that read the text, look at places in code or start programs.
    old, new = Code(*memory.codes[path]), Code(*codes[path])
    return () if old.bare != new.bare else ("places",) if old.whole == new.whole else ("places", "docs")


def _looked_at(retold: Mapping[str, tuple[str, ...]]) -> dict[int, list[str]]:
    """The paths of which someone may look at the places, at the docstrings, by the number of that part of a `Code`."""
    return {
        Code._fields.index(name): paths
        for name in ("places", "docs")
        if (paths := [path for path, names in retold.items() if name in names])
    }


def _everything(
    memory: Memory,
    changed: Sequence[str],
    moved: Sequence[str],
    graph: Mapping[str, frozenset[str]],
    roots: Sequence[str],
    config: Config,
    retold: Collection[str],
) -> str:
    """Why all tests have to run; empty where they need not. Nobody is hidden from the code of `retold` modules."""
    if changed and SHARED in memory.opaque:
        return "a fixture of the session starts programs"
    for path in changed:
        readers = memory.reads.get(path, ())
        if not path.endswith(".py"):
            # Prose runs only its readers. Before, an edit of a README ran all tests where one read it.
            if SHARED in readers or not path.endswith(PROSE):
                return f"{path} changed"
        elif path in moved and not is_test(path, config):
            return f"{path} came or went"
        elif SHARED in readers:
            return f"{path} is read by all tests"
        elif path not in retold and _hidden(path, memory.loaded, graph, roots):
            return f"{path} is loaded by a name that no import shows"
    return ""


def _hidden(path: str, loaded: Mapping[str, str], graph: Mapping[str, frozenset[str]], roots: Sequence[str]) -> bool:
    """Whether the module was loaded for a test file from which no import leads to it."""
    if path not in loaded:
        return False
    users = reached([path], graph, roots)
    first = loaded[path]
    return first not in users if first != SHARED else not any(user.endswith("conftest.py") for user in users)


def _union(*maps: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """What a file imports now or imported before: what a lost import reached has to run as well."""
    union: dict[str, frozenset[str]] = {}
    for each in maps:
        for path, names in each.items():
            union[path] = union.get(path, frozenset()) | frozenset(names)
    return union
