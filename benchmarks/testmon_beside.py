"""What choosing the affected tests costs and saves: hygiene beside pytest-testmon and beside running all.

    python benchmarks/testmon_beside.py FOLDER=MODULE...

FOLDER is a project with its .venv, in which pytest-testmon is installed; MODULE one of its modules, in which the first
function that has a body of its own gets a statement more: an edit that no comparison of syntax trees calls none.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import subprocess
import sys
import tempfile
import time

from hygiene_cost import copied

HYGIENE = [sys.executable, "-m", "devtools", "hygiene", "--only", "tests", "--exit-zero", "--json"]


def timed(argv: list[str], folder: str) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run(argv, cwd=folder, capture_output=True, check=False)
    return round(time.perf_counter() - start, 2), done.stdout.decode(errors="replace")


def edit(path: str) -> None:
    """One statement more at the head of the first function with a body of its own."""
    with open(path, encoding="utf-8") as stream:
        lines = stream.read().splitlines(keepends=True)
    functions = (node for node in ast.walk(ast.parse("".join(lines))) if isinstance(node, ast.FunctionDef))
    body = next(node.body[-1] for node in functions if node.body[-1].lineno > node.lineno)
    lines.insert(body.lineno - 1, f"{' ' * body.col_offset}_edited = True\n")
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("".join(lines))


def last(text: str) -> str:
    return text.rstrip().rpartition("\n")[2].strip("= ")


def rows(folder: str, python: str, module: str) -> dict[str, object]:
    plain, testmon = [python, "-m", "pytest", "-q"], [python, "-m", "pytest", "-q", "--testmon"]
    all_s, words = timed(plain, folder)
    row: dict[str, object] = {"project": os.path.basename(folder), "all": words and last(words), "all_s": all_s}
    row["testmon_cold_s"], _ = timed(testmon, folder)
    row["testmon_same_s"], _ = timed(testmon, folder)
    row["hygiene_cold_s"], _ = timed(HYGIENE, folder)
    row["hygiene_same_s"], _ = timed(HYGIENE, folder)
    edit(os.path.join(folder, module))
    row["testmon_edit_s"], words = timed(testmon, folder)
    row["testmon_edit"] = last(words)
    row["hygiene_edit_s"], answer = timed(HYGIENE, folder)
    check = json.loads(answer)["checks"][0]
    row["hygiene_edit"] = f"{check['counts']['selected']} of {check['counts']['total']}"
    row["all_again_s"], _ = timed(plain, folder)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("projects", nargs="+", metavar="FOLDER=MODULE")
    options = parser.parse_args()
    os.environ.pop("VIRTUAL_ENV", None)
    for project in options.projects:
        source, _, module = project.partition("=")
        with tempfile.TemporaryDirectory() as scratch:
            folder, python = copied(source, scratch)
            print(json.dumps(rows(folder, python, module)), flush=True)


if __name__ == "__main__":
    main()
