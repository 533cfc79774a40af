"""What a tool may change out of our sight: marked before it runs, compared after. Read without a process, for hooks.

A mark belongs to one call of one session, so that neither two calls at once nor two sessions take it from another.
It stays until an event after the call has answered it. A call of which no such event came is answered with the next.
"""

import os

from devtools.hooks import branch_logs, guards
from devtools.system import fast_json as scan
from devtools.system import sealed, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Payload = dict[str, object]
    Mark = dict[str, str]

FOLDER = f"{state.FOLDER}/marks"
SESSIONS = f"{state.FOLDER}/sessions"
# The oldest beyond so many go; a call that is not answered after so long will not be.
KEPT = 64
SECONDS = 24 * 3600.0
# For how long a call is answered with a later one: no shell command of the client runs longer.
STRAY_SECONDS = 900.0
TAIL = 4096
LOG, TAILED, TIME, STATE, BRANCHES = "log", "tail", "time", "state", "branches"
CLIENT, GIT, HOOK = "client ", "git ", "hook "


def keep(root: str, payload: "Payload", now: float) -> None:
    """Mark how everything stands before the tool runs. Where that cannot be written it hinders no tool."""
    try:
        base = state.base_of(root)
        mark = {**taken(root), TIME: str(now)}
        sealed.write(base, f"{FOLDER}/{_session(payload)}.{_call(payload)}", _bytes(mark))
        _sweep(base, FOLDER, now)
    except OSError:
        return


def begin(root: str, payload: "Payload", now: float) -> None:
    """Mark how everything stands for a session as a whole."""
    try:
        base = state.base_of(root)
        sealed.write(
            base, f"{SESSIONS}/{_name(str(payload.get('session_id')))}", _bytes({**taken(root), TIME: str(now)})
        )
        _sweep(base, SESSIONS, now)
    except OSError:
        return


def begun(root: str, payload: "Payload") -> "Mark":
    """Return how everything stood for the session; an empty mark where that is not known."""
    try:
        return _read(state.base_of(root), f"{SESSIONS}/{_name(str(payload.get('session_id')))}")
    except OSError:
        return {}


def running(root: str, payload: "Payload") -> "Mark":
    """Return how everything stood before the oldest call of the session that is not answered yet.

    Empty where none is.
    """
    try:
        marks = [mark for _, mark in _marks(state.base_of(root), _session(payload))]
    except OSError:
        return {}
    return min(marks, key=_time, default={})


def drop(root: str, payload: "Payload") -> None:
    """Forget the mark of a call that was refused."""
    try:
        sealed.remove(state.base_of(root), f"{FOLDER}/{_session(payload)}.{_call(payload)}")
    except OSError:
        return


def answered(root: str, payload: "Payload", now: float) -> "tuple[Mark, Mark]":
    """Return how everything stood before the call, or before an earlier unanswered one, and how it stands now.

    Two empty ones where nothing was marked. Calls of the session that still run are told later of what comes later.
    """
    try:
        base = state.base_of(root)
        own = f"{_session(payload)}.{_call(payload)}"
        found = {name: mark for name, mark in _marks(base, _session(payload)) if name == own or _is_near(mark, now)}
        if not found:
            return {}, {}
        after = taken(root)
        before = min(found.values(), key=_time)
        sealed.remove(base, f"{FOLDER}/{own}")
        for name in found.keys() - {own}:
            sealed.write(base, f"{FOLDER}/{name}", _bytes({**after, TIME: found[name][TIME]}))
    except OSError:
        return {}, {}
    return {name: said for name, said in before.items() if name != TIME}, after


def taken(root: str) -> "Mark":
    """Return how everything stands that a tool could change out of our sight."""
    git, common = state.git_folder(root), state.repository_of(root)
    size, tail = _end(os.path.join(git, "logs", "HEAD"))
    mark = {LOG: str(size), TAILED: tail, STATE: _written(state.cycle_file(root))}
    mark[BRANCHES] = branch_logs.standing(git, common)
    for name in state.SETTINGS:
        mark[name] = state.text_or_none(os.path.join(root, name))
    for path in client_files(root):
        mark[CLIENT + path] = "\n".join(_of_client(root, path))
    for path in _git_files(git, common):
        mark[GIT + path] = "\n".join(guards.of_git(state.text_or_none(path)))
    for path, said in _hooks(os.path.join(common, "hooks")):
        mark[HOOK + path] = said
    return mark


def client_files(root: str) -> "list[str]":
    """Return the settings that the client reads for this working tree, the person's own last."""
    home = os.environ.get("CLAUDE_CONFIG_DIR") or os.path.join(os.path.expanduser("~"), ".claude")
    project = os.environ.get("CLAUDE_PROJECT_DIR") or root
    folders = dict.fromkeys((root, os.path.abspath(project)))
    names = ("settings.json", "settings.local.json")
    return [*(os.path.join(each, ".claude", name) for each in folders for name in names), f"{home}/settings.json"]


