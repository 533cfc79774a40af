"""The code of each module of a tree as digests; a text that has not changed since is not read again."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Mapping, Sequence
from typing import Any

from devtools.selection.affected import Memory
from devtools.syntax import code


def codes(root: str, hashes: Mapping[str, str], memory: Memory | None, docs: bool = False) -> dict[str, Sequence[Any]]:
    """Take the digests of every module. One that is not as it was hashed has none, nor has one that does not parse.

    `docs`: docstrings are code as well, since pytest runs the examples in them.
    """
    found: dict[str, Sequence[Any]] = {}
    collects = gc.isenabled()
    gc.disable()  # trees of syntax hold no circles, and there are many nodes
    try:
        for path, content in hashes.items():
            if memory and memory.hashes.get(path) == content and path in memory.codes:
                found[path] = memory.codes[path]
            elif path.endswith(".py") and (taken := _taken(os.path.join(root, path), content)):
                found[path] = taken._replace(bare=taken.whole) if docs else taken
    finally:
        if collects:
            gc.enable()
    return found


def _taken(path: str, content: str) -> code.Code | None:
    try:
        with open(path, "rb") as stream:
            source = stream.read()
    except OSError:
        return None
    if hashlib.sha256(source).hexdigest() != content.partition(" ")[0]:
        return None  # changed since: what it was hashed as is not what stands there
    return code.read(source)
