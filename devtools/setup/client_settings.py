"""Our entries in the client's settings: which are ours, which are wanted, put in beside a person's and taken out again.

Everything here works on the text of `.claude/settings.json`, so that a person's keys keep their order and their look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from devtools.errors import UsageError
from devtools.setup import json_text

NAME = ".claude/settings.json"
# How the plugin's own hooks, the one text that names events and matchers, call devtools.
PLUGIN = '"${CLAUDE_PLUGIN_ROOT}"/bin/devtools'
EMPTY = "{}\n"
STATUS = "statusLine"


class ClientHook(NamedTuple):
    """A hook of ours in the settings: its event of the client, its matcher, its command line, and where it stands."""

    event: str
    matcher: str
    command: str
    place: tuple[int, int] = (0, 0)


def wanted(program: str, source: str) -> list[ClientHook]:
    """Return the entries of `source`, the text of the plugin's hooks, with `program` in the place of the plugin's."""
    return [each._replace(command=each.command.replace(PLUGIN, program), place=(0, 0)) for each in entries(source)]


def entries(text: str) -> list[ClientHook]:
    """Return our entries in the settings; none where their hooks have not the shape that the client expects."""
    hooks = _table(_table(_value(text)).get("hooks"))
    return [entry for event in hooks for entry in _of_event(event, hooks[event])]


def words_of(hook: Any) -> list[str]:
    """Return the words of a hook's call, quotes apart."""
    if not isinstance(hook, dict) or not isinstance(hook.get("command"), str):
        return []
    more = hook.get("args")
    return [*hook["command"].replace('"', "").split(), *(map(str, more) if isinstance(more, list) else ())]


def is_ours(hook: Any) -> bool:
    """Return whether a hook or a status line calls devtools as init enters it."""
    words = words_of(hook)
    # By what it calls and not by its text, so that a stale entry of ours is found and a person's own is left alone.
    calls = words[-2:-1] == ["hook"] or words[-1:] == ["statusline"]
    before = words[: -2 if words[-2:-1] == ["hook"] else -1]
    program = before[-1].replace("\\", "/").rpartition("/")[2].removesuffix(".exe") if before else ""
    return calls and program == "devtools"


def merged(text: str, program: str, source: str) -> str:
    """Return the settings with our entries. UsageError where they are no JSON, or no settings of the client.

    An entry of ours that is as it should be stays where it is; a stale one is replaced. A person's status line stays.
    """
    text = text if text.strip("\ufeff \t\r\n") else EMPTY
    _check(text)
    found = [each._replace(place=(0, 0)) for each in entries(text)]
    needed = wanted(program, source)
    for entry in [each for each in entries(text) if each._replace(place=(0, 0)) not in needed][::-1]:
        text = _without_entry(text, entry, {})
    for entry in [each for each in needed if each not in found]:
        text = _with_entry(text, entry)
    status = {"type": "command", "command": f"{program} statusline"}
    line = _table(json_text.value_of(text)).get(STATUS)
    if line is None:
        return json_text.insert(text, [STATUS], status)
    return json_text.replace(text, [STATUS], status) if is_ours(line) and line != status else text


def without(text: str, before: str) -> str:
    """Return the settings without what init put in; `before` are those that it found, empty where there were none.

    An entry that was there before it stays, and so does a list that was empty.
    """
    _check(text)
    old = _value(before)
    had = [each._replace(place=(0, 0)) for each in entries(before)]
    for entry in entries(text)[::-1]:
        if entry._replace(place=(0, 0)) not in had:
            text = _without_entry(text, entry, _table(_table(old).get("hooks")))
    now = _table(json_text.value_of(text))
    if now.get("hooks") == {} and "hooks" not in _table(old):
        text = json_text.remove(text, ["hooks"])
    if is_ours(now.get(STATUS)) and STATUS not in _table(old):
        text = json_text.remove(text, [STATUS])
    return text


def _of_event(event: str, groups: Any) -> Iterator[ClientHook]:
    for number, group in enumerate(groups if isinstance(groups, list) else []):
        inner = _table(group).get("hooks")
        for place, hook in enumerate(inner if isinstance(inner, list) else []):
            if is_ours(hook):
                line = " ".join([hook["command"], *map(str, hook.get("args", []))])
                yield ClientHook(event, str(_table(group).get("matcher", "")), line, (number, place))


def _with_entry(text: str, entry: ClientHook) -> str:
    group = {"matcher": entry.matcher, "hooks": [{"type": "command", "command": entry.command}]}
    settings = _table(json_text.value_of(text))
    if "hooks" not in settings:
        return json_text.insert(text, ["hooks"], {entry.event: [group]})
    if entry.event not in settings["hooks"]:
        return json_text.insert(text, ["hooks", entry.event], [group])
    return json_text.insert(text, ["hooks", entry.event, -1], group)


def _without_entry(text: str, entry: ClientHook, before: Mapping[str, Any]) -> str:
    """Take out one entry, then the group and the event that it leaves empty, unless the event was so `before`."""
    number, place = entry.place
    groups = json_text.value_of(text)["hooks"][entry.event]
    if len(groups[number]["hooks"]) > 1:
        return json_text.remove(text, ["hooks", entry.event, number, "hooks", place])
    if len(groups) > 1 or entry.event in before:
        return json_text.remove(text, ["hooks", entry.event, number])
    return json_text.remove(text, ["hooks", entry.event])


def _check(text: str) -> None:
    """Raise UsageError, with the line, where the text is not what the client can read."""
    try:
        value = json_text.value_of(text)
    except json_text.Malformed as error:
        raise UsageError(
            f"{NAME} is not valid JSON: line {error.line}: {error.reason}", "correct that line; nothing was changed"
        ) from error
    hooks = _table(value).get("hooks", {})
    wrong = "the whole" if not isinstance(value, dict) else "hooks" if not isinstance(hooks, dict) else ""
    lists = [event for event in _table(hooks) if not isinstance(hooks[event], list)]
    if wrong or lists:
        where, kind = (wrong, "an object") if wrong else (f"hooks.{lists[0]}", "a list")
        raise UsageError(f"{NAME}: {where} is not {kind}, as Claude Code expects", "correct it; nothing was changed")


def _value(text: str) -> Any:
    try:
        return json_text.value_of(text) if text else {}
    except json_text.Malformed:
        return {}


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
