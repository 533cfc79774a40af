"""Run the code blocks of a page in a scratch repository, and hold its outputs against what really comes out.

A block with a title is a file: ```python title="shop/prices.py". A `bash` block is run, and a `text` block that follows
it is its output. In a `console` block each line that begins with $ is run, and the lines below it are its output.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r'^```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$', re.M | re.S)
# What no two machines have in common: a commit, a date, seconds, and the interpreter that init found.
CHANGING = ((re.compile(r"\b[0-9a-f]{9}\b"), "COMMIT"), (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "DATE"))
CHANGING += ((re.compile(r"\b\d+(\.\d+)? s\b"), "SECONDS"), (re.compile(r"^python: .*$", re.M), "PYTHON"))


@dataclass(frozen=True)
class Example:
    """A command of a page, the output that the page claims, and what came out. `start`, `end`: the claim's place."""

    command: str
    claimed: str | None
    output: str
    code: int
    start: int = 0
    end: int = 0

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
    """Run each block of a page's text, in order, in one scratch folder."""
    blocks = list(FENCE.finditer(page))
    found: list[Example] = []
    with tempfile.TemporaryDirectory(prefix="devtools-docs-") as folder:
        scratch = Scratch(folder)
        for at, block in enumerate(blocks):
            after = blocks[at + 1] if at + 1 < len(blocks) else None
            if block["title"]:
                scratch.write(block["title"], block["body"])
            elif block["kind"] == "bash":
                output, code = scratch.run(block["body"])
                shown = after is not None and after["kind"] == "text" and not page[block.end() : after.start()].strip()
                span = after.span("body") if after and shown else (0, 0)
                found.append(Example(block["body"].strip(), page[slice(*span)] if shown else None, output, code, *span))
            elif block["kind"] == "console":
                for command, start, end in prompts(page, *block.span("body")):
                    found.append(Example(command, page[start:end], *scratch.run(command), start, end))
    return found


def prompts(page: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield each command of a `console` block, and where the output below it starts and ends in the page."""
    lines = [*re.finditer(r"^\$ (.*)\n", page[start:end], re.M)]
    for at, line in enumerate(lines):
        below = lines[at + 1].start() if at + 1 < len(lines) else end - start
        yield line[1], start + line.end(), start + below


def rewritten(page: str, examples: list[Example]) -> str:
    """Return the page with what really came out in the place of each claim that does not hold."""
    for each in reversed(examples):
        if each.claimed is not None and not each.holds():
            page = f"{page[: each.start]}{each.output.rstrip()}\n{page[each.end :]}"
    return page
