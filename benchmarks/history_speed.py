"""How fast `devtools history` is at N commits, process start included, beside `git log` with the same sizes.

    python benchmarks/history_speed.py [--commits 10000]

The scratch repository is that of benchmarks/learn_speed.py: each commit changes one file of fifty and has an insight.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time

from learn_speed import build, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build(folder, options.commits)
        start = time.perf_counter()
        subprocess.run(["git", "log", "--shortstat"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        print(f"git log --shortstat {time.perf_counter() - start:.3f} s")
        print("history            ", seconds(folder, "history", times=5))
        print("history --grep     ", seconds(folder, "history", "cache7", times=5))
        print("history --json     ", seconds(folder, "history", "--json", times=5))
        page = os.path.join(folder, "page.html")
        print("history --html     ", seconds(folder, "history", "--html", page, times=5))
        print(f"page               {os.path.getsize(page) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
