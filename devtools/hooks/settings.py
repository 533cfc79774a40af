"""Whether an edit of pyproject.toml or devtools.toml would change the settings of devtools itself."""

import os
import tomllib

from devtools.system import state


def changed(root: str, name: str, given: "dict[str, object]") -> str:
    """Return why the edit must not be made, or empty. What leaves devtools' own table as it is passes."""
    path = os.path.join(root, name)
    old = state.text(path) if os.path.isfile(path) else ""
    # Only our own table: a model that may write mode = "off" guards nothing, and the rest of the file is free.
    if table(name, old) == table(name, edited(old, given)):
        return ""
    return f"this edit of {name} would change the settings of devtools. Ask the person to change them."


def edited(text: str, given: "dict[str, object]") -> str:
    """Return what the file will hold after Write, Edit or MultiEdit."""
    if "content" in given:
        return str(given["content"])
    edits = given.get("edits")
    for edit in edits if isinstance(edits, list) else [given]:
        old, new = str(edit.get("old_string", "")), str(edit.get("new_string", ""))
        text = text.replace(old, new, -1 if edit.get("replace_all") else 1) if old else text + new
    return text


def mode(name: str, text: str) -> str:
    """Return the mode that the file sets; strict where it sets none."""
    own = table(name, text)
    tdd = own.get("tdd") if isinstance(own, dict) else None
    return str(tdd.get("mode", "strict")) if isinstance(tdd, dict) else "strict"


def table(name: str, text: str) -> object:
    """devtools' own table; the whole text of a devtools.toml, and None where it is no TOML."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    if name == "devtools.toml":
        return data
    tool = data.get("tool")
    return tool.get("devtools", {}) if isinstance(tool, dict) else {}
