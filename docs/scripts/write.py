"""Write the parts of the documentation that come from the program: python docs/scripts/write.py [--reference]

With --reference it writes only docs/reference/, which takes a second: do so after you have changed a command, an
option, a setting or a code. Without, it also plays the tutorial, writes down what comes out, and draws the pictures.
"""

from __future__ import annotations

import sys
from pathlib import Path

import blocks
import pictures
import reference

ROOT = Path(__file__).parents[2]
PLAYED = ("docs/tutorial.md",)


def main(arguments: list[str]) -> None:
    """Write each file anew, and say which of them changed."""
    for name, text in reference.pages().items():
        save(ROOT / name, text)
    if arguments == ["--reference"]:
        return
    for name in PLAYED:
        path = ROOT / name
        page = path.read_text(encoding="utf-8")
        save(path, blocks.rewritten(page, blocks.played(page)))
    for name, text in pictures.pictures().items():
        save(ROOT / name, text)


def save(path: Path, text: str) -> None:
    """Write the text where the file does not have it already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
