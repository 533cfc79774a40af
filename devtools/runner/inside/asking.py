"""Inside pytest: which paths a test asks about without opening them, and which variables of the terminal it reads.

No audit event tells of either. Standard library only, loaded by path; see `impact_plugin`. The functions of `os` get a
wrapper of the same behaviour; what pytest, the import system and readers of sources ask for is not the test's question.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

# They differ between two terminals, so a change of one concerns those alone who read it (`project.fingerprint`).
VOLATILE = frozenset(
    (
        *("_", "COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL", "TERM", "TERM_PROGRAM", "TERM_SESSION_ID", "TMUX"),
        *("TMUX_PANE", "WINDOWID", "SSH_AUTH_SOCK", "SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "COLORTERM"),
        *("CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SSE_PORT", "VSCODE_IPC_HOOK_CLI", "XDG_SESSION_ID"),
    )
)
# Who asks for another, and who asks for itself.
PASSING = (
    *("/pathlib.py", "/pathlib/__init__.py", "/pathlib/_local.py", "/pathlib/_os.py", "/os.py", "/genericpath.py"),
    *("/posixpath.py", "/shutil.py", "/glob.py", "/_collections_abc.py", "<frozen os>", "<frozen genericpath>"),
    *("<frozen posixpath>", "<frozen _collections_abc>", __file__),
)
APART = (
    *("/_pytest/", "/pluggy/", "/xdist/", "/execnet/", "/coverage/", "/hypothesis/", "/iniconfig/", "importlib"),
    *("/linecache.py", "/inspect.py", "/traceback.py", "/tokenize.py", "/tempfile.py", "/subprocess.py"),
    *("<frozen runpy>", "<frozen zipimport>", os.path.dirname(os.path.abspath(__file__))),
)

PASSES, ASKS, APART_FROM = "passes", "asks", "apart"
# Each file is judged once: pytest resolves paths 77,158 times for the tests of boltons.
_verdicts: dict[str, str] = {}


def watch(path: Callable[[str], None], variable: Callable[[str], None]) -> None:
    """From now on tell of each path whose state is asked for, and of each such variable that is read."""
    _wrap("stat", path)  # not lstat: who resolves a path asks it of each folder above, tens of thousands of times
    environment: Any = os._Environ
    get, each = environment.__getitem__, environment.__iter__
    copied = [0]  # variables that a copy of all of them still takes

    @functools.wraps(get)
    def getitem(self: Any, key: Any) -> Any:
        if copied[0]:
            copied[0] -= 1
        elif key in VOLATILE and _is_asked():
            variable(key)
        return get(self, key)

    @functools.wraps(each)
    def iterate(self: Any) -> Iterator[Any]:
        copied[0] = len(self)
        return each(self)  # type: ignore[no-any-return]

    # On the class: Python looks a special method up there.
    environment.__getitem__, environment.__iter__ = getitem, iterate


def _wrap(name: str, tell: Callable[[str], None]) -> None:
    original = getattr(os, name)

    @functools.wraps(original)
    def asking(path: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(path, (str, bytes, os.PathLike)) and not options.get("dir_fd") and _is_asked():
            tell(os.path.abspath(os.fsdecode(path)))
        return original(path, *arguments, **options)

    setattr(os, name, asking)
    # Other code looks a function up in these sets before it hands it a handle.
    for known in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
        if original in known:
            known.add(asking)


def _is_asked() -> bool:
    """Whether it is code of the test or of what it calls that asks."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        verdict = _verdicts.get(frame.f_code.co_filename)
        if verdict is None:
            verdict = _verdicts[frame.f_code.co_filename] = _verdict(frame.f_code.co_filename)
        if verdict != PASSES:
            return verdict == ASKS
        frame = frame.f_back
    return False


def _verdict(name: str) -> str:
    """Whether code of this file asks for itself, passes a question on, or is none of the test's."""
    return PASSES if name.endswith(PASSING) else APART_FROM if any(part in name for part in APART) else ASKS
