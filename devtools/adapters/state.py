"""Where a path's repository is, and where the work in it stands: read without a process, for the hooks."""

import os

from devtools.core import cycle, scan

CYCLE = "cycle.json"
SEEN = "seen"


def root_of(path: str) -> str:
    """The top folder of the working tree that holds `path`, which need not exist; empty outside of one."""
    folder = os.path.abspath(path)
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder


def repository_of(root: str) -> str:
    """The git folder that all worktrees of one repository share."""
    git = os.path.join(root, ".git")
    if os.path.isfile(git):
        git = os.path.join(root, text(git).removeprefix("gitdir:").strip())
        common = os.path.join(git, "commondir")
        if os.path.exists(common):
            git = os.path.join(git, text(common).strip())
    return os.path.realpath(git)


def cycle_file(root: str) -> str:
    return os.path.join(root, ".devtools", CYCLE)


def cycle_of(root: str) -> cycle.Cycle:
    """The open cycle of a working tree, or an idle one. ValueError where its file is malformed."""
    try:
        return cycle.read(scan.decode(text(cycle_file(root))))
    except (FileNotFoundError, NotADirectoryError):
        return cycle.Cycle()
    except ValueError as error:
        raise ValueError(f".devtools/{CYCLE}: {error}") from error


def seen(root: str) -> str:
    """What `see` kept last."""
    try:
        return text(os.path.join(root, ".devtools", SEEN))
    except OSError:
        return ""


def see(root: str, mark: str) -> None:
    """Keep the mark of a tree that was looked at: it only saves looking again."""
    with open(os.path.join(root, ".devtools", SEEN), "w", encoding="utf-8") as stream:
        stream.write(mark)


def mark_of(root: str, paths: "list[str]") -> str:
    """Size, times and inode of the files in one number: another one where any of them was written."""
    from binascii import crc32

    number = 0
    for path in sorted(paths):
        try:
            stat = os.lstat(os.path.join(root, path))
            said = f"{path} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino} {stat.st_mode}\n"
        except OSError:
            said = f"{path} gone\n"
        number = crc32(said.encode("utf-8", "surrogateescape"), number)
    return str(number)


def sources(root: str, endings: "frozenset[str]") -> "list[str]":
    """Paths from the root of all files with one of the endings; not in hidden folders and virtual environments."""
    found = []
    folders = [""]
    while folders:
        folder = folders.pop()
        with os.scandir(os.path.join(root, folder)) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if not _is_apart(entry.name, entry.path):
                        folders.append(path)
                elif os.path.splitext(entry.name)[1] in endings:
                    found.append(path)
    return found


def _is_apart(name: str, path: str) -> bool:
    known = name.startswith(".") or name in ("node_modules", "__pycache__")
    return known or os.path.exists(os.path.join(path, "pyvenv.cfg"))


def text(path: str) -> str:
    """A file's text, undecodable bytes as surrogates."""
    with open(path, encoding="utf-8", errors="surrogateescape") as stream:
        return stream.read()
