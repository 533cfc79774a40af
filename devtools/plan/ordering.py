"""In which order the commits stand: definitions before their uses, uses taken out before their definitions."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import NamedTuple

from devtools.plan.traits import Unit

# Where nothing else decides: what the code stands on first, what speaks about it last.
RANK = {"manifest": 0, "lock": 0, "other": 1, "code": 2, "test": 3, "prose": 4, "changes": 5}
OPENING = 3  # names that a new file's first hunk, with its imports, is worth to the rest of the file


class Needs(NamedTuple):
    """The names that a group brings, uses but does not bring, takes away, and ceases to use.

    `opens` are the new files of which it has the first hunk, `continues` those of which it has only others.
    """

    brings: frozenset[str]
    uses: frozenset[str]
    drops: frozenset[str]
    frees: frozenset[str]
    opens: frozenset[int]
    continues: frozenset[int]


def order(groups: Sequence[Sequence[int]], units: Sequence[Unit], created: Sequence[bool]) -> list[list[int]]:
    """Return the groups so that each finds what it needs in those before it.

    Of two that need one another, one gives up the hunks that only use the other's names: they come later, on their own.
    Where that is no way out, the group that lacks least goes first. `created` says of each file whether it is new.
    """
    groups = _untangled(groups, units, created)
    needs = _needs(groups, units, created)
    left = list(range(len(groups)))
    done: list[list[int]] = []
    while left:
        lacking = {at: sum(needs[at].get(other, 0) for other in left) for at in left}
        first = min(left, key=lambda at: (lacking[at], _rank(groups[at], units), at))
        left.remove(first)
        done.append(sorted(groups[first]))
    return done


def _untangled(groups: Sequence[Sequence[int]], units: Sequence[Unit], created: Sequence[bool]) -> list[list[int]]:
    """The groups, and the hunks that were taken out of some so that no two need one another."""
    parted = [list(group) for group in groups]
    late: list[list[int]] = []
    for one in range(len(parted)):
        for two in range(one):
            names = [_names(parted[at], units, created) for at in (one, two)]
            if names[0].uses & names[1].brings and names[1].uses & names[0].brings:
                ways = [_later(parted[one], names[1], units), _later(parted[two], names[0], units)]
                found = [way for way in ways if way and len(way) < len(parted[one if way is ways[0] else two])]
                if found:
                    moved = min(found, key=lambda way: _price(way, units))
                    home = one if moved is ways[0] else two
                    parted[home] = [at for at in parted[home] if at not in moved]
                    late.append(moved)
    return parted + late


def _later(group: Sequence[int], other: Needs, units: Sequence[Unit]) -> list[int]:
    """The hunks of a group that use the other's names; none where one of them brings a name itself."""
    users = [at for at in group if units[at].kind in ("code", "test") and units[at].added & other.brings]
    return [] if any(units[at].defines & units[at].born for at in users) else users


def _price(hunks: Sequence[int], units: Sequence[Unit]) -> tuple[bool, int]:
    """What it costs to take hunks out of their group: tests stay with their code, then lines count."""
    return any(units[at].kind == "test" for at in hunks), sum(units[at].weight for at in hunks)


def _rank(group: Sequence[int], units: Sequence[Unit]) -> int:
    return min(RANK[units[at].kind] for at in group)


def _needs(groups: Sequence[Sequence[int]], units: Sequence[Unit], created: Sequence[bool]) -> list[dict[int, int]]:
    """For each group, how many names it needs of each other one."""
    names = [_names(group, units, created) for group in groups]
    needs: list[dict[int, int]] = []
    for at, own in enumerate(names):
        counts = {
            other: len(own.uses & its.brings) + len(own.drops & its.frees) + OPENING * len(own.continues & its.opens)
            for other, its in enumerate(names)
            if other != at
        }
        needs.append({other: count for other, count in counts.items() if count})
    return needs


def _names(group: Sequence[int], units: Sequence[Unit], created: Sequence[bool]) -> Needs:
    """What binds a group to others."""
    members = [units[at] for at in group]
    brings = frozenset(name for unit in members for name in unit.defines & unit.born)
    brings |= {posixpath.basename(unit.path).split(".")[0] for unit in members if created[unit.file]}
    uses = frozenset(name for unit in members if unit.kind in ("code", "test") for name in unit.added)
    drops = frozenset(name for unit in members for name in unit.defines & unit.dead)
    frees = frozenset(name for unit in members for name in unit.removed) - drops
    new = {unit.file for unit in members if created[unit.file]}
    # A new file begins with the hunk of its imports: a later function was once planned before what it needs.
    opens = frozenset(unit.file for unit in members if unit.file in new and unit.index == 0)
    return Needs(brings, uses - brings, drops, frees, opens, frozenset(new - opens))
