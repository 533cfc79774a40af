"""How likely two hunks belong to one commit: a few signs, weighed and added.

The weights but one are those of a logistic regression on pairs of hunks from 353 windows of six projects' histories,
rounded (docs/plan.md says which). A score is therefore a log-odds: above 0, more likely together than apart.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Sequence

from devtools.core.plan_terms import Terms
from devtools.core.plan_units import Unit

WEIGHTS = {
    "same file": 1.6,
    "same definition": 0.8,  # both inside one function or class
    "born": 0.6,  # share names that the change brings into the project
    "gone": 0.9,  # share names that it takes out of the project
    "names": 1.1,  # share names, rare ones above all: a cosine from 0 to 1
    "words": 2.2,  # the same for the words inside names
    "about": 0.9,  # one is in, or speaks of, the definition that the other is in
    "definition and use": 0.6,
    "test of it": 1.0,  # a test speaks of a definition that the code brings: set by hand, history says 0.1
    "name pairing": 0.8,  # test_x.py, x.py, x.rst
    "imports": 0.6,  # one file imports the other
    "both prose": 0.6,
    "other kinds": 0.3,  # lock files, manifests, data
    "size of the change": 0.6,  # a factor of the logarithm of the number of hunks, of 50 at most
}
BIAS = -3.2
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
        self.scopes = [_words(unit.scope) - {"test", "tests"} for unit in units]
        self.stems = [stem(unit.path) for unit in units]
        self.folders = [posixpath.dirname(unit.path) for unit in units]
        self.imported = _import_pairs(units)
        self.base = BIAS + WEIGHTS["size of the change"] * math.log(min(max(len(units), 1), MOST))

    def score(self, i: int, j: int) -> float:
        """The log-odds that units `i` and `j` belong to one commit."""
        return self.base + sum(WEIGHTS[sign] * value for sign, value in self.signs(i, j))

    def signs(self, i: int, j: int) -> list[tuple[str, float]]:
        """What speaks for the pair, each sign with its strength."""
        one, two = self.units[i], self.units[j]
        found: list[tuple[str, float]] = []
        if one.path == two.path:
            found.append(("same file", 1.0))
            if one.scope and one.scope == two.scope:
                found.append(("same definition", 1.0))
        else:
            if self.stems[i] == self.stems[j]:
                found.append(("name pairing", 1.0))
            if (one.path, two.path) in self.imported:
                found.append(("imports", 1.0))
        return found + self._kinds(one, two) + self._shared(i, j)

    def _kinds(self, one: Unit, two: Unit) -> list[tuple[str, float]]:
        kinds = {one.kind, two.kind}
        if kinds <= PROSE:
            return [("both prose", 1.0)]
        return [] if kinds <= PLAIN else [("other kinds", 1.0)]

    def _shared(self, i: int, j: int) -> list[tuple[str, float]]:
        one, two = self.units[i], self.units[j]
        found = [("words", self.words.cosine(i, j))]
        if not self.names.sets[i].isdisjoint(self.names.sets[j]):
            rarity = self.names.rarity
            found.append(("names", self.names.cosine(i, j)))
            found.append(("born", rarity(one.born & two.born)))
            found.append(("gone", rarity(one.dead & two.dead)))
            found.append(("definition and use", rarity((one.defines & two.names) | (two.defines & one.names))))
            if {one.kind, two.kind} == {"code", "test"}:
                code, test = (one, two) if one.kind == "code" else (two, one)
                found.append(("test of it", float(not test.names.isdisjoint(code.defines & code.born))))
        about = self._about(i, j) | self._about(j, i)
        return [*found, ("about", self.words.rarity(about))]

    def _about(self, i: int, j: int) -> frozenset[str]:
        return self.scopes[i] & (self.scopes[j] | self.words.sets[j])


def stem(path: str) -> str:
    """What a file is about, by its name alone: test_x.py and x_test.py are about x."""
    name = posixpath.basename(path).split(".")[0]
    return name.removeprefix("test_").removesuffix("_tests").removesuffix("_test").strip("_").lower()


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
