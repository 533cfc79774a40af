"""How fast `devtools learn` is at N insights and N commits, process start included.

    python benchmarks/learn_speed.py [--entries 20000]

Each insight stands in LEARNINGS.md and in the trailer of its commit; a scratch repository is made by git fast-import.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

WORDS = (
    "cache",
    "clock",
    "merge",
    "branch",
    "parser",
    "token",
    "lock",
    "index",
    "proof",
    "trailer",
    "folder",
    "rename",
)
DEVTOOLS = os.path.join(os.path.dirname(sys.executable), "devtools")
WHO = "A Tester <tester@example.invalid>"


def insight(chance: random.Random, number: int) -> str:
    return f"case {number}: " + " ".join(chance.choice(WORDS) + str(chance.randint(0, 99)) for _ in range(14))


def build(folder: str, number: int) -> None:
    chance = random.Random(1)
    texts = [insight(chance, n) for n in range(number)]
    commits = []
    for n, text in enumerate(texts):
        message = f"feat: case {n}\n\nwhy it is so\n\nInsight: {text}\nTopic: {WORDS[n % len(WORDS)]}\n".encode()
        body = f"{n}\n".encode()
        head = f"commit refs/heads/main\ncommitter {WHO} {1_700_000_000 + n * 60} +0000\ndata {len(message)}\n".encode()
        commits.append(head + message + f"M 100644 inline f{n % 50}\ndata {len(body)}\n".encode() + body)
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=b"".join(commits), check=True)
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=folder, check=True)
    with open(os.path.join(folder, "LEARNINGS.md"), "w", encoding="utf-8") as stream:
        for topic, word in enumerate(WORDS):
            stream.write(f"## {word}\n\n" + "".join(f"- {text}\n" for text in texts[topic :: len(WORDS)]) + "\n")
    os.utime(os.path.join(folder, "LEARNINGS.md"), (1_700_000_000, 1_700_000_000))


def seconds(folder: str, *arguments: str, times: int = 1) -> str:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([DEVTOOLS, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - start)
    return f"{statistics.median(taken):.3f} s (best {min(taken):.3f}, {times} runs)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build(folder, options.entries)
        search = ("learn", "search", "cache7", "merge*")
        print("--version                  ", seconds(folder, "--version", times=9))
        print("search, index made         ", seconds(folder, *search))
        print("search                     ", seconds(folder, *search, times=15))
        print("search, one phrase         ", seconds(folder, "learn", "search", '"case 77"', times=15))
        print("search, words in every hit ", seconds(folder, "learn", "search", "case", times=15))
        print("sync, whole log            ", seconds(folder, "learn", "sync"))
        print("sync, nothing new          ", seconds(folder, "learn", "sync", "--quiet", times=9))
        git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.invalid"]
        message = "feat: one more\n\nInsight: something new"
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", message], cwd=folder, check=True)
        print("sync, one new commit       ", seconds(folder, "learn", "sync", "--quiet"))
        print("search, one commit later   ", seconds(folder, *search))
        print("add                        ", seconds(folder, "learn", "add", "another one"))


if __name__ == "__main__":
    main()
