"""What `devtools verify` says of the newest production commits of real projects, one commit at a time.

    python benchmarks/verify_histories.py run OUT FOLDER... --commits 20    # can be stopped and begun again
    python benchmarks/verify_histories.py table OUT                         # verdicts, survivors, seconds
    python benchmarks/verify_histories.py survivors OUT                     # each with its line, to be judged

Each FOLDER is a clone with its whole history. OUT gets one file of JSON lines a project.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ASIDE = re.compile(
    r"(^|/)(tests?|testing|docs?|examples?|misc|bench\w*|scripts|downstream)/|(^|/)(test\w*|setup|conftest)\.py$"
)


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def production_commits(folder: Path, count: int, skip: int) -> list[str]:
    """The newest commits without merges that change Python code other than tests, documents and tools."""
    found = []
    listing = git(folder, "log", "--no-merges", "--format=%x00%H", "--name-only", "--diff-filter=AMR", "--", "*.py")
    for block in listing.split("\0")[1:]:
        commit, *paths = block.split()
        if any(not ASIDE.search(path) for path in paths):
            found.append(commit)
    return found[skip : skip + count]


def verified(folder: Path, commit: str, options: argparse.Namespace) -> dict[str, Any]:
    """The answer for one commit; its own process group is ended when the time is over."""
    command = ["nice", options.devtools, "verify", f"{commit}~1..{commit}", "--json", "--exit-zero"]
    environment = {**os.environ, "CI": "1", "VIRTUAL_ENV": options.environment}
    start = time.monotonic()
    row = {"project": folder.name, "commit": commit, "subject": git(folder, "log", "-1", "--format=%s", commit).strip()}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as child:
        try:
            out, err = child.communicate(timeout=options.timeout)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGTERM)
            return {**row, "seconds": options.timeout, "cut": True}
    row["seconds"] = round(time.monotonic() - start, 1)
    try:
        [answer] = [each for each in json.loads(out)["commits"] if each["commit"] == commit]
    except (ValueError, KeyError):
        return {**row, "broken": (out + err).decode(errors="replace")[-2000:]}
    return {**row, "answer": answer}


def run(options: argparse.Namespace) -> None:
    """Ask about the first commit of each project, then about the second of each, and so on."""
    options.out.mkdir(parents=True, exist_ok=True)
    folders = [Path(each).resolve() for each in options.folders]
    waiting = {folder: production_commits(folder, options.commits, options.skip) for folder in folders}
    done = {row["commit"] for row in rows(options.out)}
    for number in range(options.commits):
        for folder, commits in waiting.items():
            if number >= len(commits) or commits[number] in done:
                continue
            row = verified(folder, commits[number], options)
            with (options.out / f"{folder.name}.jsonl").open("a") as file:
                file.write(json.dumps(row) + "\n")
            verdict = "cut" if row.get("cut") else row.get("answer", {}).get("tdd", "broken")
            print(f"{folder.name} {row['commit'][:9]} {row['seconds']:.0f} s {verdict} {row['subject']}", flush=True)


def rows(out: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(out.glob("*.jsonl")):
        yield from map(json.loads, file.read_text().splitlines())


def table(options: argparse.Namespace) -> None:
    """Print a row for each project: verdicts, survivors, mutants that were not tried, seconds."""
    projects: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(options.out):
        projects[row["project"]].append(row)
    for project, found in projects.items():
        answers = [row["answer"] for row in found if "answer" in row]
        verdicts = Counter(answer["tdd"] for answer in answers)
        said = ", ".join(f"{number} {verdict}" for verdict, number in verdicts.most_common())
        cut, survivors = len(found) - len(answers), sum(len(answer.get("warnings", [])) for answer in answers)
        untried = sum(answer.get("untried", 0) for answer in answers)
        held = [row["seconds"] for row in found if row.get("answer", {}).get("tdd") in ("proved", "preserved")]
        median = statistics.median(held) if held else 0
        print(
            f"{project}: {len(found)} commits, {said}, {cut} cut; {survivors} survivors, {untried} not tried; ", end=""
        )
        print(f"{median:.0f} s in the median of those that hold")


def survivors(options: argparse.Namespace) -> None:
    """Print each survivor with the line of its commit."""
    places = {Path(each).name: Path(each) for each in options.folders}
    for row in rows(options.out):
        for each in row.get("answer", {}).get("warnings", []):
            print(f"{row['project']}\t{row['commit'][:9]}\t{each['path']}:{each['line']}\t{each['message']}")
            if row["project"] in places:
                text = git(places[row["project"]], "show", f"{row['commit']}:{each['path']}").splitlines()
                print("\n".join(f"    {line}" for line in text[max(0, each["line"] - 4) : each["line"] + 3]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    asked = {verb.__name__: verbs.add_parser(verb.__name__, help=verb.__doc__) for verb in (run, table, survivors)}
    for name, verb in asked.items():
        verb.set_defaults(verb=globals()[name])
        verb.add_argument("out", type=Path)
    for name in ("run", "survivors"):
        asked[name].add_argument("folders", nargs="+" if name == "run" else "*")
    asked["run"].add_argument("--commits", type=int, default=20)
    asked["run"].add_argument("--skip", type=int, default=0, help="leave out so many of the newest commits")
    asked["run"].add_argument("--timeout", type=float, default=90.0, help="seconds for one commit")
    asked["run"].add_argument("--devtools", default=str(Path(sys.executable).with_name("devtools")))
    asked["run"].add_argument("--environment", default=sys.prefix, help="the projects' virtual environment")
    options = parser.parse_args()
    options.verb(options)


if __name__ == "__main__":
    main()
