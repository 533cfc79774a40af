"""What has changed between a mark and now that a tool was not to change: commits, settings, guards, our state."""

import os

from devtools.hooks import guards, marks
from devtools.printable import one_line
from devtools.system import state

# How HEAD's log names what git commit did by itself, and plumbing, which names nothing.
PLAIN = ("commit", "commit (amend)", "commit (initial)", "filter-branch", "")
BACK = "put it back as it was, or ask the person"

TYPE_CHECKING = False
if TYPE_CHECKING:
    Finding = tuple[str, str]


def found(root: str, before: "marks.Mark", after: "marks.Mark") -> "list[Finding]":
    """Return what is said of each such change, and what to do about it."""
    commits = _commits(root, before)
    return [
        *commits,
        *([] if commits else _elsewhere(root, before, after)),
        *_settings(root, before, after),
        *_guards(root, before, after),
        *_cycle(root, before, after),
    ]


def _commits(root: str, before: "marks.Mark") -> "list[Finding]":
    """Commits that the tool made by plain git.

    HEAD's log says how each one came: a merge, rebase, pull, cherry-pick and the like are named there, and so is
    devtools commit.
    """
    # A release script that runs git commit --no-verify is not seen in the line that starts it, but here.
    lines = marks.logged(root, before)
    if lines is None:
        return _unlogged(root, before)
    for line in lines:
        head, _, said = line.partition("\t")
        if said.partition(":")[0] in PLAIN:
            return [_commit(head.partition(" ")[0], "HEAD moved to a commit that devtools commit did not make")]
    return []


def _elsewhere(root: str, before: "marks.Mark", after: "marks.Mark") -> "list[Finding]":
    """Commits that the tool made by plain git on another branch or in another working tree of the repository."""
    from devtools.hooks import branch_logs

    told: list[Finding] = []
    if marks.BRANCHES not in before:  # an older devtools made the mark
        return told
    for name, lines in branch_logs.gained(root, before[marks.BRANCHES], after[marks.BRANCHES]):
        shown = one_line(name.removeprefix(f"{branch_logs.BRANCHES}/"))
        plain = PLAIN if name.startswith(branch_logs.BRANCHES) else PLAIN[:4]  # git makes a working tree by plumbing
        if not lines:
            told.append((f"{shown} was moved by another program than git", BACK))
        elif any(line.partition("\t")[2].partition(":")[0] in plain for line in lines):
            old = lines[0].split(" ")[0]
            told.append(_commit(old, f"{shown} moved to a commit that devtools commit did not make", shown))
    return told[:1]


def _unlogged(root: str, before: "marks.Mark") -> "list[Finding]":
    """HEAD's log lost its last line: nothing tells how HEAD came to where it is, if it is not where it was."""
    from devtools.git.safe_process import git

    old = before[marks.TAILED].split(" ")[1:2]
    if git(root, "rev-parse", "--verify", "-q", "HEAD").out.strip() in old:
        return []
    return [_commit("".join(old), "HEAD moved, and its log was cut, so that no record shows how")]


def _commit(before: str, said: str, tip: str = "HEAD") -> "Finding":
    span = f"{before[:9]}..{tip}" if before.strip("0") else tip
    return said, f"run devtools verify {span} and fix what it names. Commit with devtools commit."


def _settings(root: str, before: "marks.Mark", after: "marks.Mark") -> "list[Finding]":
    """Settings files that changed what devtools is told."""
    from devtools.hooks import settings

    # A shell command could switch the guards off by sed on pyproject.toml, and no hook looked.
    names = [name for name in state.SETTINGS if before[name] != after[name]]
    changed = [name for name in names if settings.table(name, before[name]) != settings.table(name, after[name])]
    paths = [name for name in changed if not _came_by_git(root, before, name)]
    return [
        (f"{name} changed the settings of devtools", "put them back as they were, or ask the person") for name in paths
    ]


def _guards(root: str, before: "marks.Mark", after: "marks.Mark") -> "list[Finding]":
    """What decides on the client's hooks and on git's."""
    told = []
    for name in sorted(before.keys() | after.keys()):
        kind, _, path = name.partition(" ")
        old, new = before.get(name, ""), after.get(name, "")
        if not path or old == new:
            continue
        inside = os.path.relpath(path, root)
        shown = one_line(path if inside.startswith("..") else inside)
        if f"{kind} " == marks.CLIENT:
            lost = guards.lost(old.split("\n"), new.split("\n"))
            if lost and (inside.startswith("..") or not _came_by_git(root, before, inside)):
                told.append((f"{shown} {lost}, which guards this repository", BACK))
        else:
            told.append((f"{shown} changed, which decides which git hooks run", BACK))
    return told


def _came_by_git(root: str, before: "marks.Mark", name: str) -> bool:
    """Whether a file is as its last commit has it, so that a switch of branches brought it and no writing of a tool."""
    from devtools.git import snapshot

    path = os.path.join(root, name)
    committed = snapshot.read(root, "HEAD", name)
    if os.path.lexists(path):
        return committed == os.fsencode(state.text_or_none(path))
    return committed is None and bool(marks.logged(root, before))


def _cycle(root: str, before: "marks.Mark", after: "marks.Mark") -> "list[Finding]":
    """The cycle's own file, where its log does not say what it says: another program than devtools wrote it."""
    if before.get(marks.STATE) == after.get(marks.STATE):
        return []
    return (
        []
        if _is_logged(root)
        else [
            (
                "the state of devtools was written by another program",
                "run devtools tdd status. To begin again, run devtools tdd abort.",
            )
        ]
    )


def _is_logged(root: str) -> bool:
    from devtools.system.store import Store
    from devtools.tdd import store as cycling

    with Store(root).locked():  # a devtools that is at it has written both, then
        cycle, fault = cycling.load(root)
        known = cycling.log(root)
    steps = known[0].get("steps") if known and known[0].get("cycle") == cycle.number else None
    last = steps[-1] if isinstance(steps, list) and steps else {}
    return not fault and last.get("result") == cycle.result
