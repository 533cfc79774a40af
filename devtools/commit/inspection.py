"""What is staged in a draft, looked at with git's eyes: marks in .gitattributes, conflict markers, what lies beside."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from devtools.commit.conflicts import MARKERS, added_lines, marked_line
from devtools.git.draft import Draft
from devtools.git.snapshot import Change, changes
from devtools.git.status import parse_status

GREPPED_PATHS = 500
HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg")
Stamp = tuple[int, int, int] | None


def generated(draft: Draft, paths: Sequence[str]) -> set[str]:
    """Those of the paths that .gitattributes, as staged, marks linguist-generated."""
    feed = "".join(f"{path}\0" for path in paths)
    fields = draft.checked("check-attr", "--cached", "-z", "--stdin", "linguist-generated", feed=feed).split("\0")[:-1]
    return {path for path, value in zip(fields[::3], fields[2::3], strict=True) if value in ("set", "true")}


def conflicts(draft: Draft, changes: Sequence[Change]) -> list[tuple[str, int]]:
    """Path and line of each file to which the draft adds conflict markers."""
    named = {change.path: change for change in changes if not change.binary and change.added}
    if not named:
        return []
    patterns = [option for pattern in MARKERS for option in ("-e", pattern.replace(r"\r", "\r"))]
    paths = list(named) if len(named) <= GREPPED_PATHS else []
    argv = ("grep", "--cached", "-I", "-l", "-z", "-E", "--all-match", *patterns, "--", *paths)
    suspects = draft.git("--literal-pathspecs", *argv).out.split("\0")[:-1]
    lines = ((path, marked_line(added_lines(_diff(draft, named[path])))) for path in suspects if path in named)
    return [(path, line) for path, line in lines if line]


def _diff(draft: Draft, change: Change) -> str:
    """The lines that the draft adds to one file, as a diff without context."""
    if change.status == "A":
        text = draft.checked("cat-file", "blob", f":{change.path}")
        return "\n".join(["@@ -0,0 +1 @@", *(f"+{line}" for line in text.split("\n"))])
    before = f"{draft.head.tree}:{change.old_path}"
    return draft.checked("diff", "--no-ext-diff", "--no-textconv", "-U0", before, f":{change.path}")


def hooked(draft: Draft) -> bool:
    """Whether a hook of the person's may look at the commit before it is made."""
    folder = draft.checked("rev-parse", "--git-path", "hooks").removesuffix("\n")
    return any(os.access(os.path.join(draft.place.root, folder, name), os.X_OK) for name in HOOKS)


def mended(draft: Draft, tree: str, before: Mapping[str, Stamp]) -> list[str]:
    """The paths that changed, in the working tree or in the draft, since that was the tree and `before` its stamps."""
    staged = [change.path for change in changes(draft.place.root, tree, draft.tree())]
    now = stamps(draft)
    return sorted({*staged, *(path for path in {*now, *before} if now.get(path) != before.get(path))})


def stamps(draft: Draft) -> dict[str, Stamp]:
    """The unsaved paths, each with what changes when somebody writes it."""
    return {path: _stamp(os.path.join(draft.place.root, path)) for path in unsaved(draft)}


def _stamp(path: str) -> Stamp:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def unsaved(draft: Draft) -> list[str]:
    """What makes the working tree another than the draft: paths changed, untracked, left out or not looked at.

    Ignored files are the machine's, not the tree's.
    """
    state = parse_status(draft.checked("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all"))
    blind = [entry[2:] for entry in draft.checked("ls-files", "-v", "-z").split("\0") if entry[:1] not in ("H", "")]
    return [*state.conflicted, *state.unstaged, *state.untracked, *blind]
