"""What mutants of changed lines find on real histories, for a person to judge, and what they and the overlays cost.

    python benchmarks/mutant_noise.py run OUT FOLDER... --environment VENV    # can be stopped and begun again
    python benchmarks/mutant_noise.py judged benchmarks/results/mutant_survivors.tsv
    python benchmarks/mutant_noise.py cost FOLDER COMMIT... --environment VENV

`run` makes no whole proof: it runs the affected tests of each commit once, then its mutants with 25 seconds of time, so
that a busy machine leaves few untried. A parent's body or value counts only where `devtools verify` says proved.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from verify_histories import git, production_commits, rows

from devtools.git import snapshot
from devtools.project.project import load
from devtools.proof import green as confirming
from devtools.proof.comparison import Comparison
from devtools.proof.green import Changed, run_affected
from devtools.proof.mutant_trial import Mutants
from devtools.proof.overlay import Kept
from devtools.proof.prove import prove

BUDGET = 25.0


def trees(root: str, commit: str) -> tuple[str, str]:
    return snapshot.tree_of(root, f"{commit}~1"), snapshot.tree_of(root, commit)


def one(options: argparse.Namespace) -> None:
    """Print the survivors of one commit of the current folder as JSON."""
    confirming.BUDGET = BUDGET  # type: ignore[misc]
    start = time.monotonic()
    project = load(".")
    case = Comparison(project, *trees(project.root, options.commit))
    changed = Changed(case)
    changed.mutants = mutants = Mutants(case, changed, proving=True)
    row: dict[str, Any] = {"production": len(case.production), "mutants": len(mutants.known)}
    if mutants.known:
        seen = run_affected(case, changed, [])
        seen = confirming._second_look(case, changed, mutants, seen)
        told = [
            {"place": f"{path}:{each.line}", "kind": each.kind, "words": each.words(), "of": each.place}
            for path, each in map(mutants.known.__getitem__, mutants.surviving(seen))
        ]
        row |= {"reached": len(seen.weak), "untried": mutants.untried(seen), "survivors": told, "fault": seen.fault}
    print(json.dumps({**row, "seconds": round(time.monotonic() - start, 1)}))


def run(options: argparse.Namespace) -> None:
    """Look at the first commit of each project, then at the second of each, and so on."""
    options.out.mkdir(parents=True, exist_ok=True)
    folders = [Path(each).resolve() for each in options.folders]
    waiting = {folder: production_commits(folder, options.commits, 0) for folder in folders}
    done = {(row["project"], row["commit"]) for row in rows(options.out)}
    for number in range(options.commits):
        for folder, commits in waiting.items():
            if number < len(commits) and (folder.name, commits[number]) not in done:
                row = {"project": folder.name, "commit": commits[number], **_asked(folder, commits[number], options)}
                with (options.out / f"{folder.name}.jsonl").open("a") as file:
                    file.write(json.dumps(row) + "\n")
                print(
                    folder.name, commits[number][:9], git(folder, "log", "-1", "--format=%s", commits[number]).strip()
                )
                for each in row.get("survivors", []):
                    print(f"    {each['place']} {each['words']}", flush=True)


def _asked(folder: Path, commit: str, options: argparse.Namespace) -> dict[str, Any]:
    command = ["nice", sys.executable, str(Path(__file__).resolve()), "one", commit]
    environment = {**os.environ, "VIRTUAL_ENV": options.environment}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as child:
        try:
            out, err = child.communicate(timeout=options.timeout)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGTERM)
            return {"cut": True}
    try:
        answer: dict[str, Any] = json.loads(out)
    except ValueError:
        return {"broken": err.decode(errors="replace")[-2000:]}
    return answer


def judged(options: argparse.Namespace) -> None:
    """Print how many survivors of each operator are noise or worth knowing, and how many of them are no more told."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in options.verdicts.read_text().splitlines():
        if line and not line.startswith("#"):
            _, _, _, operator, verdict, fate, _ = line.split("\t")
            counts[operator][f"{verdict}, {fate}"] += 1
            counts["all"][f"{verdict}, {fate}"] += 1
    for operator, found in sorted(counts.items(), key=lambda item: -item[1].total()):
        print(f"{operator}: {'; '.join(f'{number} {name}' for name, number in sorted(found.items()))}")


def cost(options: argparse.Namespace) -> None:
    """Print the processor's seconds of a proof, of one without mutants, and of one without the second overlay too."""
    os.environ["VIRTUAL_ENV"] = options.environment
    os.chdir(options.folder)
    project = load(".")
    usual = confirming.kept
    for commit in options.commits:
        spent = []
        for mutants, judge in (("warn", usual), ("off", usual), ("off", lambda *_: Kept())):
            confirming.kept = judge
            before = _seconds()
            asked = replace(project, config=replace(project.config, mutants=mutants))
            proof = prove(asked, *trees(project.root, commit), "")
            spent.append(f"{_seconds() - before:.1f}")
        print(commit[:9], proof.verdict, *spent, flush=True)


def _seconds() -> float:
    every = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in every)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    asked = {verb.__name__: verbs.add_parser(verb.__name__, help=verb.__doc__) for verb in (run, one, judged, cost)}
    for name, verb in asked.items():
        verb.set_defaults(verb=globals()[name])
    asked["run"].add_argument("out", type=Path)
    asked["run"].add_argument("folders", nargs="+")
    asked["run"].add_argument("--commits", type=int, default=20, help="how many of each project")
    asked["run"].add_argument("--timeout", type=float, default=100.0, help="seconds for one commit")
    asked["one"].add_argument("commit")
    asked["judged"].add_argument("verdicts", type=Path)
    asked["cost"].add_argument("folder")
    asked["cost"].add_argument("commits", nargs="+")
    for name in ("run", "cost"):
        asked[name].add_argument("--environment", default=sys.prefix, help="the projects' virtual environment")
    options = parser.parse_args()
    options.verb(options)


if __name__ == "__main__":
    main()
