"""What `devtools commit` costs beyond the checks: seconds on a repository of many files, and tokens of one commit.

    python benchmarks/commit_speed.py [--files 5000] [--rounds 7] [--pre-commit PROGRAM]

The checks of the scratch repository are `true`, so that what is measured is all that is not a check. Beside it: git
alone, and git with the hook of pre-commit (its PROGRAM, where given) that runs `true` as well. Each round commits one
changed file of 40 lines, once with a clean working tree, once with an unsaved change beside it, once with a green that
is stored. Tokens are those of the npm package @anthropic-ai/tokenizer, looked for in ./node_modules.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
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
CHECKS = "[tdd]\nmode = 'off'\n[checks]\n" + "".join(f"{n} = 'true'\n" for n in ("lint", "format", "types", "tests"))
HOOKS = (
    "repos:\n- repo: local\n  hooks:\n  - {id: t, name: t, entry: 'true', language: system, pass_filenames: false}\n"
)
DEVTOOLS = [sys.executable, "-m", "devtools", "commit", "-m", "feat: change a module"]
GIT = ["git", "commit", "-q", "-m", "feat: change a module"]
MESSAGE = "devtools commit -m 'feat(parser): read numbers with signs\n\nThe old one stopped at the sign.'"


class Scratch:
    """A repository of `number` small modules in folders of a hundred."""

    def __init__(self, folder: str, number: int) -> None:
        self.folder = folder
        self.round = 0
        for n in range(number):
            self.put(f"package/p{n // 100}/m{n}.py", self.text(n, 0))
        self.put("devtools.toml", CHECKS)
        self.put(".pre-commit-config.yaml", HOOKS)
        for command in (["init", "-q"], ["config", "user.name", "b"], ["config", "user.email", "b@example.invalid"]):
            self.git(*command)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "chore: start")

    def put(self, name: str, text: str) -> None:
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)

    def text(self, number: int, version: int) -> str:
        return "".join(f"def f{line}():\n    return {number + line * version}\n\n\n" for line in range(10))

    def git(self, *arguments: str) -> str:
        return self.run(["git", *arguments])[0]

    def run(self, argv: list[str]) -> tuple[str, float]:
        start = time.perf_counter()
        done = subprocess.run(argv, cwd=self.folder, capture_output=True, check=False, text=True)
        seconds = time.perf_counter() - start
        if done.returncode:
            raise SystemExit(f"{argv}: {done.stdout}{done.stderr}")
        return done.stdout, seconds

    def stage(self, unsaved: bool) -> None:
        """One changed file staged; with `unsaved` another one changed beside it."""
        self.git("checkout", "-q", "--", ".")
        self.round += 1
        self.put("package/p0/m1.py", self.text(1, self.round))
        self.git("add", "-A")
        if unsaved:
            self.put("package/p0/m2.py", self.text(2, self.round))


def checks_alone(output: str) -> float:
    """Seconds of the slowest check: they run side by side."""
    return max(check["seconds"] for check in json.loads(output)["checks"])


def measure(scratch: Scratch, rounds: int, pre_commit: str) -> list[dict[str, object]]:
    rows: dict[str, list[float]] = {}
    for _ in range(rounds + 1):
        for name, unsaved in (("clean tree", False), ("unsaved change beside", True)):
            scratch.stage(unsaved)
            rows.setdefault(f"git commit, {name}", []).append(scratch.run(GIT)[1])
            scratch.stage(unsaved)
            output, seconds = scratch.run([*DEVTOOLS, "--json"])
            rows.setdefault(f"devtools commit, {name}", []).append(seconds - checks_alone(output))
            if pre_commit:
                scratch.run([pre_commit, "install"])
                scratch.stage(unsaved)
                rows.setdefault(f"git commit with pre-commit, {name}", []).append(scratch.run(GIT)[1])
                scratch.run([pre_commit, "uninstall"])
        scratch.stage(False)
        scratch.run([*DEVTOOLS, "--dry-run"])
        rows.setdefault("devtools commit, green is stored", []).append(scratch.run(DEVTOOLS)[1])
    bare = [scratch.run([sys.executable, "-c", "pass"])[1] for _ in range(rounds)]
    rows["bare interpreter"] = [0.0, *bare]
    return [{"case": name, **figures(values[1:])} for name, values in rows.items()]


def figures(values: list[float]) -> dict[str, float]:
    return {"median_s": round(statistics.median(values), 3), "worst_s": round(max(values), 3)}


def tokens(text: str) -> int:
    done = subprocess.run(["node", "-e", COUNT], input=text.encode(), cwd=ROOT, capture_output=True, check=True)
    return int(done.stdout)


def spent(scratch: Scratch) -> list[dict[str, object]]:
    """Tokens of what a model reads and writes for one commit, by devtools and by git as agents use it."""
    scratch.stage(False)
    if not os.path.isdir(os.path.join(ROOT, "node_modules", "@anthropic-ai", "tokenizer")):
        return [{"way": "tokens", "not counted": "npm install --no-save @anthropic-ai/tokenizer"}]
    summary = scratch.run([*DEVTOOLS[:4], "--budget", "4000"])[0]
    with open(os.path.join(ROOT, ".claude", "commands", "commit.md"), encoding="utf-8") as stream:
        command = stream.read()
    raw = [scratch.git(*argv) for argv in (["status"], ["diff", "--staged"], ["log", "-5"])]
    typed = ["git status", "git diff --staged", "git log -5", MESSAGE.replace("devtools", "git")]
    refused = scratch.run([*DEVTOOLS, "--dry-run"])[0]
    return [
        {"way": "/commit", "read": tokens(command + summary + refused), "written": tokens(MESSAGE), "requests": 2},
        {"way": "git by hand", "read": tokens("".join(raw)), "written": tokens("".join(typed)), "requests": "3 to 5"},
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pre-commit", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Scratch(folder, options.files)
        parts = [lambda: measure(scratch, options.rounds, options.pre_commit), lambda: spent(scratch)]
        for row in itertools.chain.from_iterable(part() for part in parts):
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
