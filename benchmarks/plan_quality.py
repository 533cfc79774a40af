"""How well `devtools commit --plan` finds the commits that people made: windows of real history, squashed and planned.

    python benchmarks/plan_quality.py REPOSITORY... [--windows 60] [--seed 1] [--json]

REPOSITORY is a clone, bare or not. A window is 2 to 5 consecutive commits, each the only parent of the next, of which
at least two change code or tests by three lines or more that still stand at the end. The measure is the adjusted Rand
index over the changed lines of the squashed window. A line that was added belongs to the commit that wrote it last, a
line that was removed to the commit that removed it; a change without lines (binary, mode, rename) is one line of the
commit that touched the file last. Lines whose commit the squashed diff does not tell (it moved a hunk's border across
equal lines) are left out. "plan" keeps the default limits, "no limits" lets a commit have any size, as
those people did.
"""

from __future__ import annotations

import argparse
import json
import os
import posixpath
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from devtools.git import objects
from devtools.plan import grouping as plan_group
from devtools.plan import ordering as plan_order
from devtools.plan.changes import diff
from devtools.plan.hunks import FileChange, split
from devtools.plan.traits import Unit, units
from devtools.project.config import Config

CODE = (".py", ".pyi")
MOST_LINES, MOST_FILES = 2000, 40


@dataclass(frozen=True)
class Window:
    """The units of one squashed window and, for each, how many of its lines each commit made."""

    repository: str
    commits: tuple[str, ...]
    units: tuple[Unit, ...]
    truth: tuple[Counter[int], ...]
    changes: tuple[FileChange, ...]


class Follower:
    """Whose each line is, while commits are laid one over another."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.lines: dict[str, list[tuple[str, int] | int]] = {}
        self.gone: dict[tuple[str, int], int] = {}
        self.touched: dict[str, int] = {}

    def add(self, number: int, changes: Sequence[FileChange], texts: dict[str, str]) -> None:
        taken = {change.path: self._take(change, texts) for change in changes}
        for change in changes:
            lines = taken[change.path]
            for hunk in sorted((h for h in change.hunks if h.kind == "text"), key=lambda h: h.order(), reverse=True):
                start = hunk.old_start - 1 if hunk.removed else hunk.old_start
                for line in lines[start : start + len(hunk.removed)]:
                    if isinstance(line, tuple):
                        self.gone[line] = number
                lines[start : start + len(hunk.removed)] = [number] * len(hunk.added)
            self.lines[change.path] = lines
            self.touched[change.path] = number

    def _take(self, change: FileChange, texts: dict[str, str]) -> list[tuple[str, int] | int]:
        if change.old_path in self.lines:
            return self.lines.pop(change.old_path)
        count = 0 if change.created else len(split(texts.get(change.old_id, "")))
        return [(change.old_path, number) for number in range(count)]

    def owners(self, change: FileChange, unit: Unit) -> Counter[int]:
        hunk = unit.hunk
        if hunk.kind != "text":
            return Counter([self.touched[change.path]] if change.path in self.touched else [])
        final = self.lines.get(change.path, [])
        added = final[hunk.new_start - 1 : hunk.new_start - 1 + len(hunk.added)]
        owners = Counter(line for line in added if isinstance(line, int))
        start = hunk.old_start - 1
        removed = ((change.old_path, start + at) for at in range(len(hunk.removed)))
        owners.update(self.gone[line] for line in removed if line in self.gone)
        return owners


def git(root: str, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


def is_test(path: str) -> bool:
    name = posixpath.basename(path)
    return path.startswith(("tests/", "test/", "testing/")) or name.startswith("test_") or name == "conftest.py"


def read(root: str, changes: Sequence[FileChange]) -> dict[str, str]:
    text = [change for change in changes if any(hunk.kind == "text" for hunk in change.hunks)]
    ids = {name for change in text for name in (change.old_id, change.new_id)}
    return objects.blobs(root, (name for name in ids if name.strip("0")))


def chains(root: str) -> dict[str, str]:
    """Each commit with exactly one parent, and that parent."""
    rows = (line.split() for line in git(root, "rev-list", "--parents", "--no-merges", "HEAD").splitlines())
    return {row[0]: row[1] for row in rows if len(row) == 2}


def window(root: str, last: str, size: int, parents: dict[str, str]) -> Window | None:
    """The window that ends with commit `last`, or None where it is not one to learn from."""
    commits = [last]
    while len(commits) < size:
        if commits[-1] not in parents:
            return None
        commits.append(parents[commits[-1]])
    commits.reverse()
    if any(commit not in parents for commit in commits):
        return None
    follower = Follower(root)
    for number, commit in enumerate(commits):
        changes = diff(root, parents[commit], commit)
        if len(changes) > MOST_FILES:
            return None
        follower.add(number, changes, read(root, changes))
    squashed = diff(root, parents[commits[0]], last)
    found = units(squashed, read(root, squashed), is_test)
    truth = [follower.owners(squashed[unit.file], unit) for unit in found]
    code: Counter[int] = Counter()
    for unit, owners in zip(found, truth, strict=True):
        if unit.path.endswith(CODE):
            code.update(owners)
    lines = sum(unit.weight for unit in found)
    if len(squashed) > MOST_FILES or lines > MOST_LINES or sum(count >= 3 for count in code.values()) < 2:
        return None
    return Window(
        os.path.basename(os.path.dirname(root.rstrip("/"))), tuple(commits), tuple(found), tuple(truth), squashed
    )


def sample(root: str, count: int, seed: int) -> list[Window]:
    """`count` windows that share no commit."""
    chance = random.Random(seed)
    parents = chains(root)
    ends = sorted(parents)
    chance.shuffle(ends)
    found: list[Window] = []
    used: set[str] = set()
    for last in ends:
        if len(found) == count:
            break
        candidate = window(root, last, chance.randint(2, 5), parents)
        if candidate and not used & set(candidate.commits):
            used |= set(candidate.commits)
            found.append(candidate)
    return found


def agreement(labels: Sequence[object], truth: Sequence[Counter[int]]) -> float:
    """The adjusted Rand index of the units' labels and the commits, over lines."""
    table: Counter[tuple[object, int]] = Counter()
    for label, owners in zip(labels, truth, strict=True):
        for owner, lines in owners.items():
            table[label, owner] += lines
    rows: Counter[object] = Counter()
    columns: Counter[int] = Counter()
    for (label, owner), lines in table.items():
        rows[label] += lines
        columns[owner] += lines
    both = sum(comb(lines, 2) for lines in table.values())
    ours = sum(comb(lines, 2) for lines in rows.values())
    theirs = sum(comb(lines, 2) for lines in columns.values())
    total = comb(sum(rows.values()), 2)
    expected = ours * theirs / total if total else 0.0
    best = (ours + theirs) / 2
    return 1.0 if best == expected else (both - expected) / (best - expected)


