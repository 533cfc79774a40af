"""Before a tool runs: refuse what would break the cycle, pass the checks by, or forge the guard itself."""

import os

from devtools.system import state
from devtools.tdd.cycle import GREEN, RED, cycle_of

# Which of its inputs names the file that a tool writes.
EDITORS = {"Write": "file_path", "Edit": "file_path", "MultiEdit": "file_path", "NotebookEdit": "notebook_path"}
# Tools of MCP servers are known by their names alone: mcp__SERVER__TOOL. What reads only must not be held back.
MCP = "mcp__"
WRITING = (
    *(
        "write",
        "edit",
        "create",
        "delete",
        "remove",
        "move",
        "rename",
        "replace",
        "insert",
        "append",
        "patch",
        "update",
    ),
    *("save", "copy", "apply"),
)
PLACES = ("path", "file", "filename", "filepath", "source", "destination", "target", "uri", "from", "to")
# A line without any of these, once quotes are taken away, is of no interest while no cycle is open.
SIGNS = ("git", "hub", "--apply", "devtools", ".claude", "toml")
# Commands whose output has a shorter form.
KNOWN = ("pytest", "py.test", "ruff", "mypy", "pyright", "git ")
# Files by which git knows where its branches are, in small letters.
BRANCHES = ("/.git/head", "/.git/packed-refs", "/.git/refs", "/.git/logs")
UNQUOTED = {ord(sign): None for sign in "'\"\\\n"}


def reply(payload: "dict[str, object]") -> "dict[str, object] | None":
    """Return a refusal with its reason, or None: then Claude Code asks and does as it would without us."""
    tool, given = payload.get("tool_name"), payload.get("tool_input")
    if not isinstance(tool, str) or not isinstance(given, dict):
        raise ValueError("the event names no tool and input")
    folder = str(payload.get("cwd") or os.getcwd())
    if tool != "Bash" and not tool.startswith(MCP):  # what an editor wrote is known by its input alone
        return _refused(tool, given, folder)
    import time

    from devtools.hooks import marks

    here = state.root_of(folder)
    marks.keep(here, payload, time.time())
    answer = _refused(tool, given, folder)
    if answer and "systemMessage" not in answer:  # the tool will not run
        marks.drop(here, payload)
        return answer
    return _shortened(given, here, answer) if tool == "Bash" else answer


def _shortened(given: "dict[str, object]", root: str, answer: "dict[str, object] | None") -> "dict[str, object] | None":
    """The answer, with a line in its place that says the same in fewer words where there is one."""
    line = _text(given, "command")
    if not any(name in line for name in KNOWN):
        return answer
    from devtools.hooks import rewriting

    shorter = rewriting.rewritten(line, root)
    if not shorter:
        return answer
    inner = (answer or {}).get("hookSpecificOutput")
    told = inner if isinstance(inner, dict) else {"hookEventName": "PreToolUse"}
    allowed = {"permissionDecision": "allow"} if rewriting.only_reads(line) else {}
    return {**(answer or {}), "hookSpecificOutput": {**told, **allowed, "updatedInput": {**given, "command": shorter}}}


def _refused(tool: str, given: "dict[str, object]", folder: str) -> "dict[str, object] | None":
    root, reason = _judged(tool, given, folder)
    return _refusal(root, reason) if reason else None


def _judged(tool: str, given: "dict[str, object]", folder: str) -> "tuple[str, str]":
    """The root of the working tree in which the call would do what it must not, and why not."""
    if tool in EDITORS:
        return _edit(os.path.join(folder, _text(given, EDITORS[tool])), given)
    if tool == "Bash":
        return _line(_text(given, "command"), folder)
    # A file tool of a server once wrote production in phase red past the hooks.
    if tool.startswith(MCP) and any(verb in tool.rpartition("__")[2].casefold() for verb in WRITING):
        return _first([os.path.join(folder, path) for path in _places(given)])
    return "", ""


def held(path: str) -> str:
    """Return why a file must not be written, whatever is written to it."""
    return _edit(path, None)[1]


def _text(given: "dict[str, object]", key: str) -> str:
    value = given.get(key)
    if not isinstance(value, str):
        raise ValueError(f"the tool's input has no {key}")
    return value


def _places(given: "dict[str, object]") -> "list[str]":
    """The files that a tool of unknown make is told to write, by what its inputs are called."""
    found = []
    for key, value in given.items():
        name = key.casefold()
        if name in PLACES or name.endswith(("path", "paths", "_file", "files")):
            values = value if isinstance(value, list) else [value]
            found += [each.removeprefix("file://") for each in values if isinstance(each, str)]
    return found


def _first(paths: "list[str]") -> "tuple[str, str]":
    """The first refusal among some files."""
    answers = (_edit(path, None) for path in paths)
    return next((answer for answer in answers if answer[1]), ("", ""))


def _edit(path: str, given: "dict[str, object] | None") -> "tuple[str, str]":
    """The root of the file's working tree, and why it must not be written; both as named and where links lead."""
    named, real = os.path.abspath(path), os.path.realpath(path)
    for place in (named,) if named == real else (named, real):
        root = state.root_of(os.path.dirname(place))
        inside = os.path.relpath(place, root) if root else place
        reason = _own(place, inside) or (_phase(root, inside) if root else "")
        if root and not reason and given and inside in state.SETTINGS:
            from devtools.hooks import settings

            reason = settings.changed(root, inside, given)
        # `echo > devtools.toml` with mode off once passed, and then nothing was guarded any more.
        elif root and not reason and inside == "devtools.toml":  # it holds nothing else, whatever is written
            reason = "devtools.toml holds the settings of devtools. Ask the person to change them."
        if reason:
            return root, reason
    return "", ""


