"""How long a proof takes: single commits, then a range cold and warm; or what it adds to checks that have passed.

    python benchmarks/proof_speed.py FOLDER RANGE [--jobs N] [--single COMMIT]...
    python benchmarks/proof_speed.py FOLDER RANGE --own

FOLDER is a clone whose `.venv` can run its tests. The record of proofs is put aside for the cold run and kept for the
warm one. Every figure is wall time of one whole `devtools verify` process, start-up included; with `--own` that of the
proof alone of each commit with production code, as `devtools commit` makes it after all tests have passed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

from devtools.commit import message
from devtools.git import snapshot
from devtools.project.project import load
from devtools.proof.comparison import Comparison
from devtools.proof.prove import prove
from devtools.proof.record import footprints
from devtools.system.store import Store

RECORD = os.path.join(".git", "devtools", "proofs.json")


def verify(folder: str, span: str, jobs: int) -> tuple[float, dict[str, int]]:
    """Seconds of one run, and how often each verdict was given."""
    start = time.perf_counter()
    argv = [sys.executable, "-m", "devtools", "verify", span, "--jobs", str(jobs), "--json", "--exit-zero"]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    return seconds, json.loads(done.stdout).get("counts", {})


def own(folder: str, span: str) -> None:
    """Print the seconds of each proof, then how many took less than three, and the quartiles."""
    project = load(folder)
    store = Store(project.root)
    taken = []
    for commit in _git(folder, "rev-list", "--no-merges", span).split():
        parent, new = (snapshot.tree_of(project.root, name) for name in (f"{commit}^", commit))
        case = Comparison(project, parent, new)
        if case.production:
            subject = _git(folder, "log", "-1", "--format=%s", commit).strip()
            passed = [path for path in case.new.entries if case.is_test(path)]
            start = time.perf_counter()
            proof = prove(project, parent, new, message.parse(subject).type, passed, footprints(project, store))
            taken.append(time.perf_counter() - start)
            print(f"{commit[:9]} {taken[-1]:6.2f} s {proof.verdict:9} {subject}", flush=True)
    quartiles = ", ".join(f"{each:.1f}" for each in statistics.quantiles(taken, n=4))
    print(f"{len(taken)} proofs, {sum(each < 3 for each in taken)} under 3 s; quartiles {quartiles} s")


def _git(folder: str, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("range")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--single", action="append", default=[], metavar="COMMIT")
    parser.add_argument("--own", action="store_true")
    options = parser.parse_args()
    if options.own:
        own(options.folder, options.range)
        return
    record = os.path.join(options.folder, RECORD)
    if os.path.exists(record):
        os.replace(record, record + ".aside")
    for commit in options.single:
        seconds, counts = verify(options.folder, f"{commit}^..{commit}", 1)
        print(f"{commit[:9]} {seconds:6.2f} s {counts}")
    for name in ("cold", "warm"):
        seconds, counts = verify(options.folder, options.range, options.jobs)
        print(f"{name:9} {seconds:6.2f} s {counts}")


if __name__ == "__main__":
    main()
