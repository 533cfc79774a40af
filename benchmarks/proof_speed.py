"""How long a proof takes: single commits, then a range cold and warm.

    python benchmarks/proof_speed.py FOLDER RANGE [--jobs N] [--single COMMIT]...

FOLDER is a clone whose `.venv` can run its tests. The record of proofs is put aside for the cold run and kept for the
warm one. Every figure is wall time of one whole `devtools verify` process, start-up included.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time

RECORD = os.path.join(".devtools", "proofs.json")


def verify(folder: str, span: str, jobs: int) -> tuple[float, dict[str, int]]:
    """Seconds of one run, and how often each verdict was given."""
    start = time.perf_counter()
    argv = [sys.executable, "-m", "devtools", "verify", span, "--jobs", str(jobs), "--json", "--exit-zero"]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    return seconds, json.loads(done.stdout).get("counts", {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("range")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--single", action="append", default=[], metavar="COMMIT")
    options = parser.parse_args()
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
