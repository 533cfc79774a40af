"""What ruff's formatter and its safe fixes make of the files of a commit: in its draft, later in the working tree.

They run on the snapshot, in a folder of its own, by the settings that it holds. What they make of a file becomes part
of the draft. The working tree's file follows when the commit is made, if it still holds what was staged.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from devtools.checks import Request, lint
from devtools.commit import limits
from devtools.commit.judge import Case
from devtools.git import snapshot
from devtools.git.draft import Draft, Place
from devtools.project.checkout import project_at
from devtools.project.project import Project
from devtools.system import sealed

REGULAR = ("100644", "100755")
ENDED = (0, 1, 2)  # ruff found nothing, found something, or could not read some file; else it left work half done
SAFE = ("--fix", *lint.PLAIN)


@dataclass(frozen=True)
class Fix:
    """One file of the snapshot that changes: its mode, and the ids of its content before and after."""

    path: str
    mode: str
    before: str
    after: str


def into_draft(case: Case, draft: Draft) -> tuple[tuple[Fix, ...], str]:
    """Stage the fixes of the files that the commit changes; return them, and a note where none could be taken.

    Fixes that would bring the commit over a limit are not taken.
    """
    project = case.project
    tools = [name for name in ("lint", "format") if name not in project.config.checks]
    ruff = project.program("ruff")
    if not tools or ruff is None:
        return (), "--fix changed nothing: " + ("ruff is not installed" if tools else "this project has its own checks")
    made = _made(case, tools, ruff)
    if not made:
        return (), ""
    after = snapshot.compose(project.root, case.tree, {fix.path: (fix.mode, fix.after) for fix in made})
    over = _codes(replace(case, tree=after)) - _codes(case)
    if over:
        return (), f"--fix changed nothing: its changes would be {', '.join(sorted(over))}"
    lines = "".join(f"{fix.mode} {fix.after}\t{fix.path}\0" for fix in made)
    draft.checked("update-index", "-z", "--index-info", feed=lines)
    return tuple(made), ""


def _codes(case: Case) -> set[str]:
    return {problem.code for problem in limits.problems(case.size, case.project.config)}


def _made(case: Case, tools: Collection[str], ruff: str) -> list[Fix]:
    """What ruff makes of the changed files at which it looks. A link is none of them."""
    root, found = case.project.root, list[Fix]()
    entries = snapshot.entries(root, case.tree)
    changed = [change.path for change in case.changes if entries.get(change.path, ("",))[0] in REGULAR]
    changed = [path for path in changed if path != limits.LEARNINGS]
    with project_at(case.project, case.tree) as there:
        paths = _looked_at(there, ruff, changed) if changed else []
        if not paths or not _run(there, ruff, tools, paths):
            return []
        for path, content in zip(paths, (sealed.read(there.root, path) for path in paths), strict=True):
            mode, before = entries[path]
            after = snapshot.blob(root, os.fsdecode(content))
            found += [Fix(path, mode, before, after)] if after != before else []
    return found


def _looked_at(project: Project, ruff: str, paths: Sequence[str]) -> list[str]:
    """Those of the paths at which the check looks: ruff reads one that is named, whatever the settings leave out."""
    listed = lint.asked(project, Request(), ruff, "check", "--show-files", "--quiet", ".").out.splitlines()
    top = os.path.realpath(project.root)
    known = {os.path.relpath(os.path.realpath(line), top) for line in listed}
    return [path for path in paths if path in known]


def _run(project: Project, ruff: str, tools: Collection[str], paths: Sequence[str]) -> bool:
    """Run the fixers one after the other, and say whether each came to its end."""
    commands = {"lint": ("check", *SAFE), "format": ("format", "--quiet")}
    for name in tools:
        done = lint.asked(project, Request(), ruff, *commands[name], "--force-exclude", "--", *paths)
        if done.timed_out or done.code not in ENDED:
            return False
    return True


def into_tree(place: Place, fixes: Sequence[Fix]) -> None:
    """Write each fix into the working tree, whole, where its file holds byte for byte what was staged."""
    contents = snapshot.blobs(place.root, sorted({each for fix in fixes for each in (fix.before, fix.after)}))
    for fix in fixes:
        with contextlib.suppress(OSError):  # what cannot be written stays, and `left` names it
            _write(place, fix.path, contents[fix.before], contents[fix.after])


def _write(place: Place, path: str, before: bytes, after: bytes) -> None:
    def still() -> bool:
        return sealed.read(place.root, path) == before

    if still():
        mode = stat.S_IMODE(os.stat(os.path.join(place.root, path)).st_mode)
        sealed.write(place.root, path, after, mode, aside=os.path.dirname(place.path("fix")), still=still)


def left(place: Place, fixes: Sequence[Fix], committed: bool) -> list[str]:
    """Return the files that stay without their fix in the working tree, since they hold something else there."""
    contents = snapshot.blobs(place.root, sorted({each for fix in fixes for each in (fix.before, fix.after)}))
    fine = {fix.path: [contents[fix.after], *([] if committed else [contents[fix.before]])] for fix in fixes}
    return [path for path, texts in fine.items() if _content(place.root, path) not in texts]


def _content(root: str, path: str) -> bytes | None:
    try:
        return sealed.read(root, path)
    except OSError:
        return None
