"""Write the parts of the documentation that come from the program: python docs/scripts/write.py [--reference]

With --reference it writes only docs/reference/, which takes a second: do so after you have changed a command, an
option, a setting or a code. Without, it also plays the tutorial and the scenes, writes down what comes out, corrects
the pages that quote it, and draws the pictures. That takes a minute.
"""

from __future__ import annotations

import sys
from pathlib import Path

import blocks
import pictures
import reference

ROOT = Path(__file__).parents[2]
PLAYED = ("docs/tutorial.md", "docs/scripts/scenes.md")


def main(arguments: list[str]) -> None:
    """Write each file again, and say which of them changed."""
    if arguments != ["--reference"]:
        for name in PLAYED:
            save(ROOT / name, blocks.rewritten(text_of(name), blocks.played(text_of(name))))
        known = blocks.outputs([text_of(name) for name in PLAYED])
        for name in quoting():
            save(ROOT / name, blocks.rewritten(text_of(name), blocks.quoted(text_of(name), known)))
        for name, text in pictures.pictures().items():
            save(ROOT / name, text)
    for name, text in reference.pages().items():
        save(ROOT / name, text)


def quoting() -> list[str]:
    """Return the pages that quote what a played page shows; the reference takes it from problems.toml."""
    found = [path.relative_to(ROOT) for path in (ROOT / "docs").rglob("*.md")]
    apart = {"benchmarks", "reference", "scripts"}
    pages = sorted(str(path) for path in found if not apart & set(path.parts) and str(path) not in PLAYED)
    return ["README.md", "CONTRIBUTING.md", "docs/scripts/problems.toml", *pages]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def save(path: Path, text: str) -> None:
    """Write the text where the file does not have it already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
