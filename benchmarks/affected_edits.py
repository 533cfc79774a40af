"""Random edits on real projects: does `devtools hygiene` see every failing test that a run of all tests sees?

    python benchmarks/affected_edits.py FOLDER... [--edits 30] [--seed 0] [--by footprints | testmon]

Each FOLDER is copied into a scratch repository with its .venv, and its tests run once. Then one edit after the other is
made on what the edit before left: a function is emptied, raises or is put right again, a module is taken away and
brought back, a line of a data file or of a test is changed, a test file is copied. After each edit hygiene runs the
tests that it holds for affected, and pytest all of them. An edit counts as missed where their sets of failing tests
differ. With --by footprints the record of footprints selects, as in `devtools commit`; its share is one of files, not
of tests. With --by testmon it is pytest-testmon, from the project's own environment. A test whose outcome differs
between two full runs of the same tree is left out and named.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence

from hygiene_cost import copied

from devtools.commit import known_passes as sparing
from devtools.git import snapshot
from devtools.project.project import load
from devtools.proof.comparison import Comparison
from devtools.proof.record import footprints
from devtools.system.store import Store

RAN = re.compile(r"(\d+) (?:passed|failed|error|skipped|xfailed|xpassed)")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


class Tree:
    """A working tree that edits are made in, with what is needed to undo them."""

    def __init__(self, folder: str, seed: int) -> None:
        self.folder, self.random = folder, random.Random(seed)
        self.taken: list[tuple[str, bytes]] = []

    def files(self, *endings: str) -> list[str]:
        done = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=self.folder, capture_output=True)
        paths = [path for path in done.stdout.decode().splitlines() if os.path.isfile(self.at(path))]
        return [path for path in paths if path.endswith(endings) and ".venv" not in path]

    def at(self, path: str) -> str:
        return os.path.join(self.folder, path)

    def read(self, path: str) -> bytes:
        with open(self.at(path), "rb") as stream:
            return stream.read()

    def write(self, path: str, content: bytes) -> None:
        with open(self.at(path), "wb") as stream:
            stream.write(content)

    def pick(self, paths: list[str]) -> str:
        return self.random.choice(paths) if paths else ""


def is_test(path: str) -> bool:
    return os.path.basename(path).startswith("test_") or "/conftest" in f"/{path}"


def modules(tree: Tree) -> list[str]:
    """Production modules: what lies below src or beside the tests in a package."""
    beside = ("docs/", "tests/", "testing/", "examples/", "bench", "setup.py", "downstream/", "scripts/", "noxfile")
    return [path for path in tree.files(".py") if not path.startswith(beside) and not is_test(path)]


def emptied(tree: Tree) -> str:
    """A function of production returns None at once, or raises."""
    path = tree.pick(modules(tree))
    text = tree.read(path).decode()
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:  # an edit before, to a body that stands on the line of its head
        return ""
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    if not functions:
        return ""
    function = tree.random.choice(functions)
    first = function.body[0]
    lines = text.splitlines(keepends=True)
    word = tree.random.choice(["return None", "raise RuntimeError('edited')"])
    lines.insert(first.lineno - 1, f"{' ' * first.col_offset}{word}\n")
    if first.lineno == function.lineno:
        return ""
    tree.taken.append((path, tree.read(path)))
    tree.write(path, "".join(lines).encode())
    return f"{path}: {function.name} begins with {word}"


def removed(tree: Tree) -> str:
    path = tree.pick([path for path in modules(tree) if not path.endswith("__init__.py")])
    if not path:
        return ""
    tree.taken.append((path, tree.read(path)))
    os.remove(tree.at(path))
    return f"{path} removed"


def restored(tree: Tree) -> str:
    if not tree.taken:
        return ""
    path, content = tree.taken.pop(tree.random.randrange(len(tree.taken)))
    tree.write(path, content)
    return f"{path} as it was"


def test_copied(tree: Tree) -> str:
    path = tree.pick([path for path in tree.files(".py") if os.path.basename(path).startswith("test_")])
    new = f"{path[:-3]}_{tree.random.randrange(1000)}.py"
    tree.write(new, tree.read(path))
    return f"{path} copied to {new}"


def test_changed(tree: Tree) -> str:
    path = tree.pick([path for path in tree.files(".py") if os.path.basename(path).startswith("test_")])
    name = f"test_edit_{tree.random.randrange(10**6)}"
    tree.write(path, tree.read(path) + f"\n\ndef {name}():\n    assert {tree.random.choice('01')}\n".encode())
    return f"{name} added to {path}"


def data_changed(tree: Tree) -> str:
    path = tree.pick(tree.files(".toml", ".json", ".txt", ".csv", ".cfg", ".ini", ".yaml"))
    if not path or path == "pyproject.toml":
        return ""
    tree.taken.append((path, tree.read(path)))
    tree.write(path, tree.read(path) + b"\nedited = [\n")
    return f"{path} has a line more"


EDITS: tuple[Callable[[Tree], str], ...] = (
    *(emptied,) * 5,
    removed,
    *(restored,) * 4,
    test_copied,
    test_changed,
    data_changed,
)


def failing(folder: str, python: str, files: Sequence[str] = ()) -> set[str]:
    """Node ids, without parameters, that a run of all tests, or of these files, shows as failed or broken."""
    argv = [python, "-m", "pytest", "-q", "--tb=no", "-rfE", "-p", "no:cacheprovider", *files]
    done = subprocess.run(argv, cwd=folder, capture_output=True, check=False)
    return {name.partition("[")[0] for name in FAILED.findall(done.stdout.decode(errors="replace"))}


def by_testmon(folder: str, python: str) -> tuple[set[str], int]:
    """Failing tests, and how many ran."""
    argv = [python, "-m", "pytest", "--testmon", "-q", "--tb=no", "-rfE", "-p", "no:cacheprovider"]
    done = subprocess.run(argv, cwd=folder, capture_output=True, check=False)
    text = done.stdout.decode(errors="replace")
    ran = sum(int(number) for number in RAN.findall(text.rstrip().rpartition("\n")[2]))
    return {name.partition("[")[0] for name in FAILED.findall(text)}, ran


def by_hygiene(folder: str, python: str) -> tuple[set[str], int]:
    argv = [sys.executable, "-m", "devtools", "hygiene", "--only", "tests", "--json"]
    done = subprocess.run(argv, cwd=folder, capture_output=True, check=False)
    check = json.loads(done.stdout)["checks"][0]
    return {finding["test"].partition("[")[0] for finding in check["findings"]}, check["counts"]["selected"]


def by_footprints(folder: str, python: str) -> tuple[set[str], int]:
    """Failing tests of the files of which the record does not know that they pass, and how many files had to run."""
    project, store = load(folder), Store(folder)
    tree = snapshot.worktree_tree(folder)
    entries = snapshot.entries(folder, tree)
    files = [path for path in entries if path.endswith(".py") and os.path.basename(path).startswith("test")]
    known = footprints(project, store).known(Comparison(project, tree, tree).new, files)
    passing = sparing.spared(project, store, tree)(files)
    rest = [path for path in files if path not in passing]
    return failing(folder, python, rest) if rest else set(), len(files) - len(known)


SIDES = {"hygiene": by_hygiene, "footprints": by_footprints, "testmon": by_testmon}


def attack(folder: str, python: str, edits: int, seed: int, by: str) -> dict[str, object]:
    tree, side = Tree(folder, seed), SIDES[by]
    total = side(folder, python)[1]
    missed, shares, red, unsteady = [], [], 0, set()
    done = 0
    while done < edits:
        words = tree.random.choice(EDITS)(tree)
        if not words:
            continue
        done += 1
        found, selected = side(folder, python)
        every = failing(folder, python)
        red += bool(every)
        shares.append(min(1.0, selected / max(1, total)))
        if found != every:
            unsteady |= every ^ failing(folder, python)
            if (found ^ every) - unsteady:
                missed.append(
                    {"edit": words, "not seen": sorted(every - found)[:5], "not so": sorted(found - every)[:5]}
                )
                print(json.dumps(missed[-1]), flush=True)
    share = round(statistics.median(shares), 3)
    row: dict[str, object] = {"project": os.path.basename(folder), "by": by, "edits": done, "red": red}
    row["missed"] = len(missed)
    return row | {"selected_median": share, "runs_of_all": sum(s == 1 for s in shares), "unsteady": sorted(unsteady)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--edits", type=int, default=30)
    parser.add_argument("--by", choices=[*SIDES], default="hygiene")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    os.environ.pop("VIRTUAL_ENV", None)
    for source in options.folders:
        with tempfile.TemporaryDirectory() as scratch:
            folder, python = copied(source, scratch)
            print(json.dumps(attack(folder, python, options.edits, options.seed, options.by)), flush=True)


if __name__ == "__main__":
    main()
