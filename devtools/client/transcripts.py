"""Claude Code's transcripts of a project, read line by line: gigabytes in constant memory, broken lines counted."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

LONGEST = 32 << 20  # bytes of a line that is read; a longer one counts as broken
# A line without any of these tells of no tokens, no tool and no slash command.
SIGNS = (b'"usage"', b'"tool_use"', b'"tool_result"', b'"role":"user"', b'"role": "user"')


class Reader:
    """Goes through the files; `lines`, `broken` and `size` say afterwards what it came by."""

    def __init__(self, paths: list[str]) -> None:
        self.paths = paths
        self.lines = self.broken = self.size = 0

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield each entry that tells of tokens, a tool or a prompt, in the order of the files."""
        for path in self.paths:
            try:
                with open(path, "rb") as stream:
                    yield from self._of_file(stream)
            except OSError:
                self.broken += 1

    def _of_file(self, stream: Any) -> Iterator[dict[str, Any]]:
        while line := stream.readline(LONGEST):
            self.lines += 1
            self.size += len(line)
            if len(line) == LONGEST and not line.endswith(b"\n"):
                self.broken += 1
                self._skip(stream)
            elif any(sign in line for sign in SIGNS):
                entry = _decoded(line)
                if entry is None:
                    self.broken += 1
                else:
                    yield entry

    def _skip(self, stream: Any) -> None:
        """Read to the end of a line that is too long."""
        while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
            self.size += len(rest)


def _decoded(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("message"), dict) else {}


def files(root: str) -> list[str]:
    """Return the transcripts of sessions in the project's folder and those below it, the oldest first."""
    home = os.environ.get("CLAUDE_CONFIG_DIR") or os.path.join(os.path.expanduser("~"), ".claude")
    base = os.path.join(home, "projects")
    slug = slug_of(root)
    try:
        names = sorted(name for name in os.listdir(base) if name == slug or name.startswith(f"{slug}-"))
    except OSError:
        return []
    found = []
    for name in names:
        for folder, _, inside in os.walk(os.path.join(base, name)):
            found += [os.path.join(folder, each) for each in inside if each.endswith(".jsonl")]
    # The client writes `a-b` and `a/b` as one name, so that a folder may hold sessions of another project.
    own = [path for path in found if _is_of(path, root)]
    return sorted(own, key=lambda path: (os.path.getmtime(path), path))


def slug_of(folder: str) -> str:
    """Return the client's name for a folder: every sign but letters and digits is a dash."""
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in folder)


def _is_of(path: str, root: str) -> bool:
    """Whether a session worked in the project: `a-b` and `a/b` have one name. One that names no folder is taken."""
    try:
        with open(path, "rb") as stream:
            lines = [stream.readline(LONGEST) for _ in range(5)]
    except OSError:
        return False
    folders = [str((_entry(line) or {}).get("cwd") or "") for line in lines if b'"cwd"' in line]
    named = [folder for folder in folders if folder]
    return not named or any(folder == root or folder.startswith(f"{root}{os.sep}") for folder in named)


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
