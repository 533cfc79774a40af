"""How often git's union merge files an insight under the wrong heading, with new topics above the others or at the end.

    python benchmarks/union_merge.py [--merges 400] [--seed 1]

Two branches of one LEARNINGS.md add one to three insights each, to topics that are there or to new ones; `git
merge-file --union` merges them, as the attribute merge=union does. A merge is wrong where an insight stands under
another topic than on its branch, or is gone.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence

from devtools.learn.markdown import Entry, add, parse

TOPICS = ("Testing", "Parsing", "Search")
NEW = ("Speed", "Merging", "Tokens")
Grow = Callable[[str, Sequence[Entry]], str]


def at_the_end(text: str, entries: Sequence[Entry]) -> str:
    """The other way: a new topic below all others."""
    for entry in entries:
        known = {each.topic for each in parse(text)}
        text = add(text, [entry]) if entry.topic in known else f"{text}\n## {entry.topic}\n\n- {entry.text}\n"
    return text


def merged(ours: str, base: str, theirs: str) -> str:
    """What git makes of three files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("ours", "base", "theirs")]
        for path, text in zip(paths, (ours, base, theirs), strict=True):
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
        argv = ["git", "merge-file", "--union", "-p", *paths]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


def entries(chance: random.Random, side: str) -> list[Entry]:
    count = chance.randint(1, 3)
    return [
        Entry(f"Insight {at} of {side}, {chance.random():.6f}.", chance.choice(TOPICS + NEW)) for at in range(count)
    ]


def wrong(grow: Grow, base: str, ours: Sequence[Entry], theirs: Sequence[Entry]) -> bool:
    sides = [grow(base, ours), grow(base, theirs)]
    placed = {(entry.topic, entry.text) for entry in parse(merged(sides[0], base, sides[1]))}
    return placed != {(entry.topic, entry.text) for text in sides for entry in parse(text)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--merges", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    base = add("", [Entry(f"Old insight on {topic}.", topic) for topic in TOPICS])
    ways: dict[str, Grow] = {"new topics at the end": at_the_end, "new topics above the others": add}
    failed = dict.fromkeys(ways, 0)
    shared = 0
    for _ in range(options.merges):
        ours, theirs = entries(chance, "ours"), entries(chance, "theirs")
        opened = [{entry.topic for entry in side} & set(NEW) for side in (ours, theirs)]
        for name, grow in ways.items():
            bad = wrong(grow, base, ours, theirs)
            failed[name] += bad
            shared += bad and grow is add and bool(opened[0] & opened[1])
    for name, count in failed.items():
        sys.stdout.write(f"{name}: {count} of {options.merges} merges wrong\n")
    sys.stdout.write(f"of the latter, both sides opened the same new topic: {shared}\n")


if __name__ == "__main__":
    main()
