"""What uninstall would change: each file of init as it was, with what a person wrote into it since."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from devtools.errors import UsageError
from devtools.git import hook_folder
from devtools.git.safe_process import git
from devtools.setup import client_settings, files, git_hook, installation, json_text, templates
from devtools.setup.files import FileEdit, Remembered
from devtools.setup.installation import SetupPlan
from devtools.system import state, temporary
from devtools.system.store import Store

Way = Callable[[bytes, bytes | None], bytes | None]


def plan(root: str, store: Store) -> SetupPlan:
    """Return what uninstall changes in this working tree, by what init remembers; without that, by what is ours."""
    found = SetupPlan()
    common = state.repository_of(root)
    known = {}
    for path, old in files.remembered(store).items():
        for base, name in _place(root, common, path):
            known[path] = old
            _remembered(root, FileEdit(base, name, *_pair(base, name)), old, found)
    # In a clone nothing is remembered, so there what is ours is known by what it calls.
    _settings(root, known, found)
    _commands(root, known, found)
    _git_hook(root, common, known, found)
    return found


def uninstall(store: Store, planned: SetupPlan) -> None:
    """Make the changes, all or none, and forget what init left; the caller holds the store's lock."""
    files.apply(store, planned.changes)
    folders = files.folders(store)
    files.forget(store, [each.path for each in planned.changes])
    made = {os.path.dirname(each.path) for each in planned.changes if each.after is None}
    named = [folder for folder in made if os.path.basename(folder) == "commands"]
    files.remove_folders([*folders, *named, *(os.path.dirname(folder) for folder in named)])


def _place(root: str, common: str, path: str) -> list[tuple[str, str]]:
    """The trusted folder and the name below it; none for a file of another working tree."""
    bases = [base for base in (common, root) if path.startswith(os.path.join(base, ""))]
    return [(base, os.path.relpath(path, base)) for base in bases[:1]]


def _pair(base: str, name: str) -> tuple[bytes | None, bytes | None, int]:
    """How a file is now, twice, and its mode."""
    now, mode = files.read(base, name)
    return now, now, mode


def _remembered(root: str, change: FileEdit, old: Remembered, found: SetupPlan) -> None:
    """The way back of one file: as it was, where nobody wrote into it since."""
    now = change.before
    # `before` too: a kill of init leaves files that it had remembered and not yet written.
    if now is None or now in (old.after, old.before):
        after = now if now is None else old.before
        found.changes.append(replace(change, after=after, mode=old.mode))
        return
    name = os.path.basename(change.name)
    ways: dict[str, Way] = {os.path.basename(client_settings.NAME): _settings_without, git_hook.NAME: _hook_without}
    after = ways[name](now, old.before) if name in ways else _merged(root, now, old)
    if name not in ways and after == now:
        found.notes.append(f"{change.name} stays: it holds what you wrote into it")
    found.changes.append(replace(change, after=after))


def _settings_without(now: bytes, before: bytes | None) -> bytes | None:
    texts = [(data or b"").decode("utf-8", "surrogateescape") for data in (now, before)]
    after = client_settings.without(*texts)
    gone = before is None and json_text.value_of(after) == {}
    return None if gone else after.encode("utf-8", "surrogateescape")


def _hook_without(now: bytes, before: bytes | None) -> bytes | None:
    after = git_hook.without(now)
    return None if before is None and git_hook.is_empty(after) else after


def _merged(root: str, now: bytes, old: Remembered) -> bytes:
    """What git makes of the person's edits without ours; the file as it is where the two meet, or where it was new."""
    if old.before is None or old.after is None:
        return now
    with temporary.folder() as folder:
        for name, data in (("now", now), ("after", old.after), ("before", old.before)):
            with open(os.path.join(folder, name), "wb") as stream:
                stream.write(data)
        done = git(folder, "merge-file", "-p", "-q", "now", "after", "before")
    return done.out.encode("utf-8", "surrogateescape") if done.code == 0 else now


def _settings(root: str, known: dict[str, Remembered], found: SetupPlan) -> None:
    change = FileEdit(root, client_settings.NAME, *_pair(root, client_settings.NAME))
    if change.path in known or change.before is None:
        return
    found.changes.append(replace(change, after=_settings_without(change.before, None)))


def _commands(root: str, known: dict[str, Remembered], found: SetupPlan) -> None:
    for name, template in templates.commands().items():
        change = FileEdit(root, f"{installation.COMMANDS}/{name}", *_pair(root, f"{installation.COMMANDS}/{name}"))
        if change.path in known or change.before is None:
            continue
        if change.before == template:
            found.changes.append(replace(change, after=None))
        elif templates.is_ours(name, change.before.decode("utf-8", "replace")):
            found.notes.append(f"{change.name} stays: it is not as this devtools writes it")


def _git_hook(root: str, common: str, known: dict[str, Remembered], found: SetupPlan) -> None:
    place = git_hook.place(root, common, hook_folder.find(root))
    if place.refusal or os.path.join(place.base, place.name) in known:
        return
    try:
        change = FileEdit(place.base, place.name, *_pair(place.base, place.name))
    except UsageError:
        return  # a link, which init left alone
    if change.before is None:
        return
    moved = place.name.replace(git_hook.NAME, git_hook.ASIDE)
    aside, mode = files.read(place.base, moved)
    if aside is not None and git_hook.ASIDE.encode() in change.before:
        found.changes.append(replace(change, after=aside, mode=mode))
        found.changes.append(FileEdit(place.base, moved, aside, None, mode))
        return
    found.changes.append(replace(change, after=_hook_without(change.before, None)))
