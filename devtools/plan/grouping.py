"""Hunks into groups, each one idea and within the limits: agglomerative clustering on the affinity of pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from devtools.commit.limits import measure
from devtools.plan.affinity import Affinity
from devtools.plan.hunks import FileChange
from devtools.plan.traits import Unit, sized
from devtools.project.config import Config

THRESHOLD = 0.3  # mean log-odds above which two groups become one
NEAREST = 0.25  # how much of a link is its best pair; the rest is the mean of all pairs
EXPECTED = (3, 20)  # groups in a dirty tree, or hunks in a group; far from it, the threshold gives way
PRIOR = 0.5
MOST = 300  # beyond so many hunks, those of one definition go together unasked; beyond it still, those of one file


def group(units: Sequence[Unit], changes: Sequence[FileChange], config: Config | None) -> list[list[int]]:
    """Return groups of indexes into `units`, in order of their first. Without `config` there are no limits."""
    seeds = _seeds(units, changes)
    links = _Links(units, seeds, _Room(units, changes, config) if config else None)
    while links.join():
        pass
    return sorted(sorted(members) for members in links.members if members)


def _seeds(units: Sequence[Unit], changes: Sequence[FileChange]) -> list[list[int]]:
    """What must not be parted: a file and the folder of its name in the other tree; and, in a big change, more."""
    folders = swaps(changes)
    keys: list[tuple[object, ...]] = [
        (folders[unit.file],) if unit.file in folders else (unit.file, unit.index) for unit in units
    ]
    for coarser in (_definition, _file):
        if len(set(keys)) > MOST:
            keys = [key if unit.file in folders else coarser(unit) for unit, key in zip(units, keys, strict=True)]
    found: dict[tuple[object, ...], list[int]] = {}
    for number, key in enumerate(keys):
        found.setdefault(key, []).append(number)
    return list(found.values())


def _definition(unit: Unit) -> tuple[object, ...]:
    return (unit.file, *unit.scope)


def _file(unit: Unit) -> tuple[object, ...]:
    return (unit.file,)


def swaps(changes: Sequence[FileChange]) -> dict[int, str]:
    """Return files that stand in one another's way (`a` goes, `a/b` comes), each with what it must go with."""
    gone = {change.old_path for change in changes if change.deleted or change.old_path != change.path}
    come = {change.path for change in changes if change.created or change.old_path != change.path}
    blocked = {folder for path in gone | come for folder in _folders(path) if folder in gone | come}
    found = {}
    for number, change in enumerate(changes):
        for path in (change.path, change.old_path):
            roots = [folder for folder in (*_folders(path), path) if folder in blocked]
            if roots:
                found[number] = roots[0]
    return found


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


class _Room:
    """What counts toward the limits: for each unit its file, if it counts, and its lines."""

    def __init__(self, units: Sequence[Unit], changes: Sequence[FileChange], config: Config) -> None:
        self.config = config
        sizes = [measure([sized(changes[unit.file], unit.hunk)], config) for unit in units]
        self.files = [frozenset(size.counted) for size in sizes]
        self.lines = [size.lines() for size in sizes]

    def fits(self, files: frozenset[str], lines: int) -> bool:
        return len(files) <= self.config.max_files and lines < self.config.max_lines


class _Links:
    """The groups and, for each pair of them, the mean score of their pairs of hunks and the best one."""

    def __init__(self, units: Sequence[Unit], seeds: list[list[int]], room: _Room | None) -> None:
        self.members = seeds
        self.expected = max(EXPECTED[0], len(units) / EXPECTED[1])
        self.room = room
        self.alive = set(range(len(seeds)))
        self.weight = [sum(_say(units[at]) for at in seed) for seed in seeds]
        self.files = [frozenset().union(*(room.files[at] for at in seed)) if room else frozenset() for seed in seeds]
        self.lines = [sum(room.lines[at] for at in seed) if room else 0 for seed in seeds]
        # Hunks that are never parted count as one: scoring half a million pairs of 1,000 hunks took 3 s.
        affinity = Affinity([_merged([units[at] for at in seed]) for seed in seeds])
        self.mean = [[0.0] * len(seeds) for _ in seeds]
        self.most = [[0.0] * len(seeds) for _ in seeds]
        for i in range(len(seeds)):
            for j in range(i):
                score = affinity.score(i, j)
                self._set(i, j, score, score)
        self.best = [self._nearest(i) for i in range(len(seeds))]

    def join(self) -> bool:
        """Make one group of the two that are nearest; whether there were two near enough."""
        threshold = THRESHOLD - PRIOR * math.log(len(self.alive) / self.expected) if self.alive else 0.0
        score, i = max(((self.best[i][0], -i) for i in self.alive), default=(-math.inf, 0))
        if score <= threshold:
            return False
        self._merge(-i, self.best[-i][1])
        return True

    def _merge(self, i: int, j: int) -> None:
        total = self.weight[i] + self.weight[j]
        for k in self.alive - {i, j}:
            mean = (self.weight[i] * self.mean[i][k] + self.weight[j] * self.mean[j][k]) / total
            self._set(i, k, mean, max(self.most[i][k], self.most[j][k]))
        self.members[i] = self.members[i] + self.members[j]
        self.members[j] = []
        self.weight[i] = total
        self.files[i] |= self.files[j]
        self.lines[i] += self.lines[j]
        self.alive.remove(j)
        for k in self.alive:
            if k == i or self.best[k][1] in (i, j) or self._score(k, i) > self.best[k][0]:
                self.best[k] = self._nearest(k)

    def _nearest(self, i: int) -> tuple[float, int]:
        """The best link of group `i` to another that it can be joined with; ties go to the first."""
        score, k = max(((self._score(i, k), -k) for k in self.alive if k != i), default=(-math.inf, 0))
        return (score, -k)

    def _score(self, i: int, k: int) -> float:
        if self.room and not self.room.fits(self.files[i] | self.files[k], self.lines[i] + self.lines[k]):
            return -math.inf
        return (1 - NEAREST) * self.mean[i][k] + NEAREST * self.most[i][k]

    def _set(self, i: int, j: int, mean: float, most: float) -> None:
        self.mean[i][j] = self.mean[j][i] = mean
        self.most[i][j] = self.most[j][i] = most


def _say(unit: Unit) -> float:
    """How much a hunk says in the mean of its group: more the longer it is, but a long one does not outvote all."""
    # By lines alone the plans of 533 windows agreed with the people at 0.502, by their logarithm at 0.506.
    return 1 + math.log(unit.weight)


def _merged(units: Sequence[Unit]) -> Unit:
    """Hunks that are never parted, as one: what any of them says, it says."""
    first = units[0]
    if len(units) == 1:
        return first
    removed = tuple(line for unit in units for line in unit.hunk.removed)
    added = tuple(line for unit in units for line in unit.hunk.added)
    return replace(
        first,
        hunk=replace(first.hunk, removed=removed, added=added),
        scope=first.scope if len({unit.scope for unit in units}) == 1 else (),
        added=frozenset().union(*(unit.added for unit in units)),
        removed=frozenset().union(*(unit.removed for unit in units)),
        defines=frozenset().union(*(unit.defines for unit in units)),
        born=frozenset().union(*(unit.born for unit in units)),
        dead=frozenset().union(*(unit.dead for unit in units)),
    )
