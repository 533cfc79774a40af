"""Where git looks for its hooks, which the settings of a repository, a person or a machine may say."""

from __future__ import annotations

import os
from typing import NamedTuple

from devtools.system import state
from devtools.system.process import run


class HookFolder(NamedTuple):
    """The folder of git's hooks. `scope` is where core.hooksPath is set, empty where it is not."""

    path: str
    scope: str


def find(root: str) -> HookFolder:
    """Return the folder from which git would run the hooks of this working tree."""
    # The scope matters to init: it chains its hook only where the folder is the repository's own.
    done = run(["git", "config", "--show-scope", "--type=path", "--get", "core.hooksPath"], root)
    scope, _, path = done.out.rstrip("\n").partition("\t")
    if done.code or not path:
        return HookFolder(os.path.join(state.repository_of(root), "hooks"), "")
    return HookFolder(os.path.normpath(os.path.join(root, path)), scope)