def stem(path: str) -> str:
    """What a file is about, by its name alone: test_x.py, x_test.py and x.rst are about x."""
    name = posixpath.basename(path).split(".")[0]
    return name.removeprefix("test_").removesuffix("_test").strip("_")


BASELINES = {
    "per file": lambda unit: unit.path,
    "per directory": lambda unit: posixpath.dirname(unit.path),
    "name pairing": lambda unit: stem(unit.path),
    "all in one": lambda unit: 0,
}


def planned(case: Window, config: Config | None) -> list[int]:
    """The number of the planned commit of each unit."""
    grouped = plan_group.group(case.units, case.changes, config)
    groups = plan_order.order(grouped, case.units, [change.created for change in case.changes])
    number = {unit: at for at, group in enumerate(groups) for unit in group}
    return [number[at] for at in range(len(case.units))]


def scores(case: Window) -> dict[str, float]:
    row = {name: agreement([label(unit) for unit in case.units], case.truth) for name, label in BASELINES.items()}
    row["plan"] = agreement(planned(case, Config()), case.truth)
    row["no limits"] = agreement(planned(case, None), case.truth)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+")
    parser.add_argument("--windows", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    names = [*BASELINES, "plan", "no limits"]
    table = []
    for root in options.repositories:
        cases = sample(os.path.abspath(root), options.windows, options.seed)
        rows = [scores(case) for case in cases]
        mean = {name: round(sum(row[name] for row in rows) / len(rows), 3) for name in names}
        table.append({"repository": cases[0].repository, "windows": len(rows), **mean})
        if not options.json:
            sys.stdout.write("  ".join(f"{key} {value}" for key, value in table[-1].items()) + "\n")
            sys.stdout.flush()
    if options.json:
        sys.stdout.write(json.dumps(table) + "\n")


if __name__ == "__main__":
    main()
