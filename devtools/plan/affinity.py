"""How likely two hunks belong to one commit: a few signs, weighed and added.

The weights but two are those of a logistic regression on pairs of hunks from 533 windows of nine projects' histories,
rounded (docs/plan.md says which). A score is therefore a log-odds: above 0, more likely together than apart.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Sequence

from devtools.plan import terms as plan_terms
from devtools.plan.terms import Terms
from devtools.plan.traits import Unit

WEIGHTS = {
    "same file": 1.3,
    "same definition": 0.3,  # both inside one function or class
    "near": 0.4,  # the nearer in one file the more
    "new file": 0.9,  # both of one file that is new
    "import and use": 1.0,  # one imports what the other, in the same file, uses
    "edit": 1.9,  # put the same words and signs in the place of the same others: a cosine from 0 to 1
    "same edit": 0.4,  # to the letter
    "both only removed": 0.8,
    "both imports": 1.1,
    "strings": 0.9,  # share a rare text in quotes
    "born": 0.7,  # share names that the change brings into the project
    "gone": 1.5,  # share names that it takes out of the project
    "overlap": 0.9,  # how much of the names of the one with fewer names the other has, too
    "names": 0.2,  # share names, rare ones above all: a cosine from 0 to 1. By hand: history says -1.1
    "words": 2.2,  # the same for the words inside names
    "about": 0.9,  # one is in, or speaks of, the definition that the other is in
    "definition and use": 0.4,
    "test of it": 1.0,  # a test speaks of a definition that the code brings: by hand, history says 0.0
    "test of the place": 1.4,  # a test speaks of the very definition that the code changes
    "name pairing": 0.9,  # test_x.py, x.py, x.rst
    "imports": 0.6,  # one file imports the other
    "both prose": 0.9,
    "other kinds": 0.3,  # lock files, manifests, data
    "size of the change": 0.8,  # a factor of the logarithm of the number of hunks, of 50 at most
}
BIAS = -4.1
MOST = 50
WORD = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}")
PROSE = frozenset(("prose", "changes"))
PLAIN = frozenset(("code", "test", "prose", "changes"))


class Affinity:
    """The scores of all pairs of `units`."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self.names = Terms([unit.names for unit in units])
        self.words = Terms([_words(unit.names) for unit in units])
        self.edits = Terms([plan_terms.edit(unit.hunk) for unit in units])
        self.strings = Terms([plan_terms.strings(unit.hunk) for unit in units])
        self.imports = [plan_terms.only_imports(unit.hunk) for unit in units]
        self.scopes = [_words(unit.scope) - {"test", "tests"} for unit in units]
        self.stems = [stem(unit.path) for unit in units]
        self.folders = [posixpath.dirname(unit.path) for unit in units]
        self.imported = _import_pairs(units)
        self.base = BIAS + WEIGHTS["size of the change"] * math.log(min(max(len(units), 1), MOST))

    def score(self, i: int, j: int) -> float:
        """Return the log-odds that units `i` and `j` belong to one commit."""
        return self.base + sum(WEIGHTS[sign] * value for sign, value in self.signs(i, j))

    def signs(self, i: int, j: int) -> list[tuple[str, float]]:
        """Return what speaks for the pair, each sign with its strength."""
        one, two = self.units[i], self.units[j]
        found: list[tuple[str, float]] = []
        if one.path == two.path:
            found.append(("same file", 1.0))
            found += self._within(i, j)
        else:
            if self.stems[i] == self.stems[j]:
                found.append(("name pairing", 1.0))
            if (one.path, two.path) in self.imported:
                found.append(("imports", 1.0))
        return found + self._kinds(one, two) + self._edited(i, j) + self._shared(i, j)

    def _within(self, i: int, j: int) -> list[tuple[str, float]]:
        """What two hunks of one file are to one another."""
        one, two = self.units[i], self.units[j]
        found = [("near", plan_terms.nearness(one.hunk, two.hunk))]
        if one.scope and one.scope == two.scope:
            found.append(("same definition", 1.0))
        if _new(one) and _new(two):
            found.append(("new file", 1.0))
        if self.imports[i] != self.imports[j] and (one.added & two.added or one.removed & two.removed):
            found.append(("import and use", 1.0))
        return found

    def _kinds(self, one: Unit, two: Unit) -> list[tuple[str, float]]:
        kinds = {one.kind, two.kind}
        if kinds <= PROSE:
            return [("both prose", 1.0)]
        return [] if kinds <= PLAIN else [("other kinds", 1.0)]

    def _edited(self, i: int, j: int) -> list[tuple[str, float]]:
        """What the two do to their lines."""
        one, two = self.units[i].hunk, self.units[j].hunk
        found = [("strings", self.strings.rarity(self.strings.sets[i] & self.strings.sets[j]))]
        if self.edits.sets[i] and self.edits.sets[j]:
            # The same signs in the place of the same others are one sweep, which the names alone do not say.
            found.append(("edit", self.edits.cosine(i, j)))
            found.append(("same edit", float(self.edits.sets[i] == self.edits.sets[j])))
        if one.removed and two.removed and not one.added and not two.added:
            found.append(("both only removed", 1.0))
        if self.imports[i] and self.imports[j]:
            found.append(("both imports", 1.0))
        return found

    def _shared(self, i: int, j: int) -> list[tuple[str, float]]:
        one, two = self.units[i], self.units[j]
        found = [("words", self.words.cosine(i, j))]
        if not self.names.sets[i].isdisjoint(self.names.sets[j]):
            rarity = self.names.rarity
            found.append(("overlap", self.names.overlap(i, j)))
            found.append(("names", self.names.cosine(i, j)))
            found.append(("born", rarity(one.born & two.born)))
            found.append(("gone", rarity(one.dead & two.dead)))
            found.append(("definition and use", rarity((one.defines & two.names) | (two.defines & one.names))))
        if {one.kind, two.kind} == {"code", "test"}:
            found += _tested(one, two) if one.kind == "code" else _tested(two, one)
        about = self._about(i, j) | self._about(j, i)
        return [*found, ("about", self.words.rarity(about))]

    def _about(self, i: int, j: int) -> frozenset[str]:
        return self.scopes[i] & (self.scopes[j] | self.words.sets[j])


