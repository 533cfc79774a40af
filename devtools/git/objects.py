"""Git's objects: trees compared, blobs read and written, trees made, all through git's own processes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from devtools.git import safe_process
from devtools.system import temporary

# Paths are quoted as we read them; a file beyond two megabytes is as a binary: one hunk, whose lines are counted apart.
OPTIONS = ["-c", "core.quotePath=true", "-c", "core.bigFileThreshold=2m", "-c", "diff.renameLimit=2000"]


def git(root: str, *arguments: str, feed: str | None = None, env: Mapping[str, str] | None = None) -> str:
    """Return git's output, with our settings for diffs. ToolError with git's own words where it fails."""
    return safe_process.ask(root, *OPTIONS, *arguments, feed=feed, env=env)


def generated(root: str, tree: str, paths: Iterable[str]) -> set[str]:
    """Return those of the paths that .gitattributes, as it stands in the tree, marks linguist-generated."""
    named = ["grep", "-q", "-e", "linguist-generated", tree, "--", ".gitattributes", "*/.gitattributes"]
    if safe_process.git(root, *named).code:
        return set()
    with temporary.folder() as folder:
        env = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
        git(root, "read-tree", tree, env=env)
        asked = ["check-attr", "--cached", "-z", "--stdin", "linguist-generated"]
        fields = git(root, *asked, feed="".join(f"{path}\0" for path in paths), env=env).split("\0")[:-1]
    return {path for path, value in zip(fields[::3], fields[2::3], strict=True) if value in ("set", "true")}


def blobs(root: str, ids: Iterable[str]) -> dict[str, str]:
    """Return the texts of these blobs by id, bytes beyond UTF-8 as surrogates."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    raw = git(root, "cat-file", "--batch", feed="".join(f"{name}\n" for name in wanted))
    data = raw.encode("utf-8", "surrogateescape")
    found = {}
    at = 0
    for name in wanted:
        end = data.index(b"\n", at)
        size = int(data[at:end].split()[2])
        found[name] = data[end + 1 : end + 1 + size].decode("utf-8", "surrogateescape")
        at = end + 1 + size + 1
    return found


def write_blobs(root: str, texts: Sequence[str]) -> list[str]:
    """Store each text as a blob, byte for byte; returns their ids."""
    if not texts:
        return []
    with temporary.folder() as folder:
        names = []
        for number, text in enumerate(texts):
            names.append(os.path.join(folder, str(number)))
            with open(names[-1], "wb") as stream:
                stream.write(text.encode("utf-8", "surrogateescape"))
        listing = "".join(f"{name}\n" for name in names)
        return git(root, "hash-object", "-w", "--no-filters", "--stdin-paths", feed=listing).split()
