"""In which order the commits stand: definitions before their uses, uses taken out before their definitions."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import NamedTuple

from devtools.core.plan_units import Unit

# Where nothing else decides: what the code stands on first, what speaks about it last.
RANK = {"manifest": 0, "lock": 0, "other": 1, "code": 2, "test": 3, "prose": 4, "changes": 5}


class Names(NamedTuple):
    """The names that a group brings, uses but does not bring, takes away, and ceases to use."""

    brings: frozenset[str]
    uses: frozenset[str]
    drops: frozenset[str]
    frees: frozenset[str]


def order(groups: Sequence[Sequence[int]], units: Sequence[Unit], created: Sequence[bool]) -> list[list[int]]:
    """The groups so that each finds what it needs in those before it.

    Where groups need one another, the one that lacks least goes first. `created` says of each file whether it is new.
    """
    needs = _needs(groups, units, created)
    left = list(range(len(groups)))
    done: list[list[int]] = []
    while left:
        lacking = {at: sum(needs[at].get(other, 0) for other in left) for at in left}
        first = min(left, key=lambda at: (lacking[at], _rank(groups[at], units), at))
        left.remove(first)
        done.append(sorted(groups[first]))
    return done


def _rank(group: Sequence[int], units: Sequence[Unit]) -> int:
    return min(RANK[units[at].kind] for at in group)


def _needs(groups: Sequence[Sequence[int]], units: Sequence[Unit], created: Sequence[bool]) -> list[dict[int, int]]:
    """For each group, how many names it needs of each other one."""
    names = [_names(group, units, created) for group in groups]
    needs: list[dict[int, int]] = []
    for at, own in enumerate(names):
        counts = {
            other: len(own.uses & its.brings) + len(own.drops & its.frees)
            for other, its in enumerate(names)
            if other != at
        }
        needs.append({other: count for other, count in counts.items() if count})
    return needs


def _names(group: Sequence[int], units: Sequence[Unit], created: Sequence[bool]) -> Names:
    """What binds a group to others."""
    members = [units[at] for at in group]
    brings = frozenset(name for unit in members for name in unit.defines & unit.born)
    brings |= {posixpath.basename(unit.path).split(".")[0] for unit in members if created[unit.file]}
    uses = frozenset(name for unit in members if unit.kind in ("code", "test") for name in unit.added)
    drops = frozenset(name for unit in members for name in unit.defines & unit.dead)
    frees = frozenset(name for unit in members for name in unit.removed) - drops
    return Names(brings, uses - brings, drops, frees)
