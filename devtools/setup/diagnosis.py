"""What no longer holds of what init put into a repository: gone, older than this devtools, or shadowed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import Any

from devtools.errors import UsageError
from devtools.git import hook_folder
from devtools.setup import client_settings, files, git_hook, installation, json_text, templates
from devtools.setup.complaint import BROKEN, INIT, MISSING, SHADOWED, STALE, Complaint
from devtools.system import state

LOCAL = ".claude/settings.local.json"
SWITCHES = ("disableAllHooks", "allowManagedHooksOnly")


def home() -> str:
    """Return the folder of the person's own settings of the client."""
    return os.environ.get("CLAUDE_CONFIG_DIR") or os.path.join(os.path.expanduser("~"), ".claude")


def complaints(root: str) -> list[Complaint]:
    """Return all that is wrong with the files of this working tree."""
    return [*_settings(root), *_switches(root), *_commands(root), *_git_hook(root), *_old_folder(root)]


def programs(root: str) -> list[str]:
    """Return by which program the settings call devtools, each once; a plugin's are its own affair."""
    calls = (each.command.partition(" hook ")[0] for each in client_settings.entries(_text(root, client_settings.NAME)))
    return list(dict.fromkeys(calls))


def by_plugin(root: str) -> bool:
    """Return whether the settings enable the plugin, whose hooks are entered by the client itself."""
    plugins = _table(_value(_text(root, client_settings.NAME))).get("enabledPlugins")
    return any(name.partition("@")[0] == "devtools" and on for name, on in _table(plugins).items())


def _settings(root: str) -> Iterator[Complaint]:
    text = _text(root, client_settings.NAME)
    try:
        client_settings.merged(text, "devtools", templates.hooks())
    except UsageError as error:
        yield Complaint(BROKEN, error.message, "correct it, then devtools init")
        return
    entries = client_settings.entries(text)
    program = (programs(root) or ["devtools"])[0]
    wanted = client_settings.wanted(program, templates.hooks())
    plugin = by_plugin(root)
    if plugin and entries:
        yield Complaint(
            SHADOWED, "the plugin is enabled and the hooks are entered as well: each runs twice", "devtools uninstall"
        )
    if plugin:
        return
    if not entries:
        yield Complaint(MISSING, f"{client_settings.NAME} has no hooks of devtools", INIT)
        return
    found = {(each.event, each.matcher, each.command) for each in entries}
    events = sorted({each.event for each in wanted if (each.event, each.matcher, each.command) not in found})
    if events:
        yield Complaint(
            STALE, f"{client_settings.NAME} has not the hooks of {', '.join(events)} as they should be", INIT
        )
    line = _table(_value(text)).get(client_settings.STATUS)
    if line is None:
        yield Complaint(MISSING, f"{client_settings.NAME} has no status line", INIT)


def _switches(root: str) -> Iterator[Complaint]:
    own = os.path.join(home(), "settings.json")
    for shown, text in (*((name, _text(root, name)) for name in (client_settings.NAME, LOCAL)), (own, _outside(own))):
        for switch in SWITCHES:
            if _table(_value(text)).get(switch):
                yield Complaint(SHADOWED, f"{shown} sets {switch}: no hook of this project runs", f"take {switch} out")


def _commands(root: str) -> Iterator[Complaint]:
    plugin = by_plugin(root)
    for name, template in templates.commands().items():
        path, word = f"{installation.COMMANDS}/{name}", name.removesuffix(".md")
        text = _text(root, path)
        if not text and not plugin:
            yield Complaint(MISSING, f"{path} is not there", INIT)
        elif text and not templates.is_ours(name, text):
            yield Complaint(SHADOWED, f"{path} is not ours, so /{word} runs it", f"rename it, then {INIT}")
        elif text and text.encode("utf-8", "surrogateescape") != template:
            yield Complaint(STALE, f"{path} is not as this devtools writes it", f"rm {path} && {INIT}")
        for other in _before(root, name):  # the client takes these first, as was seen with 2.1.331
            yield Complaint(SHADOWED, f"{other} comes before {path}", f"rename {other}")


def _before(root: str, name: str) -> list[str]:
    """Files that the client prefers to a command of the project."""
    skill = os.path.join("skills", name.removesuffix(".md"), "SKILL.md")
    places = [os.path.join(root, ".claude", skill), os.path.join(home(), skill), os.path.join(home(), "commands", name)]
    return [path for path in places if os.path.isfile(path) and not templates.is_ours(name, _outside(path))]


def _git_hook(root: str) -> Iterator[Complaint]:
    place = git_hook.place(root, state.repository_of(root), hook_folder.find(root))
    if place.refusal:
        yield Complaint(SHADOWED, "git looks for hooks elsewhere", place.refusal)
        return
    shown = place.name if place.base == root else f".git/{place.name}"
    try:
        data, mode = files.read(place.base, place.name)
    except UsageError as error:
        yield Complaint(SHADOWED, error.message, f'have it run `devtools git-hook {git_hook.NAME} "$1"`')
        return
    if data is None or git_hook.BEGIN.encode() not in data:
        yield Complaint(MISSING, f"{shown} does not call devtools", INIT)
    elif not git_hook.has_block(data, installation.program(root)):
        yield Complaint(STALE, f"{shown} calls devtools in another way than this one would", INIT)
    elif not mode & stat.S_IXUSR and not place.name.startswith(".husky"):
        yield Complaint(BROKEN, f"{shown} is not executable, so git skips it", f"chmod +x {shown}")


def _old_folder(root: str) -> Iterator[Complaint]:
    if os.path.isdir(os.path.join(root, ".devtools")):
        yield Complaint(STALE, ".devtools/ is of an older devtools and means nothing now", "rm -r .devtools")


def _text(root: str, name: str) -> str:
    try:
        return (files.read(root, name)[0] or b"").decode("utf-8", "surrogateescape")
    except UsageError:
        return ""


def _outside(path: str) -> str:
    return state.text_or_none(path)


def _value(text: str) -> Any:
    try:
        return json_text.value_of(text) if text else {}
    except json_text.Malformed:
        return {}


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
