"""The insight that is offered for a file, once in a session. What fits which file was prepared when a session began.

On the path of every call after an edit, so nothing but the system is imported.
"""

import os

from devtools.system import sealed, state

TABLE = f"{state.FOLDER}/offers"
TOLD = f"{state.FOLDER}/offered"
MOST = 4 << 20
KEPT = 64  # sessions of which it is known what was offered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def prepare(root: str, table: "Iterable[tuple[str, str]]") -> None:
    """Keep which insights fit which files. Where that cannot be written nothing is offered."""
    rows = "".join(f"\n{path}\t{text}" for path, text in table if "\n" not in path and "\t" not in path)
    try:
        sealed.write(state.base_of(root), TABLE, f"{rows}\n".encode("utf-8", "surrogateescape"))
    except OSError:
        return


def insight(root: str, session: str, path: str) -> str:
    """Return the insight that fits a file, by its path in the repository, and was not offered in this session."""
    try:
        base = state.base_of(root)
        table = sealed.read(base, TABLE, MOST).decode("utf-8", "surrogateescape")
    except OSError:
        return ""
    # One small table that a session's start has prepared, searched as text: this runs after each edit.
    at = table.find(f"\n{path}\t")
    while at >= 0:
        text = table[at + len(path) + 2 : table.index("\n", at + 1)]
        if told(root, session, text):
            return text
        at = table.find(f"\n{path}\t", at + 1)
    return ""


def told(root: str, session: str, text: str) -> bool:
    """Note that an insight is offered now; False where it was before, or where that cannot be noted."""
    try:
        base = state.base_of(root)
        name = f"{TOLD}/{_name(session)}"
        try:
            before = sealed.read(base, name, MOST).decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            before = "\n"
        if f"\n{text}\n" in before:
            return False
        sealed.write(base, name, f"{before}{text}\n".encode("utf-8", "surrogateescape"))
        _sweep(base)
    except OSError:
        return False
    return True


def _sweep(base: str) -> None:
    """Forget the oldest sessions."""
    names = sealed.names(base, TOLD)
    if len(names) > KEPT:
        ages = sorted((os.lstat(os.path.join(base, TOLD, name)).st_mtime, name) for name in names)
        for _, name in ages[: len(names) - KEPT]:
            sealed.remove(base, f"{TOLD}/{name}")


def _name(session: str) -> str:
    return "".join(sign for sign in session if sign.isascii() and sign.isalnum())[:64] or "none"
