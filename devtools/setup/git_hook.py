"""The git hook that judges a commit which did not come by `devtools commit`, chained with what is there.

A shell script gains a block at its top. A program in another language is moved aside, and our script calls it.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from devtools.git.hook_folder import HookFolder

NAME = "commit-msg"
ASIDE = f"{NAME}.before-devtools"
BEGIN = "# >>> devtools: `devtools uninstall` takes these lines out"
END = "# <<< devtools"
SHEBANG = "#!/bin/sh\n"
_SHELL = re.compile(rb"#!.*\b(?:ba|da|k|z)?sh\b")
_BLOCK = re.compile(rf"{re.escape(BEGIN)}\n(?:.*\n)*?{re.escape(END)}\n")


class HookFile(NamedTuple):
    """Where the hook is to stand: a folder that is trusted and a name below it, or words why it cannot be put there."""

    base: str
    name: str
    refusal: str = ""


def place(root: str, common: str, folder: HookFolder) -> HookFile:
    """Return where the hook of this working tree belongs; husky keeps a person's own hooks beside its folder."""
    inside = os.path.relpath(folder.path, root)
    if not folder.scope:
        return HookFile(common, f"hooks/{NAME}")
    # husky's core.hooksPath leads to a folder that it makes itself, and a person's hooks stand beside that.
    if inside in (".husky", os.path.join(".husky", "_")):
        return HookFile(root, f".husky/{NAME}")
    if folder.scope in ("local", "worktree") and not inside.startswith(".."):
        return HookFile(root, os.path.join(inside, NAME))
    words = f'core.hooksPath leads to {folder.path}: have {NAME} there run `devtools git-hook {NAME} "$1"`'
    return HookFile("", "", words)


def block(program: str) -> str:
    """Return the lines that judge the commit; where devtools is not there they do nothing."""
    names = "devtools" if program == "devtools" else f"{program} devtools"
    call = f'if command -v $d >/dev/null; then $d git-hook {NAME} "$1" || exit 1; break; fi'
    return f"{BEGIN}\nfor d in {names}; do {call}; done\n{END}\n"


def is_shell(before: bytes) -> bool:
    """Return whether a hook is a shell script: by its first line, or, as husky has them, without one."""
    return bool(_SHELL.match(before)) if before.startswith(b"#!") else b"\0" not in before


def merged(before: bytes, program: str) -> bytes:
    """Return a shell script with our block at its top, once, whatever stands there of an older one."""
    text = without(before).decode("utf-8", "surrogateescape")
    first, rest = text.split("\n", 1) if text.startswith("#!") and "\n" in text else ("", text)
    # At the top, since such scripts often end in exec and nothing below that would run.
    head = f"{first}\n" if first else "" if rest else SHEBANG
    return (head + block(program) + rest).encode("utf-8", "surrogateescape")


def calling(program: str) -> bytes:
    """Return our script that goes on with the hook which was moved aside."""
    script = SHEBANG + block(program) + f'exec "$(dirname "$0")/{ASIDE}" "$@"\n'
    return script.encode()


def without(text: bytes) -> bytes:
    """Return a script without our block."""
    return _BLOCK.sub("", text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def is_empty(text: bytes) -> bool:
    """Return whether nothing is left of a script of ours but its first line."""
    return text.strip() in (b"", SHEBANG.strip().encode())


def has_block(text: bytes, program: str) -> bool:
    """Return whether a script has our block as this program would write it."""
    return block(program).encode() in text
