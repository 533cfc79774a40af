"""The mutants of a comparison's changed code: which there are, what a run says of them, what a reader is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from devtools.findings import Problem
from devtools.proof.mutants import VALUE, Mutant, of_parent, of_statements
from devtools.syntax.module import function_at
from devtools.syntax.tests import parse

if TYPE_CHECKING:
    from devtools.proof.comparison import Comparison, Tree
    from devtools.proof.green import Changed
    from devtools.runner.snapshot import Seen

# On 17 commits proofs took 582 s without mutants and 562 s with them: no difference that could be measured.
BUDGET = 5.0  # seconds of a run that mutants may take
FIRST = 1_000_000  # no number of a statement or function is as high
Probes = dict[str, dict[str, list[list[int]]]]


class Mutants:
    """The mutants of changed code by number, the parent's own code first; none where the settings want none."""

    def __init__(self, case: Comparison, changed: Changed, proving: bool) -> None:
        self.known: dict[int, tuple[str, Mutant]] = {}
        self.survivors: frozenset[int] | None = None
        self.places: dict[tuple[str, int, int], int] = {
            (path, each.line, each.column): number for number, (path, each) in changed.statements.items()
        }
        self.added: dict[str, list[list[int]]] = {}
        if case.config.mutants == "off":
            return
        files = [path for path in case.production if path.endswith(".py") and path in case.new.entries]
        # A refactoring may have the parent's body, so only its statements are mutated.
        found = [one for path in files for one in _of_parent(case, path)] if proving else []
        found += [one for path in files for one in _of_statements(case, changed, path)]
        for number, (path, mutant) in enumerate(found, start=FIRST):
            self.known[number] = (path, mutant)
            self._reach(path, mutant)

    def _reach(self, path: str, mutant: Mutant) -> None:
        """Give the place a probe where it has none: a body that only lost lines has no changed statement."""
        key = (path, *mutant.place)
        if mutant.kind != VALUE and key not in self.places:
            self.places[key] = FIRST + len(self.known) + 1_000_000
            self.added.setdefault(path, []).append([*mutant.place, self.places[key]])

    def probes(self, known: Mapping[str, Mapping[str, list[list[int]]]]) -> Probes:
        """Return the probes of changed code with those that the mutants need."""
        found = {path: {kind: list(rows) for kind, rows in table.items()} for path, table in known.items()}
        for path in {path for path, _ in self.known.values()}:
            table = found.setdefault(path, {"statements": [], "functions": []})
            table["statements"] += self.added.get(path, [])
        return found

    def tables(self) -> list[dict[str, Any]]:
        """Return the mutants as startup/mutation.py knows them; those that survived a first run, in a second one."""
        return [
            {
                "number": number,
                "path": path,
                "kind": mutant.kind,
                "span": list(mutant.span),
                "source": mutant.source,
                "name": mutant.name,
                "probe": 0 if mutant.kind == VALUE else self.places[path, *mutant.place],
            }
            for number, (path, mutant) in self.known.items()
            if self.survivors is None or number in self.survivors
        ]

    def reached(self, tree: Tree) -> set[tuple[str, str]]:
        """Return the file and the function of each survivor; no name where that is the module."""
        # The record knows who runs a function: asking all other tests took up to 30 s.
        found = [self.known[number] for number in self.survivors or ()]
        return {(path, function_at(parse(tree.read(path)), mutant.place[0])) for path, mutant in found}

    def surviving(self, seen: Seen) -> list[int]:
        """Return the mutants that no test of the run noticed."""
        return [number for number in self.known if seen.weak.get(number, True) is False]

    def problems(self, seen: Seen) -> list[Problem]:
        """Return the survivors, one of each statement: who mends the test of the first will see the next."""
        found: dict[tuple[str, tuple[int, int]], Problem] = {}
        for path, mutant in map(self.known.__getitem__, self.surviving(seen)):
            found.setdefault((path, mutant.place), Problem("weak-test", mutant.words(), path=path, line=mutant.line))
        return list(found.values())

    def untried(self, seen: Seen) -> int:
        """Return how many there was no time for."""
        return sum(noticed is None for noticed in seen.weak.values())


def _of_parent(case: Comparison, path: str) -> Iterable[tuple[str, Mutant]]:
    tree, origin = parse(case.new.read(path)), case.origin(path)
    old = parse(case.parent.read(origin)) if origin else None
    return [(path, mutant) for mutant in of_parent(old, tree)] if tree else []


def _of_statements(case: Comparison, changed: Changed, path: str) -> Sequence[tuple[str, Mutant]]:
    tree = parse(case.new.read(path))
    mine = [statement for where, statement in changed.statements.values() if where == path]
    return [(path, mutant) for mutant in of_statements(tree, mine)] if tree else []
