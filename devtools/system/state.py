"""Where a path's repository is, and where the work in it stands: read without a process, for the hooks."""

import os

from devtools.system import fast_json as scan
from devtools.system import sealed

FOLDER = "devtools"
CYCLE = "cycle.json"
SEEN = "seen"
BEGUN = "begun"
# The ref that an open cycle names its first tree by.
ANCHOR = "refs/worktree/devtools/start"
SETTINGS = ("pyproject.toml", "devtools.toml")
# A text that is read on the way, ours or the project's, has no more bytes.
MOST = 4 * 1024 * 1024
INDEX = 512 * 1024 * 1024


def root_of(path: str) -> str:
    """Return the top folder of the working tree that holds `path`, which need not exist; empty outside of one."""
    here = os.path.abspath(path)
    while not os.path.lexists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return ""
        here = above
    return here


def repository_of(root: str) -> str:
    """Return the git folder that all worktrees of one repository share."""
    git = git_folder(root)
    common = os.path.join(git, "commondir")
    return os.path.realpath(os.path.join(git, text(common).strip()) if os.path.isfile(common) else git)


def git_folder(root: str) -> str:
    """Return the git folder of this working tree alone; the one that git is told where there is none in it."""
    git = os.path.join(root, ".git")
    if os.path.isfile(git):
        return os.path.join(root, text(git).removeprefix("gitdir:").strip())
    return git if os.path.lexists(git) else os.path.abspath(os.environ.get("GIT_DIR") or git)


def is_tracked(root: str, path: str) -> bool:
    """Return whether the index surely holds the file, read without a process; no where that cannot be said.

    An entry's name follows on two bytes, of which twelve bits are its length and the others are 0 for a plain entry. An
    index of version 4 compresses names.
    """
    try:
        index = sealed.contents(os.path.join(git_folder(root), "index"), INDEX)
    except OSError:
        return False
    name = os.fsencode(path)
    known = index[:4] == b"DIRC" and index[4:8] in (b"\0\0\0\2", b"\0\0\0\3") and len(name) < 0xFFF
    return known and len(name).to_bytes(2, "big") + name + b"\0" in index


def may_be_ignored(root: str, path: str) -> bool:
    """Return whether a pattern of git's could leave the file out: no only where each one surely fits another name."""
    # Read by hand, because asking git made a refused edit in phase red cost 3.12 bare interpreters, where the aim is
    # 2.
    home = os.path.expanduser("~")
    settings = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    shared = repository_of(root)
    configs = [os.path.join(shared, "config"), os.path.join(settings, "git", "config"), "/etc/gitconfig"]
    said = "".join(text_or_none(each) for each in [*configs, os.path.join(home, ".gitconfig")]).casefold()
    if "excludesfile" in said or "[include" in said or "GIT_CONFIG_COUNT" in os.environ:
        return True
    folders = path.split("/")[:-1]
    places = [os.path.join(root, *folders[:depth], ".gitignore") for depth in range(len(folders) + 1)]
    places += [os.path.join(shared, "info", "exclude"), os.path.join(settings, "git", "ignore")]
    lines = [line.strip() for place in places for line in text_or_none(place).splitlines()]
    parts = path.casefold().split("/")
    return any(_may_fit(line.casefold(), parts) for line in lines if line and line[0] not in "#!")


def _may_fit(pattern: str, parts: "list[str]") -> bool:
    name = pattern.rstrip("/").rpartition("/")[2]
    if set(pattern) & set("?[\\") or "*" in pattern[1:] or not name.strip("*"):
        return True
    return any(part.endswith(name[1:]) if name[0] == "*" else part == name for part in parts)


def text_or_none(path: str) -> str:
    """Return a file's text; empty where there is none."""
    try:
        return text(path)
    except OSError:
        return ""


def folder(root: str) -> str:
    """Return the folder that keeps what devtools knows of a working tree, in its own git folder.

    So nothing that a clone or a checkout brings is state of ours, and neither git clean nor git stash takes any away.
    """
    # In the working tree a clone could ship a cycle and marks of its own, and git clean or git stash --all swept ours
    # away.
    return os.path.join(git_folder(root), FOLDER)


def base_of(root: str) -> str:
    """Return the git folder that may hold state of ours. FileNotFoundError where it is none of git's."""
    git = git_folder(root) if root else ""
    if not is_git_folder(git):
        raise FileNotFoundError(2, "no git directory", git)
    return git


def is_git_folder(path: str) -> bool:
    """Return whether a folder looks like git's own, that of a linked working tree included."""
    there = [os.path.lexists(os.path.join(path, name)) for name in ("HEAD", "objects", "commondir")]
    return bool(path) and there[0] and any(there[1:])


def cycle_file(root: str) -> str:
    return os.path.join(folder(root), CYCLE)


def stored(root: str, name: str) -> object:
    """Return what a JSON file among the state holds. OSError where there is none, ValueError where it is malformed."""
    return scan.decode(_decoded(sealed.read(base_of(root), f"{FOLDER}/{name}", MOST)))


def begin_here(root: str) -> None:
    """Note in which git directory of this machine the cycle was begun or went on."""
    _note(root, BEGUN, _number(git_folder(root)))


def is_begun_here(root: str) -> bool:
    """Return whether the cycle was begun in this very git directory, so that it came with no copy and no archive."""
    return _noted(root, BEGUN) == _number(git_folder(root)) != ""


def _number(path: str) -> str:
    """What the file system calls a folder: nobody can foretell it for another machine."""
    try:
        stat = os.lstat(path)
    except OSError:
        return ""
    # An archive may bring a whole .git with a cycle in it, but there its folder has another number.
    return f"{stat.st_ino} {stat.st_uid}"


def seen(root: str) -> str:
    """Return what `see` kept last."""
    return _noted(root, SEEN)


def see(root: str, mark: str) -> None:
    """Keep the mark of a tree that was looked at: it only saves looking again."""
    _note(root, SEEN, mark)


def _noted(root: str, name: str) -> str:
    """A small text among the state; empty where there is none, or what is there is no file of ours."""
    try:
        return _decoded(sealed.read(base_of(root), f"{FOLDER}/{name}", 2 * MOST + 1))
    except OSError:
        return ""


def _note(root: str, name: str, said: str) -> None:
    """Keep a small text among the state. Where that cannot be written it hinders no tool."""
    try:
        sealed.write(base_of(root), f"{FOLDER}/{name}", said.encode("utf-8", "surrogateescape"))
    except OSError:
        return


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
    """Return paths from the root of all files with one of the endings.

    Not in hidden folders and virtual environments.
    """
    found = []
    folders = [""]
    while folders:
        inside = folders.pop()
        with os.scandir(os.path.join(root, inside)) as entries:
            for entry in entries:
                path = f"{inside}/{entry.name}" if inside else entry.name
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
    """Return a text file's content, undecodable bytes as surrogates.

    OSError where it is no file, or too big to be one.
    """
    return _decoded(sealed.contents(path, MOST))


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
