"""What init would change in a repository: each file as it is and as it is to be, and what it leaves to a person."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass, field, replace

from devtools.errors import UsageError
from devtools.git import hook_folder
from devtools.learn import file as learnings
from devtools.learn.markdown import TITLE
from devtools.setup import client_settings, files, git_hook, mode_setting, templates
from devtools.setup.files import FileEdit, Remembered
from devtools.system import state
from devtools.system.store import Store

COMMANDS = ".claude/commands"
EXECUTABLE = 0o755


@dataclass
class SetupPlan:
    """All changes, and in words what stays a person's own. An unchanged file is among them: it is remembered."""

    changes: list[FileEdit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def written(self) -> list[FileEdit]:
        return [each for each in self.changes if each.before != each.after]


def program(root: str, prefix: str = sys.prefix) -> str:
    """Return how a shell at the top of the tree calls devtools: by its path where it is installed in the project."""
    inside = os.path.relpath(prefix, root)
    here = not inside.startswith("..") and os.path.exists(os.path.join(prefix, "bin", "devtools"))
    return os.path.join(inside, "bin", "devtools") if here else "devtools"


def client_program(root: str, prefix: str = sys.prefix) -> str:
    """Return how Claude Code calls devtools, from whatever folder its shell has gone to."""
    own = program(root, prefix)
    return own if own == "devtools" else f'"$CLAUDE_PROJECT_DIR"/{own}'


def plan(root: str, store: Store, mode: str = "", prefix: str = sys.prefix) -> SetupPlan:
    """Return what init changes in this working tree. UsageError where a file is not what init could add to."""
    found = SetupPlan()
    known = files.remembered(store)
    _settings(root, known, client_program(root, prefix), found)
    _commands(root, known, found)
    _learnings(root, found)
    _git_hook(root, known, program(root, prefix), found)
    if mode:
        _mode(root, known, mode, found)
    return found


def install(store: Store, planned: SetupPlan, baseline: str) -> None:
    """Make the changes, all or none; the caller holds the store's lock."""
    before = store.read(files.RECORD)
    # Before the first file is written, so that after a kill uninstall knows the way back.
    files.remember(store, planned.changes, baseline)
    try:
        files.apply(store, planned.changes)
    except BaseException:
        store.put(files.RECORD, before)
        raise


def _change(base: str, name: str, known: dict[str, Remembered], after: bytes, mode: int | None = None) -> FileEdit:
    """The change of a file that has no way of its own to be had back."""
    before, own = files.read(base, name)
    old = known.get(os.path.join(base, name))
    # After a kill an older slash command of ours looked like one that a person had changed, and was kept for ever.
    origin = old.before if old and _is_ours(old, before) else before
    return FileEdit(base, name, before, after, own if before is not None or mode is None else mode, origin)


def _is_ours(old: Remembered, now: bytes | None) -> bool:
    """Whether a file is as init left it, or, where a kill came between, as init found it."""
    return now in (old.after, old.before)


def _settings(root: str, known: dict[str, Remembered], call: str, found: SetupPlan) -> None:
    before, _ = files.read(root, client_settings.NAME)
    text = (before or b"").decode("utf-8", "surrogateescape")
    after = client_settings.merged(text, call, templates.hooks()).encode("utf-8", "surrogateescape")
    change = _change(root, client_settings.NAME, known, after)
    old = known.get(change.path)
    if old and not _is_ours(old, before) and before is not None:
        if after == before:
            return  # a person changed it since, and what is remembered is still the way back
        was = (old.before or b"").decode("utf-8", "surrogateescape")
        change = replace(change, origin=client_settings.without(text, was).encode("utf-8", "surrogateescape"))
    found.changes.append(change)


def _commands(root: str, known: dict[str, Remembered], found: SetupPlan) -> None:
    for name, template in templates.commands().items():
        change = _change(root, f"{COMMANDS}/{name}", known, template)
        old, before = known.get(change.path), change.before
        edited = bool(old and not _is_ours(old, before))
        theirs = not templates.is_ours(name, (before or b"").decode("utf-8", "replace"))
        if before not in (None, template) and (edited or theirs):
            found.notes.append(f"{change.name} is your own and stays")
        else:
            found.changes.append(change)


def _learnings(root: str, found: SetupPlan) -> None:
    before, _ = files.read(root, learnings.NAME)
    if before is None:
        found.changes.append(FileEdit(root, learnings.NAME, None, f"{TITLE}\n".encode()))


def _git_hook(root: str, known: dict[str, Remembered], call: str, found: SetupPlan) -> None:
    """Chain the git hook; where that cannot be, the client's hooks and `devtools verify` guard without it."""
    place = git_hook.place(root, state.repository_of(root), hook_folder.find(root))
    if place.refusal:
        found.notes.append(place.refusal)
        return
    try:
        before, mode = files.read(place.base, place.name)
        aside = files.read(place.base, place.name.replace(git_hook.NAME, git_hook.ASIDE))[0]
    except UsageError as error:
        found.notes.append(f"no git hook: {error.message}")
        return
    if before is None or git_hook.is_shell(before):
        after = git_hook.merged(before or b"", call)
        if before is not None and not mode & stat.S_IXUSR and not place.name.startswith(".husky"):
            found.notes.append(f"{place.name} is not executable, so git skips it: chmod +x {place.name}")
    elif aside is None:
        moved = _change(place.base, place.name.replace(git_hook.NAME, git_hook.ASIDE), known, before)
        found.changes.append(replace(moved, mode=mode))
        after = git_hook.calling(call)
    else:
        found.notes.append(f"no git hook: {place.name} and {git_hook.ASIDE} are both there")
        return
    change = _change(place.base, place.name, known, after, EXECUTABLE)
    old = known.get(change.path)
    if old and not _is_ours(old, before) and before is not None:
        change = replace(change, origin=git_hook.without(before))
    found.changes.append(change)


def _mode(root: str, known: dict[str, Remembered], mode: str, found: SetupPlan) -> None:
    texts = {name: files.read(root, name)[0] for name in (mode_setting.PYPROJECT, mode_setting.OWN)}
    pyproject, own = (None if data is None else data.decode("utf-8", "surrogateescape") for data in texts.values())
    name = mode_setting.file_of(pyproject, own)
    text = (pyproject if name == mode_setting.PYPROJECT else own) or ""
    after = mode_setting.with_mode(name, text, mode)
    if after != text:
        found.changes.append(_change(root, name, known, after.encode("utf-8", "surrogateescape")))
