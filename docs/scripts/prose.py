"""Count what makes a page easy or hard to read: python docs/scripts/prose.py [PAGE...]

Without a page it counts README.md, CONTRIBUTING.md and all of docs/ but the measurements in docs/benchmarks/.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^(?P=fence)\s*$", re.M | re.S)
INDENTED = re.compile(r"(?:(?<=\n\n)|\A)(?: {4}[^\n]*\n(?:\n(?= {4}))?)+")
SIGNS = {
    "you": re.compile(r"\byou\b", re.I),
    "numbers": re.compile(r"(?<![\w.])\d[\d.,]*(?![\w])"),
    "semicolons": re.compile(r";"),
}
# The range of the models in each figure per 1,000 words: structlog, nox, sqlite-utils and hatch.
MODELS = {"you": (16.0, 33.0), "examples": (9.0, 25.0), "numbers": (4.0, 17.0), "semicolons": (0.2, 1.4)}
# A sentence of more words has to be read twice.
LONGEST = 25


def pages() -> list[Path]:
    """Return the pages that a person reads from start to end."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in found if page.exists() and not {"benchmarks", "scripts"} & set(page.parts)]


def figures(texts: list[str]) -> dict[str, float]:
    """Return the number of words, and the rest per 1,000 words. Code counts as an example, not as words."""
    words, counts = 0, dict.fromkeys(MODELS, 0)
    for text in texts:
        prose, fenced = FENCE.subn("", text)
        prose, indented = INDENTED.subn("", prose)
        counts["examples"] += fenced + indented
        prose = re.sub(r"^\s*\d+\. ", "", prose, flags=re.M)
        prose = re.sub(r"\]\([^)]*\)|<!--.*?-->|<[^>]*>|&\w+;", " ", prose, flags=re.S)
        words += len(re.findall(r"[A-Za-z][A-Za-z'-]*", prose))
        for sign, pattern in SIGNS.items():
            counts[sign] += len(pattern.findall(prose))
    return {"words": words, **{sign: 1000 * count / max(1, words) for sign, count in counts.items()}}


def long_sentences(text: str) -> list[str]:
    """Return the sentences of more than 25 words; a cell of a table, an item and a heading end one as well."""
    prose = INDENTED.sub("", FENCE.sub("\n\n", text))
    prose = re.sub(r"<!--.*?-->|\]\([^)]*\)", " ", prose, flags=re.S)
    prose = re.sub(r"`[^`]*`", "code", prose)
    pieces = re.split(r"(?<=[.?!:])\**\s|\n\n|\||\n\s*(?:[-*]|\d+\.) ", prose)
    return [" ".join(piece.split()) for piece in pieces if len(piece.split()) > LONGEST]


def main(arguments: list[str]) -> None:
    """Print the figures of each page, then those of all pages together."""
    chosen = [Path(name) for name in arguments] or pages()
    texts = [page.read_text(encoding="utf-8") for page in chosen]
    rows = [(str(page.resolve().relative_to(ROOT)), figures([text])) for page, text in zip(chosen, texts, strict=True)]
    for name, row in [*rows, ("together", figures(texts))]:
        print(f"{name:36}", *(f"{sign} {value:6.1f}" for sign, value in row.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
