"""Change several files of a person, all or none, and remember how each was, so that it can be had back.

What is remembered is written before the first file: a kill at any moment leaves each file as before or as after, and
uninstall knows the way back from both. No link is followed.
"""

from __future__ import annotations

import base64
import contextlib
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from devtools.errors import ToolError, UsageError
from devtools.system import sealed
from devtools.system.store import Store

RECORD = "setup.json"
NEW = 0o644
MOST = 4 * 1024 * 1024


@dataclass(frozen=True)
class FileEdit:
    """A file below a trusted folder, as it is and as it is to be; None where there is none.

    `origin` is what uninstall goes back to, which differs from `before` where init has run already.
    """

    base: str
    name: str
    before: bytes | None
    after: bytes | None
    mode: int = NEW
    origin: bytes | None = None

    @property
    def path(self) -> str:
        return os.path.join(self.base, self.name)


@dataclass(frozen=True)
class Remembered:
    """What init found in a file and what it left there."""

    before: bytes | None
    after: bytes | None
    mode: int


def read(base: str, name: str) -> tuple[bytes | None, int]:
    """Return a file's bytes and its mode; None where there is none. UsageError where a link is in the way."""
    shown = name if not name.startswith("hooks/") else f".git/{name}"
    try:
        data = sealed.read(base, name, MOST)
        return data, stat.S_IMODE(os.lstat(os.path.join(base, name)).st_mode)
    except FileNotFoundError:
        return None, NEW
    except OSError as error:
        part = _link(base, name)
        why = f"{part} is a link" if part else error.strerror or "it cannot be read"
        raise UsageError(f"cannot change {shown}: {why}", "init follows no link; nothing was changed") from error


def apply(store: Store, changes: Sequence[FileEdit]) -> None:
    """Make all changes or none; the caller holds the store's lock. UsageError where a file may not be written."""
    changes = [each for each in changes if each.before != each.after]
    for each in changes:
        _check(each)
    folders = _missing(changes)
    done: list[FileEdit] = []
    try:
        for each in changes:
            _put(each, store.folder)
            done.append(each)
    except BaseException:
        for each in reversed(done):
            with contextlib.suppress(OSError, ToolError):
                _put(replace(each, before=each.after, after=each.before), store.folder)
        remove_folders(folders)
        raise


def remember(store: Store, changes: Sequence[FileEdit], baseline: str) -> None:
    """Keep how each file was before devtools came; the caller holds the store's lock."""
    old = store.read(RECORD)
    made = _missing(changes)
    found = {
        each.path: {"before": _coded(each.origin), "after": _coded(each.after), "mode": each.mode} for each in changes
    }
    folders = [*made, *(one for one in old.get("folders", []) if one not in made)]
    store.put(
        RECORD, {"files": {**_files(old), **found}, "folders": folders, "baseline": old.get("baseline") or baseline}
    )


def remembered(store: Store) -> dict[str, Remembered]:
    """Return what init left of each file, by its path; what is damaged counts as unknown."""
    found = {}
    for path, entry in _files(store.read(RECORD)).items():
        with contextlib.suppress(KeyError, TypeError, ValueError):
            found[path] = Remembered(_decoded(entry["before"]), _decoded(entry["after"]), int(entry["mode"]))
    return found


def forget(store: Store, paths: Sequence[str]) -> None:
    """Drop what is remembered of these files; the caller holds the store's lock."""
    old: dict[str, Any] = store.read(RECORD)
    left = {path: entry for path, entry in _files(old).items() if path not in paths}
    store.put(RECORD, {**old, "files": left} if left else {})


def folders(store: Store) -> list[str]:
    """Return the folders that init made, the innermost first."""
    known = store.read(RECORD).get("folders", [])
    return sorted((each for each in known if isinstance(each, str)), key=len, reverse=True)


def remove_folders(paths: Sequence[str]) -> None:
    """Remove those of the folders that are empty."""
    for path in sorted(paths, key=len, reverse=True):
        with contextlib.suppress(OSError):
            os.rmdir(path)


def _check(change: FileEdit) -> None:
    """Raise UsageError where a person has made the file read-only."""
    if change.before is not None and not change.mode & stat.S_IWUSR:
        raise UsageError(
            f"{change.name} is read-only", f"chmod u+w {change.name} if devtools may change it; nothing was changed"
        )


def _put(change: FileEdit, aside: str) -> None:
    """Make one change. What is in the making lies in the folder of the store, where a kill leaves nothing to see."""
    if change.after is None:
        sealed.remove(change.base, change.name)
        return

    def still() -> bool:
        # A file that a person saves in this moment refuses the whole, so that nothing of theirs is overwritten.
        return read(change.base, change.name)[0] == change.before

    if not sealed.write(change.base, change.name, change.after, change.mode, aside, still):
        raise ToolError(f"{change.name} changed in this moment", "run it again; nothing was changed")


def _missing(changes: Sequence[FileEdit]) -> list[str]:
    """The folders that the changes will make."""
    found: dict[str, None] = {}
    for each in changes:
        folder = os.path.dirname(each.path)
        while each.after is not None and len(folder) > len(each.base) and not os.path.lexists(folder):
            found[folder] = None
            folder = os.path.dirname(folder)
    return list(found)


def _link(base: str, name: str) -> str:
    """The first part of a name that is a link, or empty."""
    parts = name.split("/")
    paths = ("/".join(parts[: end + 1]) for end in range(len(parts)))
    return next((path for path in paths if os.path.islink(os.path.join(base, path))), "")


def _files(record: Mapping[str, Any]) -> dict[str, Any]:
    found = record.get("files")
    return found if isinstance(found, dict) else {}


def _coded(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()


def _decoded(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)
