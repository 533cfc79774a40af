"""Which lines ran, in any language, from an LCOV file: a line `DA:NUMBER,HITS` after the `SF:` of its source file."""

from __future__ import annotations

import os

from devtools.errors import ToolError

LARGEST = 256 << 20  # bytes


def read(data: bytes, root: str) -> dict[str, dict[int, int]]:
    """Return the hits by line of each file below `root`, named from there. What is malformed is passed over."""
    if len(data) > LARGEST:
        raise ToolError(f"the LCOV file has {len(data)} bytes", f"at most {LARGEST} are read")
    found: dict[str, dict[int, int]] = {}
    lines: dict[int, int] | None = None
    for line in data.decode("utf-8", "surrogateescape").splitlines():
        key, _, value = line.partition(":")
        if key == "SF":
            path = os.path.relpath(os.path.join(root, value), root)
            lines = None if path.startswith("../") else found.setdefault(path, {})
        elif key == "end_of_record":
            lines = None
        elif key == "DA" and lines is not None:
            number, _, rest = value.partition(",")
            hits = rest.partition(",")[0]
            if number.isdigit() and hits.isdigit():
                # A file may have several records.
                lines[int(number)] = lines.get(int(number), 0) + int(hits)
    return found
