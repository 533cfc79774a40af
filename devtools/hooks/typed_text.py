"""What a person typed after a slash command, as the client told the hook: no text of theirs can end it.

The client puts the same text into a here-document, whose block three backticks end early. Only then is it kept here,
for one call of the session. On the hooks' path.
"""

from devtools.system import fast_json as scan
from devtools.system import sealed, state

FOLDER = f"{state.FOLDER}/typed"
FENCE = "```"


def keep(root: str, session: str, command: str, text: str) -> None:
    """Keep the text for the session's next call of the command, and forget an older one."""
    try:
        base = state.base_of(root)
        # Three backticks in the arguments end the client's block, and the model had to call the command in a second
        # request.
        if FENCE in text:
            sealed.write(base, _file(session), scan.encode({"command": command, "text": text}).encode())
        else:
            sealed.remove(base, _file(session))
    except OSError:
        return


def take(root: str, session: str, command: str, beginning: str) -> "str | None":
    """Return the text that begins as the block did, and forget it; None where there is none of that command."""
    try:
        base = state.base_of(root)
        value = scan.decode(sealed.read(base, _file(session), state.MOST).decode("utf-8", "surrogateescape"))
        sealed.remove(base, _file(session))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.get("command") != command:
        return None
    text = str(value.get("text"))
    return text if _plain(text).startswith(_plain(beginning)) else None


def _file(session: str) -> str:
    return f"{FOLDER}/{''.join(sign for sign in session if sign.isascii() and sign.isalnum())[:64]}-"


def _plain(text: str) -> str:
    """The text without what the client adds to it, and without its edges."""
    # The client puts a backslash between an exclamation mark and a backtick of the arguments.
    return text.replace("\\", "").strip()
