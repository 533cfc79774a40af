"""A shell line in which the calls that devtools knows are made through `devtools run`, and all else stays as it was.

Only where the output of such a call goes to the reader: what another program reads, what goes into a file and what
runs in the background is left alone. A filter that only cuts the output is a shorter answer, which ours is already:
`cat` stands in its place, so that the exit code of the pipe is what it was. On the hot path.
"""

import os
import sys

from devtools.client.calls import known
from devtools.hooks.shell import Simple, commands
from devtools.system import state

# Who writes one of these means more than lists of commands: all of the line is left alone.
STRANGE = ("[[", "((", "case ", "function ", "alias ", "coproc", "select ", "trap ", "exec ", "\r", "\0", "<<")
OPENING = frozenset(("if", "then", "elif", "else", "do", "while", "until", "!", "{", "time"))
CLOSING = frozenset(("}", "fi", "done", "esac"))
ENDS = ("", ";", "&&", "||", "\n", ")")
# Where stderr goes; stdout stays where it is.
HARMLESS = frozenset(("2>&1", "2>/dev/null", "</dev/null"))
MEANT = frozenset("$`*?[{~")
RUN = "run -- "
SIGNS = {ord(sign): None for sign in " ./-_=:^~@"}  # of words that no shell changes


def rewritten(line: str, root: str) -> str:
    """Return the line with known calls made through `devtools run`; empty where there is none."""
    if not root or any(sign in line for sign in STRANGE):
        return ""
    found = commands(line)
    if not _is_plain(line, found):
        return ""
    edits: list[tuple[int, int, str]] = []
    for at, command in enumerate(found):
        edits += _edits(line, command, found[at + 1 :])
    if not edits or not _is_wanted(root) or _is_held_back(root):
        return ""
    program = _program()
    if not program:
        return ""
    for start, stop, text in reversed(edits):
        line = f"{line[:start]}{text if start < stop else f'{program} {text}'}{line[stop:]}"
    return line


def only_reads(line: str) -> bool:
    """Return whether the line is one call of git that only looks.

    The client asks nobody about those as the model wrote them.

    Under another name it would ask about each.
    """
    words = line.split()
    plain = line.translate(SIGNS).isalnum() or line in ("git status", "git log", "git diff")
    return plain and words[:1] == ["git"] and words[1:2] in (["status"], ["log"], ["diff"])


def _is_plain(line: str, found: "list[Simple]") -> bool:
    """Whether the line holds lists, pipes and subshells only, and the output of no group goes elsewhere."""
    bare = line.replace("||", ";;")
    for place, sign in enumerate(bare):
        # A group, a pipe from it, its redirection, or the background; quoted signs may say the same: then it is left.
        after = bare[place + 1 :].lstrip(" \t\n0123456789") if sign in ")}" else ""
        if after[:1] in ("|", ">", "<", "&") and after[:2] != "&&":
            return False
    for command in found:
        if command.ended == "(" or (command.words and command.words[0] in CLOSING and command.ended in ("|", "&")):
            return False
        if (not command.words or command.words[0] in CLOSING) and command.redirections:
            return False
    return True


def _edits(line: str, command: Simple, later: "list[Simple]") -> "list[tuple[int, int, str]]":
    """What is to be put where, in order: ours before the call, and cat for what cuts its output."""
    place = _called(command.words)
    if place is None or command.inner or command.piped is not None or not HARMLESS.issuperset(command.redirections):
        return []
    raw = line[command.begins[place] : command.stop]
    is_cut = command.ended == "|"
    call = known(command.words[place:])
    if call is None or (is_cut and MEANT.intersection(raw)) or "$(" in raw or "`" in raw or "<(" in raw:
        return []
    begin, cut = command.begins[place], 0
    edits = []
    while command.ended == "|":
        reader = next((each for each in later if each.piped is command), None)
        if reader is None or not _only_cuts(reader) or reader.redirections:
            return []
        stop = reader.begins[-1] + len(line[reader.begins[-1] : reader.stop].rstrip())
        edits.append((reader.begins[0], stop, "cat"))
        cut = min(filter(None, [cut, _lines(reader)]), default=0)
        command = reader
    edits.insert(0, (begin, begin, f"run --cut {cut} -- " if cut else RUN))
    return edits if command.ended in ENDS else []


def _called(words: "list[str]") -> "int | None":
    """The place of the program's name, behind reserved words, variables and a time limit."""
    place = 0
    while place < len(words):
        word = words[place]
        name, equals, _ = word.partition("=")
        if word == "timeout" and words[place + 1 : place + 2] and words[place + 1].rstrip("smh").isdigit():
            place += 2
        elif word in OPENING or (equals and name.isidentifier() and name != "PATH"):  # else we are not found
            place += 1
        else:
            return place
    return None


def _only_cuts(command: Simple) -> bool:
    """Whether the command writes the head or the tail of what it reads, or all of it."""
    name, *rest = command.words
    if name == "cat":
        return not rest
    if name not in ("head", "tail"):
        return False
    words = rest[1:] if rest[:1] in (["-n"], ["--lines"]) else rest
    words = [word.removeprefix("--lines=").removeprefix("-n").removeprefix("-") for word in words]
    return len(words) < 2 and all(word.isdigit() for word in words)


def _lines(command: Simple) -> int:
    """How many lines it leaves; 0 for all."""
    digits = "".join(sign for word in command.words[1:] for sign in word if sign.isdigit())
    return 0 if command.words[0] == "cat" else int(digits or 10)


def _is_wanted(root: str) -> bool:
    """Whether the project has not switched this off; settings that cannot be read change nothing."""
    paths = [os.path.join(root, name) for name in state.SETTINGS]
    try:
        if not any("rewrite" in state.text(path) for path in paths if os.path.isfile(path)):
            return True  # nothing is set, and no reader of TOML is loaded to see it
    except OSError:
        return False
    from devtools.errors import DevtoolsError
    from devtools.project.project import load

    try:
        wanted: bool = load(root).config.rewrite
        return wanted
    except DevtoolsError:
        return False


def _is_held_back(root: str) -> bool:
    """Whether a person's rules deny or ask about shell commands: they know each by the name that the model gives it."""
    home = os.environ.get("CLAUDE_CONFIG_DIR") or os.path.join(os.path.expanduser("~"), ".claude")
    places = [os.path.join(root, ".claude", name) for name in ("settings.json", "settings.local.json")]
    # A rule that denies Bash(git log:*) does not fit `devtools run -- git log`, so a rewritten line would slip past
    # it.
    for place in (*places, os.path.join(home, "settings.json")):
        said = state.text_or_none(place)
        if "Bash" in said and ('"deny"' in said or '"ask"' in said):
            from devtools.system import fast_json

            try:
                settings = fast_json.decode(said)
            except (ValueError, RecursionError):
                return True
            rules = settings.get("permissions") if isinstance(settings, dict) else None
            held = [rules.get(name) for name in ("deny", "ask")] if isinstance(rules, dict) else []
            if any(str(rule).startswith("Bash") for each in held if isinstance(each, list) for rule in each):
                return True
    return False


def _program() -> str:
    """How the shell finds us: by name where that leads to some devtools, else by the path of this one."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if os.path.isabs(folder) and os.access(os.path.join(folder, "devtools"), os.X_OK):
            return "devtools"
    path = os.path.abspath(sys.argv[0])
    plain = path.replace("/", "").replace("-", "").replace("_", "").replace(".", "")
    return path if os.path.basename(path) == "devtools" and plain.isalnum() and os.access(path, os.X_OK) else ""
