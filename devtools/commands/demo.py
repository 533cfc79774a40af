"""devtools demo: a whole cycle, red to LEARNINGS.md, on a scratch repository."""

from __future__ import annotations

import time
from collections.abc import Iterator

import click

from devtools.budget import Block
from devtools.commands.options import shared
from devtools.demo import story as demo
from devtools.demo.scratch_repository import Playground, playground
from devtools.demo.story import Outcome, Scene
from devtools.findings import Problem
from devtools.report import Report, progress


@click.command("demo")
@click.option("--keep", is_flag=True, help="Keep the scratch repository and print its path.")
@shared
def command(keep: bool) -> Report:
    """Play a whole TDD cycle, from a failing test to LEARNINGS.md, on a scratch repository.

    It runs the real commands and needs no setup. It stops with exit code 1 at the first step that misbehaves.
    """
    with playground("shop", keep) as there:
        seen = list(_told(there))
        kept = there.root if keep else ""
    progress("")
    last = len(seen)
    problems = [] if seen[-1].ok else [Problem("unexpected", demo.unexpected(last, seen[-1]))]
    spent = sum(each.seconds for each in seen)
    scenes = [demo.scene(number, each) for number, each in enumerate(seen, 1)]
    verdict = problems[0].message if problems else f"{last} steps as they should be, in {spent:.1f} s"
    end = [Block(text, pinned=True) for text in (verdict, f"kept: {kept}" if kept else "") if text]
    data = {"steps": [each.to_json() for each in seen], "seconds": round(spent, 3), "kept": kept}
    return Report("demo", not problems, [*scenes, *end], problems, data, more="devtools demo --budget 9999")


def _told(there: Playground) -> Iterator[Outcome]:
    """The steps one after the other, up to the first that does not hold."""
    for write in demo.PROJECT:
        there.write(write.path, write.text)
    there.git("add", ".")
    there.git("commit", "--quiet", "-m", "chore: a shop")
    for number, step in enumerate(demo.STORY, 1):
        progress(f"{number}/{len(demo.STORY)} {step.title} …")
        seen = _played(there, step)
        yield seen
        if not seen.ok:
            return


def _played(there: Playground, step: Scene) -> Outcome:
    for write in step.writes:
        there.write(write.path, write.text, write.more)
    began = time.monotonic()
    done = there.run(step.argv, demo.event(there.root, step.edit) if step.edit else None)
    return Outcome(step, done.code, (done.out + done.err).strip(), time.monotonic() - began)