def stem(path: str) -> str:
    """Return what a file is about, by its name alone: test_x.py and x_test.py are about x."""
    name = posixpath.basename(path).split(".")[0]
    return name.removeprefix("test_").removesuffix("_tests").removesuffix("_test").strip("_").lower()


def _tested(code: Unit, test: Unit) -> list[tuple[str, float]]:
    """Whether a test speaks of what the code brings, and of the definition in which it changes something."""
    return [
        ("test of it", float(not test.names.isdisjoint(code.defines & code.born))),
        # A function's new body and the test that calls it share no name but the function's own.
        ("test of the place", float(bool(code.scope) and code.scope[-1] in test.names)),
    ]


def _new(unit: Unit) -> bool:
    """Whether a hunk stands where there was no line before: in a new file all do."""
    return not unit.hunk.old_start and not unit.hunk.removed


def _words(names: frozenset[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.lower() for name in names for word in WORD.findall(name))


def _import_pairs(units: Sequence[Unit]) -> frozenset[tuple[str, str]]:
    """Pairs of paths, both ways, of which one imports the other."""
    imports = {unit.path: unit.imports for unit in units}
    modules = {path: path.rpartition(".")[0].replace("/", ".").removesuffix(".__init__") for path in imports}
    pairs = set()
    for path, names in imports.items():
        for other, module in modules.items():
            if other != path and any(module == name or module.endswith("." + name) for name in names if name):
                pairs |= {(path, other), (other, path)}
    return frozenset(pairs)
