"""What became of the parent's tests: kept, told in other places, changed in what they expect, or lost.

The evidence is what the parent's version of a test does on the new production code. Where it passes, nothing has
changed its meaning, and its checks only have to be found again. Where it fails, its meaning has changed. Where it
cannot run since production lost a name, its text is compared with that of the tests that pass now.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from devtools.findings import Problem
from devtools.proof.verdict import id_of
from devtools.syntax.assertions import BLANK, GONE, Check, checks, literals, loose
from devtools.syntax.conditions import Names
from devtools.syntax.origins import marked
from devtools.syntax.tests import Suite

Key = tuple[str, str]
PASSED, FAILED, NAMELESS = "passed", "failed", "nameless"


class Fate(NamedTuple):
    """What the parent's version of a test does on the new code: passed, failed, or nameless, which is for a lost name.

    `cases` is how many of its cases passed.
    """

    key: Key
    outcome: str
    words: str = ""
    cases: int = 1


@dataclass(frozen=True)
class Succession:
    """One step as the tests see it.

    `passing` are the new snapshot's tests that pass, with the number of their cases, `told` what became of others.
    `gone` are names that production lost, `came` those it gained, `alive` those of the lost that were only renamed.
    With `strict` no test may change what it expects. With `forged` the hooks by which pytest runs tests changed.
    """

    parent: Suite
    new: Suite
    passing: Mapping[Key, int]
    told: Mapping[Key, str]
    gone: frozenset[str] = frozenset()
    came: frozenset[str] = frozenset()
    alive: frozenset[str] = frozenset()
    strict: bool = True
    forged: bool = False

    def judge(self, fates: Iterable[Fate]) -> tuple[list[Problem], list[str]]:
        """Return what is tampered with, and the ids of the tests that expect something else now."""
        problems, expecting = [], []
        for fate in fates:
            words = self._words(fate)
            if words == "":
                expecting.append(id_of(*fate.key))
            elif words:
                problems.append(Problem("tests-tampered", f"{id_of(*fate.key)} {words}", path=fate.key[0]))
        return problems, expecting

    def _words(self, fate: Fate) -> str | None:
        """What is wrong; an empty text where the expectation changed, None where all is well."""
        place = self.place(fate.key)
        # First: "does not run any more" alone would leave out how the test fails on the new code.
        if fate.outcome == FAILED and self.strict:
            return self._failed(fate, place)
        # A fix once skipped an old test where it stood, while another test of the commit looked at the same function.
        if place is None and self._stands(fate.key):
            return self._lost(fate.key)
        if fate.outcome == FAILED:
            return self._failed(fate, place)
        old, there = self._old(fate.key), self._checks(self.new, place) if place else []
        if fate.outcome == NAMELESS:
            return self._nameless(fate, place, old)
        if place:
            return self._weakened(fate, place, old, there)
        found = all(self._is_found(check) for check in old) and bool(old)
        return None if found else self._lost(fate.key)

    def _stands(self, key: Key) -> bool:
        """Whether the test is still there, and only does not run: then no other test stands for it."""
        return key in self.told or key[1] in self.new.tests(key[0])

    def _failed(self, fate: Fate, place: Key | None) -> str | None:
        if self.strict or (self.forged and place and self._own(self.parent, fate.key) == self._own(self.new, place)):
            return f"passes on the parent and fails on the new code: {fate.words}"
        old = self._old(fate.key)
        known = {check.subject for check in self._every}
        missing = [check for check in old if check.subject not in known and not check.is_about_gone]
        if not place and self._asks_for_gone(fate.key):
            return None
        if not place:
            return "" if old and not missing else self._lost(fate.key)
        gained = {check.subject for check in self._checks(self.new, place)} - {check.subject for check in old}
        # One check in a test with cases looks once for each case.
        fewer = len(missing) > len(gained) * self.passing[place]
        return f"lost {len(missing)} of {len(old)} checks" if fewer else ""

    def _nameless(self, fate: Fate, place: Key | None, old: list[Check]) -> str | None:
        """Its successor may differ by the names alone; without one only what is gone may be checked no more."""
        wanted = old if place or self._lives_on(fate.key) else self._alive(fate.key)
        missing = [check for check in wanted if not self._is_told(check)]
        lost = literals(self.parent.nodes(*fate.key), self.gone) - self._values if wanted else frozenset()
        if not missing and not lost:
            return None
        if not place:
            return self._lost(fate.key)
        return f"changed by more than the names that production lost: {fate.words}" if self.strict else ""

    def _alive(self, key: Key) -> list[Check]:
        """The checks of a test that look at nothing that is gone, nor at what something that is gone made for it."""
        file = self.parent.file(key[0])
        # itsdangerous 506ca21d8 removed a class, and five of its tests reached it through a fixture alone.
        nodes, names = marked(self.parent, *key, self.gone), Names(file.tree) if file else None
        found = [check for check in checks(nodes, self._moving, names) if not check.is_about_gone]
        return [check for check in found if check.subject != BLANK or GONE not in check.expected]

    def _weakened(self, fate: Fate, place: Key, old: list[Check], there: list[Check]) -> str | None:
        """It passes as it was and as it is: fewer checks or cases are a loss where they are found nowhere."""
        # The same may be told in another way: what came makes up for what went.
        gained = [check for check in there if check not in old]
        missing = [check for check in old if not self._is_found(check)]
        if len(missing) > len(gained) * self.passing[place]:
            return f"lost {len(missing)} of {len(old)} checks"
        # Two tests may become one with cases, and cases may move: their values tell.
        lost = literals(self.parent.nodes(*fate.key), self.gone) - self._values
        if fate.cases > self.passing[place] and lost:
            return f"has {self.passing[place]} cases, it had {fate.cases}"
        return None

    def _lost(self, key: Key) -> str:
        if key in self.told:
            return f"passed on the parent and is {self.told[key]} now"
        return "passed on the parent and is not run now" if self.new.fingerprint(*key) else "was deleted"

    def place(self, key: Key) -> Key | None:
        """Return where the test passes now: at its place, elsewhere with its body, elsewhere with its name."""
        if key in self.passing:
            return key
        body = self._own(self.parent, key)
        same = next((each for each in self.passing if body and self._own(self.new, each) == body), None)
        last = key[1].rpartition(".")[2]
        told = (each for each in self.passing if each[1].rpartition(".")[2] == last and each not in self._before)
        return same or next(told, None)

    @cached_property
    def _before(self) -> frozenset[Key]:
        """The passing tests that the parent had at the same place, those of a class that a file imports among them."""
        # In itsdangerous 506ca21d8 a class that a file imports ran there too, and stood for a test that was deleted.
        return frozenset(key for key in self.passing if self.parent.fingerprint(*key) or self._imports(key))

    def _imports(self, key: Key) -> bool:
        file = self.parent.file(key[0])
        return file is not None and key[1].partition(".")[0] in file.names

    @cached_property
    def _moving(self) -> frozenset[str]:
        return self.gone | self.came

    def _own(self, suite: Suite, key: Key) -> str:
        file = suite.file(key[0])
        node = file.functions.get(key[1]) if file else None
        parts = (node.args, *node.decorator_list, *node.body) if node else ()
        return "\n".join(ast.dump(part) for part in parts)

    def _old(self, key: Key) -> list[Check]:
        return self._checks(self.parent, key)

    def _checks(self, suite: Suite, key: Key | None) -> list[Check]:
        file = suite.file(key[0]) if key else None
        # pyflakes dropped old Pythons, and branches of its tests with them. What never ran here is no lost check.
        return checks(suite.nodes(*key), self._moving, Names(file.tree)) if key and file else []

    def _lives_on(self, key: Key) -> bool:
        """Whether the test mentions a lost name under which production offers the same thing by another one."""
        nodes = [inner for node in self.parent.nodes(*key) for inner in ast.walk(node)]
        names = {getattr(each, "attr", getattr(each, "id", "")) for each in nodes}
        return bool(names & self.alive)

    def _asks_for_gone(self, key: Key) -> bool:
        """Whether the test gives production an option or a path that it has no more."""
        nodes = [inner for node in self.parent.nodes(*key) for inner in ast.walk(node)]
        return any(
            isinstance(each, ast.Constant) and str(each.value)[:1] in "-/" and each.value in self.gone for each in nodes
        )

    @cached_property
    def _pool(self) -> list[tuple[list[Check], frozenset[str]]]:
        """Of each passing test its checks, and the literals that it has beside those of its assertions."""
        every = [(self._checks(self.new, key), self.new.nodes(*key)) for key in self.passing]
        return [(found, loose(nodes, self._moving)) for found, nodes in every]

    @cached_property
    def _every(self) -> list[Check]:
        return [check for found, _ in self._pool for check in found]

    @cached_property
    def _values(self) -> frozenset[str]:
        return frozenset().union(*(literals(self.new.nodes(*key), self._moving) for key in self.passing))

    def _is_found(self, check: Check) -> bool:
        """Whether a passing test looks at the same at least as closely, with the same values."""
        return any(
            each.subject == check.subject and each.rank >= check.rank and check.literals <= values | each.literals
            for found, values in self._pool
            for each in found
        )

    def _is_told(self, check: Check) -> bool:
        """Whether a passing test expects the same of the same, or of what has its name no more."""
        return any(
            (each.kind, each.expected) == (check.kind, check.expected)
            and check.literals <= values | each.literals
            and (each.subject == check.subject or check.is_about_gone)
            for found, values in self._pool
            for each in found
        )
