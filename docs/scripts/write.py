"""Write the parts of the documentation that come from the program: python docs/scripts/write.py"""

from __future__ import annotations

from pathlib import Path

import blocks

ROOT = Path(__file__).parents[2]
PLAYED = ("docs/tutorial.md",)


def main() -> None:
    """Write each file anew, and say which of them changed."""
    for name in PLAYED:
        path = ROOT / name
        page = path.read_text(encoding="utf-8")
        save(path, blocks.rewritten(page, blocks.played(page)))


def save(path: Path, text: str) -> None:
    """Write the text where the file does not have it already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
