"""Before a slash command is expanded: keep what was typed after it, where the client's own block would cut it."""

import os

from devtools.hooks import typed_text as typed
from devtools.system import state


def reply(payload: "dict[str, object]") -> None:
    """Say nothing: the command that runs next reads what was kept."""
    root = state.root_of(str(payload.get("cwd") or os.getcwd()))
    text, name = payload.get("command_args"), str(payload.get("command_name")).rpartition(":")[2].lstrip("/")
    if root and isinstance(text, str):
        typed.keep(root, str(payload.get("session_id")), name, text)


def kept(command: str, beginning: str) -> "str | None":
    """Return the whole arguments of this session's `command` that begin so, once; None where nothing was kept."""
    root, session = state.root_of(os.getcwd()), os.environ.get("CLAUDE_CODE_SESSION_ID", "")
    return typed.take(root, session, command, beginning) if root and session else None