def _own(place: str, inside: str) -> str:
    """Why a path is devtools' own, whatever the phase. Case is not looked at: some file systems do not either."""
    path = "/" + inside.replace(os.sep, "/").casefold()
    if _is_state(place):
        return f"{inside} is devtools' own state. Run devtools tdd status to see how the phase changes."
    if path.endswith(("/.claude/settings.json", "/.claude/settings.local.json")):
        return f"{inside} sets up the hooks that guard this repository. Ask the person to change it."
    # A write there moves a branch to a commit that no check saw, or hides that it moved.
    if path.endswith(BRANCHES) or any(f"{name}/" in path for name in BRANCHES):
        return f"{inside} records where branches are. Move them with git, and commit with devtools commit."
    # A core.hooksPath that an editor wrote to ~/.gitconfig was reported by nobody: an editor's call has no mark.
    if "/.git/hooks/" in path or path.endswith(("/.git/config", "/.git/config.worktree", "/.gitconfig")):
        return f"{inside} decides which git hooks run. Ask the person to change it."
    return ""


def _whole(path: str) -> "tuple[str, str]":
    """The root of a folder of guards that would be taken away, and why it must stay."""
    folder = os.path.realpath(path)
    root = state.root_of(os.path.dirname(folder))
    # Removing the whole folder takes the guards away as surely as writing to a file in it.
    for name, what in ((".claude", "the hooks that guard this repository"), (".git/hooks", "the git hooks")):
        if root and folder == os.path.join(os.path.realpath(root), name):
            return root, f"{name} holds {what}. Ask the person to change it."
    return "", ""


def _is_state(place: str) -> bool:
    """Whether a path is the folder of our state in a git directory, whichever, or lies in it."""
    # The git directory decides and not the name: a folder .devtools in the tree is a folder like any other.
    parts = place.split(os.sep)
    found = [number for number, part in enumerate(parts) if part.casefold() == state.FOLDER]
    return any(state.is_git_folder(os.sep.join(parts[:number])) for number in found)


def _phase(root: str, inside: str) -> str:
    """Why the open cycle holds this file back."""
    cycle = cycle_of(root)
    if cycle.phase == GREEN and inside.casefold() in {name.casefold() for name in cycle.files()}:
        return (
            f"phase green: {inside} contains the witnessed tests. Change production code until they pass, then run "
            "devtools tdd green. If a test is wrong, run devtools tdd red --reopen."
        )
    if cycle.phase == RED:
        from devtools.project.path_kinds import is_production

        if is_production(inside, cycle) and not _is_ignored(root, inside):
            return (
                f"phase red: {inside} is production code, which is locked until a new test fails. Write the test of "
                f"'{cycle.behaviour}' first, then run devtools tdd red."
            )
    return ""


def _is_ignored(root: str, inside: str) -> bool:
    """Whether git ignores it; git itself is asked in doubt only, which costs more than all the rest."""
    if state.is_tracked(root, inside) or not state.may_be_ignored(root, inside):
        return False
    from devtools.git import status as git

    return git.is_ignored(root, inside)


def _line(line: str, folder: str) -> "tuple[str, str]":
    """The root where a shell line would do what it must not, and why not. A commit is looked for first: no state that
    is malformed may hide it."""
    here = state.root_of(folder)
    bare = line.translate(UNQUOTED)
    # Most lines end here, so that the reader of shell lines is not even loaded for them.
    if not any(sign in bare for sign in SIGNS) and not (here and os.path.exists(state.cycle_file(here))):
        return here, ""
    from devtools.hooks import bypass

    acts = bypass.acts(line, folder, _alias)
    for act in acts:
        if not act.path and _is_ours(here, state.root_of(act.folder)):
            return here, _commit(act.kind)
    for act in acts:
        path = os.path.join(act.folder, os.path.expanduser(act.path))
        if not act.path or (act.kind == "into" and not os.path.isdir(os.path.dirname(path))):
            continue
        root, reason = _whole(path) if act.kind == "away" else _edit(path, None)
        if reason:
            return root, reason
    return here, ""


def _commit(kind: str) -> str:
    if kind == "hooks":
        return "core.hooksPath decides which git hooks run. Ask the person to change it."
    # The one way past the proof that a model could take unhindered: a plan of untested commits.
    if kind == "apply":
        return (
            "applying a plan without --verify would create unproved commits. "
            "Run devtools commit --apply PLAN.json --verify instead."
        )
    return "git commit skips the checks. Run devtools commit -m MESSAGE [PATH...] instead."


def _is_ours(here: str, there: str) -> bool:
    """Whether a commit there is a commit of this repository, or of another one that devtools watches."""
    if not here or not there:
        return False
    same = here == there or state.repository_of(here) == state.repository_of(there)
    return same or os.path.isdir(state.folder(there))


def _alias(folder: str, name: str) -> str:
    from devtools.git import status as git

    return git.alias(folder, name) if os.path.isdir(folder) else ""


def _refusal(root: str, reason: str) -> "dict[str, object] | None":
    """The refusal, as the project's mode has it: "strict" refuses, "warn" tells, "off" says nothing."""
    from devtools.hooks.mode import mode_of

    mode = mode_of(root)
    if mode == "off":
        return None
    if mode == "warn":
        told = {"hookEventName": "PreToolUse", "additionalContext": f"devtools warns: {reason}"}
        return {"systemMessage": f"devtools warns: {reason}", "hookSpecificOutput": told}
    decision = {"permissionDecision": "deny", "permissionDecisionReason": f"devtools: {reason}"}
    return {"hookSpecificOutput": {"hookEventName": "PreToolUse", **decision}}
