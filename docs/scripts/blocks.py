"""Run the code blocks of a page in a scratch repository, and hold its outputs against what really comes out.

A block with a title is a file: ```python title="shop/prices.py". A `bash` block is run, and a `text` block that follows
it is its output. In a `console` block each line that begins with $ is run, and the lines below it are its output.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

FENCE = re.compile(r'^```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$', re.M | re.S)
PROMPT = re.compile(r"^\$ (?P<command>(?:.*\\\n)*.*)\n", re.M)
# What no two machines have in common: a commit, a date, seconds, and the interpreter that init found.
CHANGING = ((re.compile(r"\b[0-9a-f]{9}\b"), "COMMIT"), (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "DATE"))
CHANGING += ((re.compile(r"\b\d+(\.\d+)? s\b"), "SECONDS"), (re.compile(r"^python: .*$", re.M), "PYTHON"))


@dataclass(frozen=True)
class File:
    """A file that a page asks its reader to write."""

    name: str
    text: str


@dataclass(frozen=True)
class Example:
    """A command of a page, and the output that the page claims, which stands from `start` to `end`.

    `output` and `code` are what came out when the page was played.
    """

    command: str
    claimed: str | None
    start: int = 0
    end: int = 0
    output: str = ""
    code: int = 0

    def holds(self) -> bool:
        """Whether the page tells the truth. A command without a claim has to succeed."""
        if self.claimed is None:
            return self.code == 0
        return settled(self.claimed) == settled(self.output)


def settled(text: str) -> str:
    """Return the text with a word in the place of what changes from run to run."""
    for pattern, word in CHANGING:
        text = pattern.sub(word, text)
    return text.rstrip()


def steps(page: str) -> Iterator[File | Example]:
    """Yield what a reader of the page does, in order: write a file, or run a command."""
    fences = list(FENCE.finditer(page))
    for at, block in enumerate(fences):
        start, end = block.span("body")
        if block["title"]:
            yield File(block["title"], block["body"])
        elif block["kind"] == "console":
            lines = list(PROMPT.finditer(page, start, end))
            for line, after in zip(lines, [*(each.start() for each in lines[1:]), end], strict=False):
                yield Example(line["command"], page[line.end() : after] or None, line.end(), after)
        elif block["kind"] == "bash":
            after = fences[at + 1] if at + 1 < len(fences) else None
            shown = after is not None and after["kind"] == "text" and not page[block.end() : after.start()].strip()
            span = after.span("body") if after and shown and not after["title"] else None
            yield Example(block["body"].strip(), page[slice(*span)] if span else None, *(span or (0, 0)))


def examples(page: str) -> list[Example]:
    """Return the commands of a page with the outputs that it claims."""
    return [step for step in steps(page) if isinstance(step, Example)]


class Scratch:
    """An empty folder with a home and an identity of its own, in which a page is played from start to end."""

    def __init__(self, folder: str) -> None:
        self.home = Path(folder).resolve()
        self.place = self.home / "work"
        self.place.mkdir()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTEST_", "CI"))}
        people = {f"GIT_{role}_NAME": "Ada" for role in ("AUTHOR", "COMMITTER")}
        people |= {f"GIT_{role}_EMAIL": "ada@example.invalid" for role in ("AUTHOR", "COMMITTER")}
        config = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        self.environment = {**kept, **people, **config, "HOME": str(self.home), "PATH": path}
        for name in ("VIRTUAL_ENV", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            self.environment.pop(name, None)

    def write(self, name: str, text: str) -> None:
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, command: str) -> tuple[str, int]:
        """Run a command as a shell would, and stay in the folder where it ends. Returns its output and exit code."""
        after = self.home / "place"
        script = f"trap 'pwd > {after}' EXIT\n{command}"
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(["bash", "-c", script], cwd=self.place, env=self.environment, text=True, **streams)
        self.place = Path(after.read_text().strip())
        return done.stdout.replace(sys.prefix, "~/.venv"), done.returncode


def played(page: str) -> list[Example]:
    """Run each command of a page, in order, in one scratch folder."""
    found = []
    with tempfile.TemporaryDirectory(prefix="devtools-docs-") as folder:
        scratch = Scratch(folder)
        for step in steps(page):
            if isinstance(step, File):
                scratch.write(step.name, step.text)
            else:
                output, code = scratch.run(step.command)
                found.append(replace(step, output=output, code=code))
    return found


def rewritten(page: str, done: Sequence[Example]) -> str:
    """Return the page with what really came out in the place of each claim that does not hold."""
    for each in reversed(done):
        if each.claimed is not None and not each.holds():
            page = f"{page[: each.start]}{each.output.rstrip()}\n{page[each.end :]}"
    return page


# Pages that are not played themselves: each of their outputs is one that a played page shows. The numbers of a training
# depend on the machine, and it takes long.
SLOW = "nn "


def outputs(pages: Sequence[str]) -> dict[str, list[str]]:
    """Return what the pages claim of each command, wherever they run it."""
    found: dict[str, list[str]] = {}
    for each in (example for page in pages for example in examples(page)):
        if each.claimed is not None:
            found.setdefault(one_line(each.command), []).append(each.claimed)
    return found


def one_line(command: str) -> str:
    """Return a command without the ends of its lines."""
    return re.sub(r"\s*\\\n\s*", " ", command)


def quoted(page: str, known: Mapping[str, Sequence[str]]) -> list[Example]:
    """Return the examples of a page that claim an output, each with the output of a played page that is most like it.

    A page may leave out the hint in the last line and what comes after its own last line.
    """
    found = []
    for each in examples(page):
        if each.claimed is not None and not each.command.startswith(SLOW):
            texts = [_cut(text, each.claimed) for text in known.get(one_line(each.command), ())]
            likeness = [difflib.SequenceMatcher(None, text, each.claimed).ratio() for text in texts]
            found.append(replace(each, output=texts[likeness.index(max(likeness))] if texts else ""))
    return found


def _cut(text: str, claimed: str) -> str:
    """Return as much of an output as a page shows of it."""
    lines = [line for line in text.splitlines() if not line.startswith("next: ") or "next: " in claimed]
    return "\n".join(lines[: len(claimed.splitlines())]) + "\n"
