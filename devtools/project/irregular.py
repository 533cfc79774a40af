"""What lies in the tree under the name of a text and is no file: who opens a pipe waits for ever."""

from __future__ import annotations

import os

from devtools.git.safe_process import git

READ = (".py", ".pyi", ".ipynb", ".md", ".toml", ".ini", ".cfg")  # names that linters and type checkers open


def irregular(root: str) -> list[str]:
    """Return the pipes, sockets and devices with such a name, by their paths; what git ignores is nobody's text."""
    # The folders are then read by hand, because git is silent on a pipe.
    listed = git(root, "ls-files", "-coz", "--exclude-standard", "--directory").out.split("\0")[:-1]
    folders = {"", *(os.path.dirname(path) for path in listed if not path.endswith("/"))}
    for path in listed:
        if path.endswith("/"):
            folders.update(os.path.relpath(place, root) for place, _, _ in os.walk(os.path.join(root, path)))
    return sorted({name for folder in folders for name in _in(root, folder)})


def _in(root: str, folder: str) -> list[str]:
    try:
        entries = list(os.scandir(os.path.join(root, folder)))
    except OSError:
        return []
    texts = [each for each in entries if each.name.endswith(READ) and not each.is_file() and not each.is_dir()]
    return [os.path.normpath(os.path.join(folder, each.name)) for each in texts if os.path.exists(each.path)]
