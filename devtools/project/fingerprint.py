"""A fingerprint of all that can change the outcome of the checks: the same fingerprint, the same outcome."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

# Made by tools out of the other files, and different after each run.
CACHES = frozenset(
    (
        *(".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
        *(".tox", ".nox", ".benchmarks", ".coverage", ".testmondata", ".testmondata-shm", ".testmondata-wal"),
    )
)
# Differ between two terminals of one person; nearly no test reads them.
VOLATILE = frozenset(
    (
        # A test that does read COLUMNS or TERM has its say elsewhere: tree_key adds the variables that tests were seen
        # to read.
        *("_", "COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL", "TERM", "TERM_PROGRAM", "TERM_SESSION_ID", "TMUX"),
        *("TMUX_PANE", "WINDOWID", "SSH_AUTH_SOCK", "SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "COLORTERM"),
        *("CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SSE_PORT", "VSCODE_IPC_HOOK_CLI", "XDG_SESSION_ID"),
    )
)
# A file changed this shortly before it was read may change again within one tick of the file system's clock.
RACY_NS = 2_000_000_000

Stats = dict[str, Any]


def environment(values: Mapping[str, str]) -> str:
    """Return all variables but those known to be volatile: a test may read any of them."""
    # A wrong green is the worst bug that this project can have, so every variable counts that is not known to be
    # harmless.
    kept = sorted((name, value) for name, value in values.items() if name not in VOLATILE)
    return hashlib.sha256(repr(kept).encode("utf-8", "surrogateescape")).hexdigest()


def installed(python: str) -> str:
    """Return the interpreter and what is installed beside it: names and times of all entries of its site-packages."""
    prefix = os.path.dirname(os.path.dirname(os.path.abspath(python)))
    digest = hashlib.sha256(f"{os.path.realpath(python)} {sys.version}".encode())
    library = os.path.join(prefix, "lib")
    for version in sorted(os.listdir(library)) if os.path.isdir(library) else ():
        packages = os.path.join(library, version, "site-packages")
        if os.path.isdir(packages):
            entries = sorted(os.scandir(packages), key=lambda entry: entry.name)
            for entry in entries:
                if entry.name != "__pycache__":
                    digest.update(f"{entry.name} {entry.stat().st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def files(root: str, known: Stats | None = None) -> tuple[dict[str, str], Stats]:
    """Return content hashes of all files under `root`, tracked, untracked and ignored, submodules included.

    `known` are the stats that an earlier call returned: a file whose size, times and inode are the same, and that was
    not changed within two seconds before it was hashed, is not read again. Unreadable files count by their stat.
    """
    before: Stats = known or {}
    hashes: dict[str, str] = {}
    stats: Stats = {}
    base = len(os.path.join(root, ""))
    for path in _walk(root):
        name = path[base:]
        try:
            stat = os.stat(path)
            key = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_mode]
        except OSError:
            hashes[name] = f"dangling {os.readlink(path)}" if os.path.islink(path) else "gone"
            continue
        # An edit within one tick of the clock, with its time put back, has the same stat and other bytes.
        old = before.get(name)
        if old and _is_stat(old) and old[0] == key and old[1] - max(stat.st_mtime_ns, stat.st_ctime_ns) > RACY_NS:
            stats[name], hashes[name] = old, f"{old[2]} {stat.st_mode}"
            continue
        now = time.time_ns()
        content = _hash(path, key)
        stats[name], hashes[name] = [key, now, content], f"{content} {stat.st_mode}"
    return hashes, stats


def digest(hashes: Mapping[str, str], *more: str) -> str:
    """Return one key out of file hashes and whatever else the outcome depends on."""
    total = hashlib.sha256()
    for name in sorted(hashes):
        total.update(f"{name}\0{hashes[name]}\0".encode("utf-8", "surrogateescape"))
    total.update("\0".join(more).encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def _is_stat(old: Any) -> bool:
    """Whether a stored stat has the shape of one: its key, when it was taken, and the content's hash."""
    return isinstance(old, list) and [type(part) for part in old] == [list, int, str]


def _hash(path: str, key: list[int]) -> str:
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return f"unreadable {key}"


def _walk(root: str) -> Iterator[str]:
    """Paths of files and links; caches, virtual environments and node_modules are the installed part, not the tree."""
    folders = [root]
    while folders:
        try:
            entries = list(os.scandir(folders.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.name in CACHES:
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "node_modules" and not os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
                    folders.append(entry.path)
            elif not entry.is_file() and not entry.is_symlink():
                continue
            else:
                yield entry.path
