"""What init puts into a repository: the slash commands and the hooks of the plugin, each text in one place only."""

from __future__ import annotations

import os

from devtools.errors import ToolError
from devtools.system import sealed

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# In a checkout the commands are those that the project itself uses; an installed package has a folder of them.
PLACES = (
    os.path.join(PACKAGE, "templates", "commands"),
    os.path.join(os.path.dirname(PACKAGE), ".claude", "commands"),
)
HOOKS = os.path.join(PACKAGE, "setup", "hooks.json")


def commands() -> dict[str, bytes]:
    """Return the slash commands by the names of their files. ToolError where devtools is not installed whole."""
    # An installed package keeps the commands in one folder, a checkout in another.
    for place in PLACES:
        if os.path.isdir(place):
            names = sorted(name for name in os.listdir(place) if name.endswith(".md"))
            return {name: sealed.contents(os.path.join(place, name)) for name in names}
    raise ToolError("devtools is not installed whole: its slash commands are missing", "install claude-devtools again")


def hooks() -> str:
    """Return the text of the plugin's hooks."""
    return sealed.contents(HOOKS).decode("utf-8")


def is_ours(name: str, text: str) -> bool:
    """Return whether the text of a command file is one of ours, of whatever version."""
    word = "learn" if name == "tutor.md" else name.removesuffix(".md")
    return f"devtools {word} --exit-zero" in text
