"""What becomes of insights that two branches edited and added at random: our merge, git's own, and git's union.

    python benchmarks/learn_merge.py [--merges 1000] [--seed 1]

Both branches begin with one LEARNINGS.md of nine insights and make one to four edits and additions each. An insight is
lost where no topic has it, and moved where another topic has it than on its branch. A conflict is git's word for it.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter

from devtools.learn.markdown import Entry, add, parse
from devtools.learn.merge import merged
from devtools.learn.merges import Merge, corrected

LONG = "a sentence that is wrapped over more than one line of the file because it goes on and on, and then goes on "
Pairs = frozenset[tuple[str, str]]


def pairs(text: str) -> Pairs:
    return frozenset((entry.topic, entry.text) for entry in parse(text))


def changed(text: str, side: str, chance: random.Random) -> str:
    """One to four edits of an insight's end and additions under a topic that is there or new."""
    for number in range(chance.randint(1, 4)):
        last = chance.choice(parse(text)).text.split(" ")[-1]
        if chance.random() < 0.5:
            text = text.replace(f" {last}\n", f" {last} {side}{number}{chance.randint(0, 10**6)}\n", 1)
        else:
            words = f"{side} {number} {chance.random()} {LONG * chance.randint(0, 2)}"
            text = add(text, [Entry(words, chance.choice("ABCDE"))])
    return text


def by_git(base: str, ours: str, theirs: str, *options: str) -> tuple[str, bool]:
    """What git makes of three files, and whether that is without a conflict."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("ours", "base", "theirs")]
        for path, text in zip(paths, (ours, base, theirs), strict=True):
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
        done = subprocess.run(["git", "merge-file", *options, "-p", *paths], capture_output=True, text=True)
        return done.stdout, done.returncode == 0


def judged(text: str, wanted: Pairs) -> Counter[str]:
    """How many insights are lost, and how many stand under another topic."""
    found = pairs(text)
    texts = {words for _, words in found}
    missing = wanted - found
    return Counter(
        lost=sum(words not in texts for _, words in missing), moved=sum(words in texts for _, words in missing)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--merges", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    totals: dict[str, Counter[str]] = {}
    for _ in range(options.merges):
        entries = [
            Entry(f"base {i} {chance.random()} {LONG * chance.randint(0, 2)}", chance.choice("ABC")) for i in range(9)
        ]
        base = add("", entries)
        ours, theirs = changed(base, "ours", chance), changed(base, "theirs", chance)
        old, here, there = pairs(base), pairs(ours), pairs(theirs)
        wanted = (here & there) | (here - old) | (there - old)
        union, _ = by_git(base, ours, theirs, "--union")
        plain, clean = by_git(base, ours, theirs)
        results = {
            "our merge": judged(merged(base, ours, theirs), wanted),
            "git's union": judged(union, wanted),
            "git's union, then sync": judged(corrected(union, Merge(base, ours, theirs, union)), wanted),
            "git": judged(plain, wanted) if clean else Counter(conflicts=1),
        }
        for name, result in results.items():
            totals.setdefault(name, Counter()).update(result)
    for name, total in totals.items():
        told = ", ".join(f"{total[what]} {what}" for what in ("lost", "moved", "conflicts"))
        sys.stdout.write(f"{name:24} {told} in {options.merges} merges\n")


if __name__ == "__main__":
    main()
