"""A draft message for a group of hunks: type and scope by kind of file, a subject that names things."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from devtools.commit.message import SUBJECT_LIMIT
from devtools.plan.hunks import FileChange
from devtools.plan.traits import Unit
from devtools.project.config import Config

# Workflows only: a changed .github/CONTRIBUTING.md of structlog was drafted as ci(github).
CI = re.compile(r"(?:\.github/(?:workflows|actions|dependabot)|\.ci/|\.circleci/|\.gitlab-ci|\.travis|azure-pipelines)")
COMMENT = re.compile(r"\s*(?:#.*)?$")
ROOTS = {"src", "lib", "tests", "test", "docs", "doc", ""}
VERBS = {"feat": "add", "fix": "correct", "refactor": "rework", "docs": "update", "test": "cover"}


def draft(units: Sequence[Unit], changes: Sequence[FileChange], config: Config) -> str:
    """Return the message of a commit of these units, one line of at most 72 characters in an allowed type."""
    touched = {unit.file: changes[unit.file] for unit in units}
    kind = type_of(units)
    known = config.commit_types
    allowed = kind if kind in known else "chore" if "chore" in known else known[0]
    scope = _scope(units)
    head = f"{allowed}({scope}): " if scope else f"{allowed}: "
    return head + _subject(kind, units, touched, SUBJECT_LIMIT - len(head))


def type_of(units: Sequence[Unit]) -> str:
    """Return the Conventional Commits type that fits best."""
    kinds = {unit.kind for unit in units}
    code = [unit for unit in units if unit.kind == "code"]
    if all(CI.match(unit.path) for unit in units):
        return "ci"
    if code:
        return _type_of_code(code, kinds)
    for fitting, name in (({"prose", "changes"}, "docs"), ({"lock", "manifest"}, "build")):
        if kinds <= fitting:
            return name
    return "test" if "test" in kinds else "build" if kinds & {"lock", "manifest"} else "chore"


def _type_of_code(code: Sequence[Unit], kinds: set[str]) -> str:
    """feat where something public is new, fix where a test came with the change, refactor where neither is so."""
    if any(unit.hunk.kind == "rename" for unit in code):
        return "refactor"
    if any(not name.startswith("_") for name in _fresh(code)):
        return "feat"
    if all(COMMENT.match(line) for unit in code for line in (*unit.hunk.added, *unit.hunk.removed)):
        return "docs" if any(unit.hunk.kind == "text" for unit in code) else "chore"
    return "fix" if "test" in kinds else "refactor"


def _fresh(units: Sequence[Unit]) -> list[str]:
    """Names that these units define and nothing had before, those that a definition of the outer level makes first."""
    found = {
        name: len(unit.scope)
        for unit in units
        for name in sorted(unit.defines & unit.born)
        if name != posixpath.basename(unit.path).split(".")[0] or name in unit.scope  # the file itself is no definition
    }
    outer = {unit.scope[-1] for unit in units if len(unit.scope) == 1}
    return sorted(found, key=lambda name: (name not in outer, name.startswith("_"), found[name]))


def _scope(units: Sequence[Unit]) -> str:
    """The folder that all code is in, or all files where there is no code; empty where they share none."""
    code = [unit.path for unit in units if unit.kind == "code"] or [unit.path for unit in units]
    folders = {posixpath.dirname(path) for path in code}
    name = posixpath.basename(folders.pop()) if len(folders) == 1 else ""
    name = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return "" if name in ROOTS else name


def _subject(kind: str, units: Sequence[Unit], touched: dict[int, FileChange], room: int) -> str:
    """What was done, in at most `room` characters."""
    # By the hunk, not by the file: edits of a file that another commit renamed bore the same subject.
    moved = [touched[unit.file] for unit in units if unit.hunk.kind == "rename"]
    if moved:
        return fitted("rename ", [f"{_base(one.old_path)} to {_base(one.path)}" for one in moved], room)
    tests = [name for name in _fresh(units) if name.startswith("test_")]
    if kind == "test" and len(tests) == 1:
        return tests[0].removeprefix("test_").replace("_", " ")[:room]
    if all(change.deleted for change in touched.values()):
        return fitted("remove ", [_base(change.path) for change in touched.values()], room)
    names = _named(kind, units)
    if names:
        return fitted(f"{VERBS[kind]} ", names, room)
    files = list(dict.fromkeys(_base(unit.path) for unit in units))
    verb = "add" if all(change.created for change in touched.values()) else VERBS.get(kind, "update")
    return fitted(f"{verb} ", files, room)


def _named(kind: str, units: Sequence[Unit]) -> list[str]:
    """The definitions that the subject can name."""
    code = [unit for unit in units if unit.kind == "code"]
    if kind == "feat":
        return _fresh(code)
    if kind in ("fix", "refactor"):
        heaviest = sorted(code, key=lambda unit: -unit.weight)
        return list(dict.fromkeys(".".join(unit.scope) for unit in heaviest if unit.scope))
    return []


def _base(path: str) -> str:
    """A file's name, printable: what is not UTF-8 or not a character of a line becomes a question mark."""
    name = posixpath.basename(path).encode("utf-8", "replace").decode()
    return "".join(char if char.isprintable() else "?" for char in name)


def fitted(verb: str, names: Sequence[str], room: int) -> str:
    """As many of the names as there is room for, and the number of the rest."""
    for count in range(len(names), 0, -1):
        shown, rest = names[:count], len(names) - count
        tail = f" and {rest} more" if rest else ""
        listed = shown[0] if count == 1 else f"{', '.join(shown[:-1])}{',' if rest else ' and'} {shown[-1]}"
        if len(verb + listed + tail) <= room:
            return verb + listed + tail
    return (verb + names[0])[: room - 1] + "…"
