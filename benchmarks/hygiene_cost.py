"""What `devtools hygiene` costs beside the raw tools, in tokens and seconds, on a project given as a folder.

    python benchmarks/hygiene_cost.py FOLDER [--failures 1 5 50]

FOLDER is copied into a scratch repository first. Tokens are counted with the npm package @anthropic-ai/tokenizer,
looked for in ./node_modules. Red runs get their failures from a test file that is added, each with values of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COUNT = (
    "const {countTokens} = require('@anthropic-ai/tokenizer');"
    "process.stdout.write(String(countTokens(require('fs').readFileSync(0, 'utf8'))))"
)
PYTHON = [sys.executable, "-m"]
DEFAULT = [[*PYTHON, "pytest"], [*PYTHON, "ruff", "check"], ["git", "status"]]
LEAN = [[*PYTHON, "pytest", "-q", "--tb=line"], [*PYTHON, "ruff", "check", "-q", "--output-format=concise"]]
LEAN.append(["git", "status", "--short"])
HYGIENE = [[*PYTHON, "devtools", "hygiene"]]


def tokens(text: str) -> int:
    done = subprocess.run(["node", "-e", COUNT], input=text.encode(), cwd=ROOT, capture_output=True, check=True)
    return int(done.stdout)


def measure(commands: list[list[str]], folder: str) -> tuple[int, float, str]:
    start = time.perf_counter()
    done = [subprocess.run(command, cwd=folder, capture_output=True, check=False) for command in commands]
    seconds = time.perf_counter() - start
    text = "".join((run.stdout + run.stderr).decode(errors="replace") for run in done)
    return tokens(text), seconds, text


def sabotage(folder: str, tests: str, number: int) -> list[str]:
    case = "def test_sabotage_{}():\n    values = list(range({}, {}))\n    assert values == [{}, {}]\n"
    body = "\n\n".join(case.format(n, n, n + 5, n * 7, n + 1) for n in range(number))
    with open(os.path.join(folder, tests, "test_sabotage.py"), "w", encoding="utf-8") as stream:
        stream.write(body)
    return [f"test_sabotage_{n}" for n in range(number)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--tests", default="tests")
    parser.add_argument("--failures", type=int, nargs="*", default=[1, 5, 50])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.join(scratch, "project")
        shutil.copytree(options.folder, folder, ignore=shutil.ignore_patterns(".git", ".venv", "node_modules"))
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "chore: start"]):
            subprocess.run(["git", *command], cwd=folder, check=True)
        rows = []
        for number in [0, *options.failures]:
            names = sabotage(folder, options.tests, number)
            raw, raw_seconds, _ = measure(DEFAULT, folder)
            lean, _, _ = measure(LEAN, folder)
            ours, cold, text = measure(HYGIENE, folder)
            _, warm, again = measure(HYGIENE, folder)
            lost = [name for name in names if f"{name}:" not in text]
            row = {"failures": number, "raw": raw, "lean": lean, "ours": ours, "fewer": round(1 - ours / raw, 3)}
            row |= {"lost": len(lost), "raw_s": round(raw_seconds, 2), "ours_s": round(cold, 2)}
            rows.append(row | {"again_s": round(warm, 3), "stored": "unchanged" in again})
            print(json.dumps(rows[-1]), flush=True)


if __name__ == "__main__":
    main()
