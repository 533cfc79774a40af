"""The pictures of the documentation as SVG: the proof, the cycle, and the session of the tutorial in a terminal."""

from __future__ import annotations

from html import escape
from pathlib import Path

import blocks

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
SANS, MONO = "ui-sans-serif, system-ui, sans-serif", "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"
INK, QUIET, PAPER, LINE = "#1c2530", "#5a6775", "#ffffff", "#cfd8e0"
OLD, NEW, GOOD, BAD = "#e4e9ee", "#d5efe9", "#0b6b5b", "#a3262a"


def pictures() -> dict[str, str]:
    """Return each picture by its path below the root."""
    made = {"proof": proof(), "cycle": cycle(), "session": session()}
    return {f"docs/images/{name}.svg": text for name, text in made.items()}


def drawing(width: int, height: int, title: str, parts: list[str], ground: str = PAPER) -> str:
    """Return a whole SVG document with a title for those who cannot see it."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    paper = f'<rect width="{width}" height="{height}" rx="10" fill="{ground}"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", paper, *parts, "</svg>"]) + "\n"


def words(x: float, y: float, text: str, size: int = 15, fill: str = INK, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" font-family="{SANS}" font-size="{size}" fill="{fill}"{more}>{escape(text)}</text>'


def box(x: int, y: int, width: int, text: str, fill: str) -> str:
    shape = f'<rect x="{x}" y="{y}" width="{width}" height="40" rx="6" fill="{fill}" stroke="{LINE}"/>'
    return shape + words(x + width / 2, y + 25, text, more=' text-anchor="middle"')


# What lies over what in each run of the proof, and what must come out.
RUNS = (
    ("1. Does the test notice that the code is missing?", "your tests", NEW, "the old code", OLD),
    ("2. Does it pass with your code?", "your tests", NEW, "your code", NEW),
    ("3. Do the old tests still mean the same?", "the old tests", OLD, "your code", NEW),
)
OUTCOMES = (
    (BAD, "One of them must fail: by an assertion,", "or because a name does not exist yet."),
    (GOOD, "All of them must pass, run every new line,", "and notice when a new function is emptied."),
    (GOOD, "All of them must pass. One that fails", "was made to expect something else."),
)


def proof() -> str:
    """Draw the runs of the proof: which tests lie over which code."""
    parts = []
    for at, ((question, tests, above, code, below), (colour, one, two)) in enumerate(zip(RUNS, OUTCOMES, strict=True)):
        top = 24 + at * 142
        parts.append(words(24, top + 16, question, 16, more=' font-weight="600"'))
        parts += [box(24, top + 30, 190, tests, above), box(24, top + 72, 190, code, below)]
        parts.append(f'<path d="M226 {top + 71} h44 m-9 -7 l9 7 l-9 7" fill="none" stroke="{QUIET}" stroke-width="2"/>')
        parts += [words(288, top + 65, one, fill=colour), words(288, top + 87, two, fill=colour)]
    return drawing(640, 442, "How a proof works: new tests over old code, and old tests over new code", parts)


STEPS = (
    ("red", "#f7dcdc", "write a test that fails", "production code is locked", "devtools tdd red"),
    ("green", "#d5efe9", "write code until it passes", "witnessed tests are locked", "devtools tdd green"),
    ("refactor", "#dce6f7", "clean up", "the tests stay as they are", "devtools tdd done"),
)


def cycle() -> str:
    """Draw the phases of the guided cycle, what you do in each, and the command that leads on."""
    parts = [words(24, 38, "devtools tdd start BEHAVIOUR", 14, QUIET, f' style="font-family: {MONO}"')]
    for at, (name, fill, task, lock, command) in enumerate(STEPS):
        left = 24 + at * 268
        parts.append(f'<rect x="{left}" y="56" width="228" height="104" rx="8" fill="{fill}" stroke="{LINE}"/>')
        parts.append(words(left + 16, 84, f"phase {name}", 17, more=' font-weight="600"'))
        parts += [words(left + 16, 112, task, 14), words(left + 16, 136, lock, 14, QUIET)]
        parts.append(words(left, 188, command, 14, QUIET, f' style="font-family: {MONO}"'))
        if at:
            parts.append(f'<path d="M{left - 34} 108 h26 m-8 -6 l8 6 l-8 6" fill="none" stroke="{QUIET}"/>')
    return drawing(812, 210, "The phases of the guided cycle: red, green, refactor", parts)


# The part of the tutorial that the picture shows: from this command on, and so many commands.
FIRST, SHOWN = "devtools hygiene", 8
GROUND, TEXT, PROMPT = "#10181f", "#d7e0e8", "#8fa3b3"
COLOURS = {"green": "#5fd0a8", "red": "#ff8f8f", "refused": "#ff8f8f", "proved": "#5fd0a8"}


def session() -> str:
    """Draw the session that the tutorial shows: a test plays that page and compares each line of it."""
    lines = session_lines(TUTORIAL.read_text(encoding="utf-8"))
    parts = [f'<circle cx="{22 + 20 * at}" cy="20" r="6" fill="#33424f"/>' for at in range(3)]
    style = f'font-family="{MONO}" font-size="13" xml:space="preserve"'
    for at, (kind, text) in enumerate(lines):
        y = 58 + 20 * at
        if kind == "edit":
            shown = f'<tspan fill="{PROMPT}" font-style="italic">(you write {escape(text)})</tspan>'
        elif kind == "command":
            shown = f'<tspan fill="{PROMPT}">$</tspan> <tspan font-weight="600" fill="#ffffff">{escape(text)}</tspan>'
        else:
            shown = coloured(text)
        parts.append(f'<text x="20" y="{y}" fill="{TEXT}" {style}>{shown}</text>')
    return drawing(820, 58 + 20 * len(lines), "A session: a cycle, a refusal and a proved commit", parts, GROUND)


def session_lines(page: str) -> list[tuple[str, str]]:
    """Return the commands, edits and outputs that the page shows, each line with its kind."""
    lines: list[tuple[str, str]] = []
    started = 0
    for block in blocks.FENCE.finditer(page):
        if block["kind"] == "bash" and (started or block["body"].startswith(FIRST)):
            started += 1
            if started > SHOWN:
                break
            lines += [("output" if at else "command", line) for at, line in enumerate(block["body"].splitlines())]
        elif block["title"] and started:
            lines.append(("edit", block["title"]))
        elif block["kind"] == "text" and started:
            lines += [("output", line) for line in block["body"].splitlines() if not line.startswith("next: ")]
    return lines


def coloured(line: str) -> str:
    """Return a line in which the words of a verdict have their colour."""
    first, colon, rest = line.partition(":")
    if colon and set(first.split()) & set(COLOURS):
        word = next(each for each in first.split() if each in COLOURS)
        verdict = COLOURS["refused"] if "refused" in first else COLOURS[word]
        return f'<tspan fill="{verdict}">{escape(first)}</tspan>{escape(colon + rest)}'
    return escape(line).replace("proved", f'<tspan fill="{COLOURS["proved"]}">proved</tspan>')
