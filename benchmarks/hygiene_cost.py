"""What `devtools hygiene` costs beside the raw tools, in tokens and seconds, on projects given as folders.

    npm install --no-save @anthropic-ai/tokenizer
    python benchmarks/hygiene_cost.py FOLDER... [--failures 0 1 5 50] [--break PATH:FUNCTION...] [--leaf FILE]

Each FOLDER is copied into a scratch repository first, with its .venv where it has one. Three sides are counted: *raw*
is pytest, ruff check and git status as they come; *same* adds ruff format and mypy, which hygiene runs too; *lean* is
raw with the leanest flags. Failures stand in a test file that is added, each with values of its own and a body of two
lines: the shortest that pytest can have to tell. With --break a function of the project returns None at once, and the
project's own tests fail. With --leaf a comment is appended to that file at the end, to see what an edit costs.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COUNT = (
    "const {countTokens} = require('@anthropic-ai/tokenizer');"
    "process.stdout.write(String(countTokens(require('fs').readFileSync(0, 'utf8'))))"
)
RAW = ["pytest", "ruff check", "git status"]
SAME = ["ruff format --check", "mypy"]
LEAN = ["pytest -q --tb=line", "ruff check -q --output-format=concise", "git status --short"]


def tokens(text: str) -> int:
    done = subprocess.run(["node", "-e", COUNT], input=text.encode(), cwd=ROOT, capture_output=True, check=True)
    return int(done.stdout)


def measure(lines: list[str], folder: str, python: str) -> tuple[int, float, str]:
    """Tokens, seconds and text of command lines; tools of Python run in the project's own interpreter."""
    start = time.perf_counter()
    text = ""
    for line in lines:
        words = line.split()
        argv = words if words[0] == "git" else [sys.executable if words[0] == "devtools" else python, "-m", *words]
        done = subprocess.run(argv, cwd=folder, capture_output=True, check=False)
        text += (done.stdout + done.stderr).decode(errors="replace")
    seconds = time.perf_counter() - start
    return tokens(text), seconds, text


def sabotage(folder: str, tests: str, number: int) -> list[str]:
    """Failing tests; none removes the file."""
    path = os.path.join(folder, tests, "test_sabotage.py")
    if not number:
        if os.path.exists(path):
            os.remove(path)
        return []
    case = "def test_sabotage_{}():\n    values = list(range({}, {}))\n    assert values == [{}, {}]\n"
    body = "\n\n".join(case.format(n, n + 1, n + 6, n * 7, n + 1) for n in range(number))
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(body)
    return [f"test_sabotage_{n}" for n in range(number)]


def copied(source: str, scratch: str) -> tuple[str, str]:
    """The copy and its interpreter: scripts and editable installs of the copied environment are led to the copy."""
    folder = os.path.join(scratch, os.path.basename(os.path.abspath(source)))
    skipped = shutil.ignore_patterns(".git", "node_modules", ".devtools", ".*_cache", "__pycache__")
    shutil.copytree(source, folder, ignore=skipped, symlinks=True)
    environment = os.path.join(folder, ".venv")
    for base, _, names in os.walk(environment):
        for name in names:
            path = os.path.join(base, name)
            if (base.endswith("bin") or name.endswith(".pth")) and not os.path.islink(path):
                with open(path, "rb") as stream:
                    content = stream.read()
                if b"\0" not in content:
                    with open(path, "wb") as stream:
                        stream.write(content.replace(os.path.abspath(source).encode(), folder.encode()))
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "chore: start"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    python = os.path.join(environment, "bin", "python")
    return folder, python if os.path.exists(python) else sys.executable


def broken(folder: str, place: str) -> tuple[str, str]:
    """Let a function return None at once; its file, and the text that puts it right again."""
    name, _, function = place.rpartition(":")
    path = os.path.join(folder, name)
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef) and node.name == function)
    first = next(nodes).body[0]
    lines = text.splitlines(keepends=True)
    lines.insert(first.lineno - 1, f"{' ' * first.col_offset}return None\n")
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("".join(lines))
    return path, text


def failing(folder: str, python: str) -> list[str]:
    _, _, text = measure(["pytest -q --tb=no -rfE"], folder, python)
    names = re.findall(r"^(?:FAILED|ERROR) (\S+?)(?:\[.*)?(?: - .*)?$", text, re.MULTILINE)
    return [name.rpartition("::")[2] for name in names]


def red(folder: str, python: str, names: list[str]) -> dict[str, object]:
    raw, seconds, _ = measure(RAW, folder, python)
    beside, more, _ = measure(SAME, folder, python)
    lean, _, _ = measure(LEAN, folder, python)
    ours, cold, text = measure(["devtools hygiene --full"], folder, python)
    lost = [name for name in names if name not in text]
    row: dict[str, object] = {"failures": len(names), "raw": raw, "same": raw + beside, "lean": lean, "ours": ours}
    row |= {"fewer": round(1 - ours / raw, 3), "fewer_same": round(1 - ours / (raw + beside), 3), "lost": len(lost)}
    return row | {"raw_s": round(seconds, 2), "same_s": round(seconds + more, 2), "ours_s": round(cold, 2)}


def edited(folder: str, python: str, leaf: str) -> dict[str, object]:
    """The tests alone: all, again unchanged (the median of five), and after a comment is appended to one module."""
    run = "devtools hygiene --only tests"
    _, cold, _ = measure([run], folder, python)
    repeats = [measure([run], folder, python) for _ in range(5)]
    green, again, text = repeats[-1][0], statistics.median(each[1] for each in repeats), repeats[-1][2]
    with open(os.path.join(folder, leaf), "a", encoding="utf-8") as stream:
        stream.write("# an edit\n")
    _, after, answer = measure([f"{run} --json"], folder, python)
    _, raw, _ = measure(["pytest -q"], folder, python)
    counts = json.loads(answer)["checks"][0]["counts"]
    row: dict[str, object] = {"green_tokens": green, "stored": "unchanged" in text, "cold_s": round(cold, 2)}
    row |= {"again_s": round(again, 3), "edit_s": round(after, 2), "pytest_s": round(raw, 2)}
    return row | {"selected": counts["selected"], "total": counts["total"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--tests", default="tests")
    parser.add_argument("--failures", type=int, nargs="*", default=[0, 1, 5, 50])
    parser.add_argument("--break", nargs="*", default=[], metavar="PATH:FUNCTION")
    parser.add_argument("--leaf", help="a module, relative to the folder, to which a comment is appended")
    options = parser.parse_args()
    os.environ.pop("VIRTUAL_ENV", None)
    for source in options.folders:
        with tempfile.TemporaryDirectory() as scratch:
            folder, python = copied(source, scratch)
            name = {"project": os.path.basename(folder)}
            for number in options.failures:
                names = sabotage(folder, options.tests, number)
                print(json.dumps(name | red(folder, python, names)), flush=True)
            sabotage(folder, options.tests, 0)
            for place in getattr(options, "break"):
                path, text = broken(folder, place)
                row = {"broken": place} | red(folder, python, failing(folder, python))
                print(json.dumps(name | row), flush=True)
                with open(path, "w", encoding="utf-8") as stream:
                    stream.write(text)
            if options.leaf:
                print(json.dumps(name | edited(folder, python, options.leaf)), flush=True)


if __name__ == "__main__":
    main()
