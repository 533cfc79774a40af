"""Which parts of other programs' settings keep our guards: the client's hooks, and where git finds its own.

Each is told as short lines that can be kept and compared. On the hooks' path: nothing is imported but the JSON reader.
"""

from devtools.system import fast_json as scan

# What Claude Code hands from its settings to every hook: who sets one of these decides what runs as `devtools`.
ENVIRONMENT = ("PATH", "HOME", "CLAUDE_CONFIG_DIR", "BASH_ENV", "ENV", "LD_PRELOAD", "LD_LIBRARY_PATH")
PREFIXES = ("PYTHON", "GIT_", "DEVTOOLS_")
# Settings by which all hooks go at once.
SWITCHES = ("disableAllHooks", "allowManagedHooksOnly")
HOOK, SWITCH = "hook ", "switch "


def of_client(text: str) -> "list[str]":
    """Return a line for each hook of ours in the client's settings, and for each setting that ends or replaces it."""
    settings = _settings(text)
    environment, hooks = _table(settings.get("env")), _table(settings.get("hooks"))
    lines = [f"{SWITCH}{name}" for name in SWITCHES if settings.get(name)]
    lines += [
        f"{SWITCH}env {name}={value!r}"
        for name, value in environment.items()
        if name in ENVIRONMENT or name.startswith(PREFIXES)
    ]
    for event, groups in hooks.items():
        for group in groups if isinstance(groups, list) else []:
            inner = _table(group).get("hooks")
            chosen = sorted((key, repr(value)) for key, value in _table(group).items() if key != "hooks")
            for hook in inner if isinstance(inner, list) else []:
                if _is_ours(hook):
                    lines.append(f"{HOOK}{event} {chosen} {sorted((key, repr(hook[key])) for key in hook)}")
    return lines


def lost(before: "list[str]", now: "list[str]") -> str:
    """Return in words what settings with these lines take away from the guards; empty where all stays."""
    added = sorted(line for line in now if line.startswith(SWITCH) and line not in before)
    if added:
        return f"sets {added[0].removeprefix(SWITCH).partition('=')[0]}"
    gone = any(line.startswith(HOOK) and line not in now for line in before)
    return "takes out or alters a hook of devtools" if gone else ""


def of_git(text: str) -> "list[str]":
    """Return the lines of a git configuration that decide which git hooks run, those that include others as well."""
    section, lines = "", []
    for line in text.splitlines():
        plain = line.strip()
        if plain.startswith("["):
            section, _, rest = plain[1:].partition("]")
            plain = rest.strip()
        named = plain.casefold()
        if named.startswith("hookspath") or (section.strip().casefold().startswith("include") and named[:4] == "path"):
            lines.append(f"{section.strip()} {plain}")
    return lines


def _settings(text: str) -> "dict[str, object]":
    try:
        return _table(scan.decode(text))
    except (ValueError, RecursionError):
        return {}


def _table(value: object) -> "dict[str, object]":
    return value if isinstance(value, dict) else {}


def _is_ours(hook: object) -> bool:
    """Whether a hook calls devtools, by its command line or by the words that stand apart from it."""
    if not isinstance(hook, dict):
        return False
    words = hook.get("args")
    line = " ".join([str(hook.get("command", "")), *(map(str, words) if isinstance(words, list) else ())])
    return "devtools" in line and "hook" in line
