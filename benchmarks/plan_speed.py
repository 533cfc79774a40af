"""How long `devtools commit --plan` takes on a dirty tree, and `--apply` of its plan.

    python benchmarks/plan_speed.py [--changed 100] [--files 1000] [--runs 5]

The tree is made: FILES modules of a few functions each, half of them with a test; then CHANGED of them get edits in
several functions, some are new and some are renamed. Times are of the whole process, the best of the runs.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time

WORDS = ("cache", "colour", "parse", "token", "limit", "retry", "store", "graph", "event", "frame", "score", "route")


def module(chance: random.Random, number: int) -> str:
    text = ["import os\n", "\n"]
    for at in range(8):
        name = f"{chance.choice(WORDS)}_{chance.choice(WORDS)}_{number}_{at}"
        text += ["\n", f"def {name}(value, {chance.choice(WORDS)}):\n", f"    result = os.path.join(value, '{at}')\n"]
        text += [
            f"    for step in range({at}):\n",
            f"        result += {chance.choice(WORDS)!r}\n",
            "    return result\n",
        ]
    return "".join(text)


def edited(chance: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    for at in sorted(chance.sample(range(len(lines)), 5)):
        if lines[at].startswith("    "):
            indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            lines[at] = f"{indent}{chance.choice(WORDS)}_{chance.randrange(200)} = {chance.randrange(99)}\n" + lines[at]
    return "".join(lines)


def write(root: str, name: str, text: str) -> None:
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)


def make(root: str, files: int, changed: int) -> None:
    """A repository with that many files, of which that many have uncommitted changes."""
    chance = random.Random(1)
    texts = {}
    for number in range(files):
        folder = "tests/test_" if number % 2 else "src/"
        name = f"{folder}{WORDS[number // 2 % len(WORDS)]}_{number // 2}.py"
        texts[name] = module(chance, number // 2)
        write(root, name, texts[name])
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=b", "-c", "user.email=b@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    for number, name in enumerate(chance.sample(sorted(texts), changed)):
        if number % 20 == 19:
            os.rename(os.path.join(root, name), os.path.join(root, name.replace(".py", "_moved.py")))
        elif number % 10 == 9:
            write(root, name.replace(".py", "_new.py"), module(chance, number + files))
        else:
            write(root, name, edited(chance, texts[name]))


def seconds(command: list[str], root: str, output: str | None = None) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=root, capture_output=True, check=True)
    spent = time.perf_counter() - start
    if output:
        with open(output, "wb") as stream:
            stream.write(done.stdout)
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changed", type=int, default=100)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as outer:
        root, output = os.path.join(outer, "repository"), os.path.join(outer, "plan.json")
        os.mkdir(root)
        make(root, options.files, options.changed)
        plan = [sys.executable, "-m", "devtools", "commit", "--plan", "--json"]
        times = sorted(seconds(plan, root, output) for _ in range(options.runs))
        sys.stdout.write(f"plan of {options.changed} changed files: best {times[0]:.2f} s, median ")
        sys.stdout.write(f"{times[len(times) // 2]:.2f} s\n")
        subprocess.run(["git", "config", "user.name", "b"], cwd=root, check=True)
        subprocess.run(["git", "config", "user.email", "b@b"], cwd=root, check=True)
        spent = seconds([sys.executable, "-m", "devtools", "commit", "--apply", output], root)
        made = subprocess.run(["git", "rev-list", "--count", "HEAD"], cwd=root, capture_output=True, check=True)
        sys.stdout.write(f"apply of its {int(made.stdout) - 1} commits: {spent:.2f} s\n")


if __name__ == "__main__":
    main()