def _of_client(root: str, path: str) -> "list[str]":
    """What a settings file of the client holds of our guards. A link that leads out of the project is a switch."""
    linked = os.path.islink(path) or os.path.islink(os.path.dirname(path))
    if linked and path.startswith(os.path.join(root, "")):
        real = os.path.realpath(path)
        if not real.startswith(os.path.join(os.path.realpath(root), "")):
            return [f"{guards.SWITCH}a link that leads out of the repository={real}"]
    return guards.of_client(state.text_or_none(path))


def logged(root: str, before: "Mark") -> "list[str] | None":
    """Return the lines that HEAD's log gained since the mark; None where the log no longer holds what it held then."""
    path = os.path.join(state.git_folder(root), "logs", "HEAD")
    tail = before[TAILED].encode("utf-8", "surrogateescape")
    start = max(int(before[LOG]) - len(tail), 0)
    data = sealed.tail(path, start, state.MOST)
    if data is None:
        return None if tail else []
    if not data.startswith(tail):
        data = sealed.tail(path, 0, state.MOST) or b""
        if tail not in data:
            return None
        # By its last line and not by its size: a log that was cut differs from one that only lost its oldest lines.
        data = data[data.index(tail) :]
    return data[len(tail) :].decode("utf-8", "surrogateescape").splitlines()


def _end(path: str) -> "tuple[int, str]":
    """The size of a log and its last line; nothing where there is none."""
    try:
        size = os.path.getsize(path)
    except OSError:
        return 0, ""
    data = sealed.tail(path, max(size - TAIL, 0), TAIL) or b""
    line = data[data.rstrip(b"\n").rfind(b"\n") + 1 :]
    return size, line.decode("utf-8", "surrogateescape")


def _git_files(git: str, common: str) -> "tuple[str, ...]":
    """The configurations of git that may say where hooks are."""
    home = os.path.expanduser("~")
    shared = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    own = (os.path.join(common, "config"), os.path.join(git, "config.worktree"))
    return (*own, os.path.join(home, ".gitconfig"), os.path.join(shared, "git", "config"))


def _hooks(folder: str) -> "Iterator[tuple[str, str]]":
    """Each hook of git, with what changes when it is written."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if not entry.name.endswith(".sample"):
            yield entry.path, _written(entry.path)


def _written(path: str) -> str:
    """What changes when a file is written; empty where there is none."""
    try:
        stat = os.lstat(path)
    except OSError:
        return ""
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ino} {stat.st_mode}"


def _marks(base: str, session: str) -> "Iterator[tuple[str, Mark]]":
    """The marks of a session, by the names of their files."""
    for name in sealed.names(base, FOLDER):
        if name.startswith(f"{session}.") and sealed.MAKING not in name:
            mark = _read(base, f"{FOLDER}/{name}")
            if mark:
                yield name, mark


def _read(base: str, name: str) -> "Mark":
    """A mark; an empty one where the file holds none of ours."""
    try:
        value = scan.decode(sealed.read(base, name, 4 * state.MOST).decode("utf-8", "surrogateescape"))
    except (OSError, ValueError, RecursionError):
        return {}
    whole = isinstance(value, dict) and all(isinstance(said, str) for said in value.values())
    if not (whole and isinstance(value, dict) and {LOG, TAILED, TIME, *state.SETTINGS} <= value.keys()):
        return {}
    return value if value[LOG].isdecimal() and _time(value) else {}


def _sweep(base: str, folder: str, now: float) -> None:
    """Remove marks that nobody will answer."""
    names = sealed.names(base, folder)
    ages = []
    for name in names:
        try:
            ages.append((os.lstat(os.path.join(base, folder, name)).st_mtime, name))
        except OSError:
            continue  # another call was faster
    kept = sorted(ages)[-KEPT:]
    for written, name in ages:
        if (written, name) not in kept or now - written > SECONDS:
            sealed.remove(base, f"{folder}/{name}")


def _is_near(mark: "Mark", now: float) -> bool:
    return now - _time(mark) < STRAY_SECONDS


def _time(mark: "Mark") -> float:
    try:
        return float(mark[TIME])
    except ValueError:
        return 0.0


def _session(payload: "Payload") -> str:
    """Who calls: a session, and within it each of its agents."""
    return _name(f"{payload.get('session_id')} {payload.get('agent_id') or ''}")


def _call(payload: "Payload") -> str:
    return _name(str(payload.get("tool_use_id") or ""))


def _name(said: str) -> str:
    """A text as the part of a file's name: what may stand there, and a number that tells it from a like one."""
    number = 0
    for sign in said:  # two like names differ in it; a module with a better sum costs more than this loop
        number = (number * 31 + ord(sign)) & 0xFFFFFFFF
    plain = "".join(sign for sign in said if sign.isascii() and sign.isalnum())
    return f"{plain[:48]}-{number:08x}"


def _bytes(mark: "Mark") -> bytes:
    return scan.encode(mark).encode()
