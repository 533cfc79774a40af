"""What one ordinary commit costs beside what a user would run instead: `pytest` and `git commit`.

    python benchmarks/ordinary_commit.py [--rounds 5] [--bare] [--trace]

The scratch repository has a package, three tests and no settings but pytest's. Each round commits one new function
with its one test, by `devtools commit -m MESSAGE PATHS` and, in a second copy, by `python -m pytest -q`, `git add` and
`git commit`; both are measured in the same round, since a shared machine is never the same for long. The first round,
in which nothing is known of the repository yet, is told apart. Variants: tests only (the other checks are `true`), and
all checks (ruff and mypy on, and run by hand as well). With `--bare` pytest loads no plugin that happens to be
installed. With `--trace` the programs are counted that one commit starts.
"""

from __future__ import annotations

import argparse
import collections
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

PLAIN = "".join(f'{name} = "true"\n' for name in ("lint", "format", "types"))
SETTINGS = '[project]\nname = "shop"\nversion = "0"\n\n[tool.pytest.ini_options]\npythonpath = ["."]\n'
CHECKS = {"tests only": f"\n[tool.devtools.checks]\n{PLAIN}", "all checks": "\n[tool.ruff]\n\n[tool.mypy]\n"}
IGNORED = "__pycache__/\n.pytest_cache/\n.mypy_cache/\n.ruff_cache/\n"
PRICE = '''"""Prices."""


def total(items: list[tuple[str, int]]) -> int:
    """The sum of all prices."""
    return sum(price for _, price in items)
'''
TESTS = """from shop.price import total


def test_total_adds_all_prices() -> None:
    assert total([("tea", 2), ("cup", 3)]) == 5


def test_total_of_one_is_its_price() -> None:
    assert total([("tea", 2)]) == 2


def test_total_of_nothing_is_zero() -> None:
    assert total([]) == 0
"""
ANALYSED = ([sys.executable, "-m", "ruff", "check", "-q"], [sys.executable, "-m", "ruff", "format", "-q", "--check"])
TYPES = [sys.executable, "-m", "mypy", "."]
TRACER = """import os, subprocess, sys
plain = subprocess.Popen.__init__
def told(self, args, *rest, **named):
    words = args if isinstance(args, str) else " ".join(map(str, args))
    with open(os.environ["BENCHMARK_TRACE"], "a") as stream:
        stream.write(words.replace(chr(10), " ") + chr(10))
    plain(self, args, *rest, **named)
subprocess.Popen.__init__ = told
from devtools.__main__ import main
sys.argv[0] = "devtools"
sys.exit(main())
"""


class Shop:
    """A scratch repository in which each round adds one function with its test."""

    def __init__(self, folder: str, more: str) -> None:
        self.folder = folder
        for name in ("shop", "tests"):
            os.makedirs(os.path.join(folder, name))
        texts = {".gitignore": IGNORED, "pyproject.toml": SETTINGS + more, "shop/__init__.py": ""}
        for name, text in {**texts, "shop/price.py": PRICE, "tests/test_price.py": TESTS}.items():
            self.put(name, text)
        for words in (["init", "-q"], ["config", "user.name", "b"], ["config", "user.email", "b@example.invalid"]):
            self.run(["git", *words])
        self.run(["git", "add", "-A"])
        self.run(["git", "commit", "-qm", "chore: begin"])

    def put(self, name: str, text: str) -> None:
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as stream:
            stream.write(text)

    def change(self, number: int) -> list[str]:
        name, paths = f"part_{number}", [f"shop/part_{number}.py", f"tests/test_part_{number}.py"]
        words = f'"""Part {number}."""\n\n\ndef {name}(x: int) -> int:\n    """Return a part."""\n'
        self.put(paths[0], f"{words}    return x // {number + 2}\n")
        test = f"def test_{name}() -> None:\n    assert {name}({5 * number + 10}) == 5\n"
        self.put(paths[1], f"from shop.{name} import {name}\n\n\n{test}")
        return paths

    def run(self, argv: list[str], env: dict[str, str] | None = None) -> tuple[float, float]:
        """Seconds by the clock and of the processors."""
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(argv, cwd=self.folder, capture_output=True, check=False, text=True, env=env)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise SystemExit(f"{argv}: {done.stdout}{done.stderr}")
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return time.perf_counter() - start, spent


def rounds(folder: str, variant: str, number: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Of each round what the commit cost by hand and by devtools: clock and processors."""
    hand = Shop(os.path.join(folder, "hand"), CHECKS[variant])
    ours = Shop(os.path.join(folder, "ours"), CHECKS[variant])
    found = []
    for each in range(number):
        message = f"feat: part {each}"
        paths = hand.change(each)
        steps = [[sys.executable, "-m", "pytest", "-q"], ["git", "add", *paths], ["git", "commit", "-qm", message]]
        if variant == "all checks":
            steps = [*ANALYSED, TYPES, *steps]
        spent = [hand.run(step) for step in steps]
        by_hand = (sum(one for one, _ in spent), sum(two for _, two in spent))
        ours.change(each)
        found.append((by_hand, ours.run([sys.executable, "-m", "devtools", "commit", "-m", message, *paths])))
    return found


def row(name: str, found: list[tuple[tuple[float, float], tuple[float, float]]]) -> str:
    """Medians, and the median of the ratios of the rounds."""
    cells = []
    for place in (0, 1):
        hand, ours = ([pair[side][place] for pair in found] for side in (0, 1))
        ratios = [two / one for one, two in zip(hand, ours, strict=True)]
        times = f"{statistics.median(hand):6.2f} {statistics.median(ours):7.2f}"
        cells.append(f"{times} {statistics.median(ratios):6.1f} ({min(ratios):.1f}-{max(ratios):.1f})")
    return f"{name:26} " + "   ".join(f"{cell:34}" for cell in cells)


def programs(folder: str) -> str:
    """How many programs one commit starts, by kind, once the repository is known."""
    shop, trace = Shop(os.path.join(folder, "traced"), CHECKS["tests only"]), os.path.join(folder, "trace")
    for each in (0, 1):
        with open(trace, "w", encoding="utf-8"):
            paths = shop.change(each)
        argv = [sys.executable, "-c", TRACER, "commit", "-m", "feat: part", *paths]
        shop.run(argv, {**os.environ, "BENCHMARK_TRACE": trace})
    with open(trace, encoding="utf-8") as stream:
        kinds = collections.Counter(_kind(line) for line in stream)
    return ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())


def _kind(line: str) -> str:
    program = os.path.basename(line.split(" ", 1)[0]).strip()
    if program.startswith("python"):
        return "pytest" if "pytest" in line else "python"
    return "watcher" if "read -r word" in line else program if program.isalpha() else "shell"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--trace", action="store_true")
    options = parser.parse_args()
    if options.bare:
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    heads = "".join(f"   {'seconds ' + kind:34}" for kind in ("by the clock", "of the processors"))
    print(f"{'':24}{heads}\n{'':26}" + "   by hand devtools  ratio           " * 2, flush=True)
    for variant in CHECKS:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
            found = rounds(folder, variant, options.rounds + 1)
            print(row(f"{variant}, first", found[:1]), row(f"{variant}, then", found[1:]), sep="\n", flush=True)
    if options.trace:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
            print(f"programs of one commit: {programs(folder)}")


if __name__ == "__main__":
    main()
