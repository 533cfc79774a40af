"""What mutants of changed lines find on a history, and what they cost: for a person to judge, one by one.

    python benchmarks/mutant_noise.py FOLDER RANGE --python VENV/bin/python > survivors.txt

Each commit with production code is proved as of no type: proved where a changed test was red on the parent, preserved
where not. Each survivor is printed with the code of its line, then the sums.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

from devtools.adapters import snapshot
from devtools.adapters.project import load
from devtools.adapters.proving import prove
from devtools.core.errors import DevtoolsError


def git(folder: str, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("span")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--seconds", type=float, default=600.0, help="begin no commit after so many seconds")
    options = parser.parse_args()
    project = replace(load(options.folder), python=options.python)
    verdicts: Counter[str] = Counter()
    survivors = untried = 0
    spent = {"warn": 0.0, "off": 0.0}
    begun = time.monotonic()
    for line in git(options.folder, "log", "--no-merges", "--format=%H %P", options.span).splitlines():
        commit, *parents = line.split()
        if len(parents) != 1 or time.monotonic() - begun > options.seconds:
            continue
        old, new = (snapshot.tree_of(project.root, rev) for rev in (parents[0], commit))
        for setting in ("off", "warn"):
            asked = replace(project, config=replace(project.config, mutants=setting))
            start = time.monotonic()
            try:
                proof = prove(asked, old, new, "")
            except DevtoolsError as error:
                print(f"{commit[:9]} {error.line()}")
                break
            if proof.verdict not in ("proved", "preserved"):
                break
            spent[setting] += time.monotonic() - start
        else:
            untried += proof.untried
            survivors += len(proof.warnings)
            subject = git(options.folder, "log", "-1", "--format=%s", commit).strip()
            print(f"{commit[:9]} {proof.verdict} {len(proof.warnings)} {proof.untried} {subject}", flush=True)
            for each in proof.warnings:
                print(f"    {each.path}:{each.line} {each.message}")
        verdicts[proof.verdict] += 1
    print(f"{dict(verdicts)}, {survivors} survivors, {untried} not tried")
    print(f"{spent['off']:.0f} s without mutants, {spent['warn']:.0f} s with")


if __name__ == "__main__":
    main()
