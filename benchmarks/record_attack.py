"""Edit a project at random, and hold the tests that its record chose against a run of all of them.

`python benchmarks/record_attack.py PROJECT [--edits N] [--seed N] [--python PYTHON]` works on a copy of PROJECT, a git
repository. After each edit the affected tests run as `devtools hygiene` runs them, then all tests without the record.
A test that fails in the second run and not in the first was missed: the exit code is the number of those edits.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace

from devtools.checks import Request, tests
from devtools.project.path_kinds import is_production, is_test
from devtools.project.project import Project, load
from devtools.runner.working_tree import run_pytest

SWAPS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.Gt: ast.GtE,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.In: ast.NotIn,
    ast.Is: ast.IsNot,
}


class Edit(ast.NodeTransformer):
    """One edit at the node of this number: an operator, a constant, or a statement that goes."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.number, self.what = wanted, -1, ""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        self.number += 1
        if self.number == self.wanted:
            return self.changed(node)
        return super().generic_visit(node)

    def changed(self, node: ast.AST) -> ast.AST:
        swap = SWAPS.get(type(node))
        if swap:
            self.what = f"{type(node).__name__} -> {swap.__name__}"
            return swap()
        if isinstance(node, ast.Constant) and isinstance(node.value, int | str) and node.value is not None:
            self.what = f"constant {node.value!r:.20}"
            value = (
                not node.value
                if isinstance(node.value, bool)
                else node.value + (1 if isinstance(node.value, int) else "x")
            )
            return ast.copy_location(ast.Constant(value), node)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return | ast.If | ast.Raise):
            self.what = f"{type(node).__name__} of line {node.lineno} gone"
            return ast.copy_location(ast.Pass(), node)
        return node


def edited(source: str, chance: random.Random) -> tuple[str, str]:
    """Return the source with one edit, and what that was; half of the edits of layout are comments."""
    if chance.random() < 0.1:
        return f"# a comment\n{source}", "comment"
    size = sum(1 for _ in ast.walk(ast.parse(source)))
    for _ in range(200):
        edit = Edit(chance.randrange(max(1, size)))
        tree = edit.visit(ast.parse(source))
        if edit.what:
            return ast.unparse(ast.fix_missing_locations(tree)) + "\n", edit.what
    return source, ""


def steps(project: Project, edits: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Make one edit after the other, each taken back before the next one; yield its path and what it was."""
    names = subprocess.run(["git", "ls-files"], cwd=project.root, capture_output=True, text=True, check=True)
    paths = [path for path in names.stdout.splitlines() if path.endswith((".py", ".md", ".rst", ".txt", ".json"))]
    python = [path for path in paths if path.endswith(".py")]
    likely = [path for path in python if is_production(path, project.config) or is_test(path, project.config)]
    for _ in range(edits):
        path = chance.choice(likely if chance.random() < 0.9 else paths)
        place = os.path.join(project.root, path)
        with open(place, encoding="utf-8") as stream:
            source = stream.read()
        text, what = edited(source, chance) if path.endswith(".py") else (f"{source}\nmore\n", "one more line")
        if not what:
            continue
        with open(place, "w", encoding="utf-8") as stream:
            stream.write(text)
        yield path, what
        with open(place, "w", encoding="utf-8") as stream:
            stream.write(source)


def attack(project: Project, edits: int, chance: random.Random) -> list[dict[str, object]]:
    tests.run(project, Request(affected=True))
    found = []
    for path, what in steps(project, edits, chance):
        begun = time.perf_counter()
        part = tests.run(project, Request(affected=True))
        spent = time.perf_counter() - begun
        whole = run_pytest(project.python, project.root, ["-p", "no:cacheprovider"], 600)
        failed = {failure["id"] for failure in whole.failures}
        red = failed or whole.ended not in (0, 5)
        seen = {finding.test for finding in part.findings}
        missed = sorted(failed - seen) if part.ok else []
        counts = part.counts or {}
        found.append(
            {
                "path": path,
                "edit": what,
                "ran": counts.get("selected"),
                "of": counts.get("total"),
                "seconds": round(spent, 2),
                "failed": len(failed),
                "missed": missed or (["the run"] if red and part.ok else []),
            }
        )
        print(json.dumps(found[-1]), flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project")
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "project")
        shutil.copytree(options.project, copy, symlinks=True)
        project = replace(load(copy), python=options.python)
        found = attack(project, options.edits, random.Random(options.seed))
    missed = [each for each in found if each["missed"]]
    ran = sum(int(str(each["ran"] or 0)) for each in found)
    total = sum(int(str(each["of"] or 0)) for each in found)
    red = sum(bool(each["failed"]) for each in found)
    print(f"{len(found)} edits, {red} red, {len(missed)} missed, {ran} of {total} tests run")
    return min(len(missed), 100)


if __name__ == "__main__":
    sys.exit(main())
