"""The logs of the other branches and of the other working trees: how long each is, and what it has gained since.

All working trees of a repository share them, so that a commit which is made elsewhere is seen here. Read without a
process, for hooks.
"""

import os

from devtools.system import sealed, state

BRANCHES = "refs/heads"
# What git writes last into a log that it moves or copies: the lines above it came with the branch.
CARRIED = ("Branch: renamed", "Branch: copied")


def standing(git: str, common: str) -> str:
    """Return a line for each branch and other HEAD: its name, its log's size, and what changes when it moves."""
    logs = {f"{BRANCHES}/{name}": size for name, size, _ in _files(os.path.join(common, "logs", BRANCHES), "")}
    refs = {f"{BRANCHES}/{name}": said for name, _, said in _files(os.path.join(common, BRANCHES), "")}
    lines = [f"{name}\t{logs.get(name, 0)}\t{refs.get(name, '')}" for name in sorted(logs.keys() | refs.keys())]
    return "\n".join(lines + [f"{name}\t{size}\t" for name, size in _heads(git, common)])


def gained(root: str, before: str, after: str) -> "list[tuple[str, list[str]]]":
    """Return each branch or working tree whose log grew, with the new lines; no line where no log tells the move."""
    common, old = state.repository_of(root), _table(before)
    found: list[tuple[str, list[str]]] = []
    for name, (size, ref) in _table(after).items():
        start, known = old.get(name, (0, ""))
        if (size, ref) == (start, known):
            continue
        lines = _lines(os.path.join(common, _log(name)), start, name in old)
        if ref and ref != known and _is_unlogged(common, name):
            found.append((name, []))
        elif lines:
            found.append((name, lines))
    return found


def _table(text: str) -> "dict[str, tuple[int, str]]":
    rows = (line.split("\t") for line in text.splitlines())
    return {row[0]: (int(row[1]), row[2]) for row in rows if len(row) == 3 and row[1].isdecimal()}


def _log(name: str) -> str:
    return f"logs/{name}" if name.startswith(f"{BRANCHES}/") or name == "HEAD" else f"{name}/logs/HEAD"


def _lines(path: str, start: int, is_old: bool) -> "list[str]":
    data = sealed.tail(path, start, state.MOST) or b""
    lines = data.decode("utf-8", "surrogateescape").splitlines()
    carried = [] if is_old else [at for at, line in enumerate(lines) if line.partition("\t")[2].startswith(CARRIED)]
    return lines[carried[-1] + 1 :] if carried else lines


def _is_unlogged(common: str, name: str) -> bool:
    """Whether a branch is not where the last line of its log says: a program wrote the file that names its commit.

    A branch without a log is one of a repository that keeps none.
    """
    value = state.text_or_none(os.path.join(common, name)).strip()
    log = state.text_or_none(os.path.join(common, _log(name))).splitlines()
    return bool(value and log) and log[-1].split(" ")[1:2] != [value]


def _heads(git: str, common: str) -> "list[tuple[str, int]]":
    """The logs of HEAD in the other working trees, each with its size."""
    trees = os.path.join(common, "worktrees")
    names = [f"worktrees/{name}" for name in sorted(os.listdir(trees))] if os.path.isdir(trees) else []
    here = os.path.realpath(git)
    others = [name for name in names if os.path.realpath(os.path.join(common, name)) != here]
    found = [(name, os.path.join(common, name, "logs", "HEAD")) for name in others]
    found += [("HEAD", os.path.join(common, "logs", "HEAD"))] if os.path.realpath(common) != here else []
    return [(name, os.path.getsize(path)) for name, path in found if os.path.isfile(path)]


def _files(folder: str, inside: str) -> "list[tuple[str, int, str]]":
    """Each file below a folder: its path, its size, and what changes when it is written."""
    found = []
    try:
        with os.scandir(os.path.join(folder, inside)) as entries:
            for entry in entries:
                name = f"{inside}/{entry.name}" if inside else entry.name
                if entry.is_dir(follow_symlinks=False):
                    found += _files(folder, name)
                elif not entry.name.endswith(".lock"):
                    stat = entry.stat(follow_symlinks=False)
                    found.append((name, stat.st_size, f"{stat.st_mtime_ns} {stat.st_ino}"))
    except OSError:  # it is not there, or went while we looked
        return found
    return found
