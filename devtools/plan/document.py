"""A plan: the uncommitted changes as an ordered list of commits, made from a diff, and written to and read from JSON.

The JSON is meant to be edited: hunks may be moved between commits or taken out (they stay uncommitted), commits put in
another order, messages changed. Every hunk stands there whole, and reading back accepts only hunks of the diff.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from devtools.commit import limits
from devtools.errors import UsageError
from devtools.findings import Problem
from devtools.plan import drafts as plan_message
from devtools.plan import grouping, ordering, traits
from devtools.plan.hunks import FileChange, Hunk
from devtools.plan.traits import Piece
from devtools.project import path_kinds
from devtools.project.config import Config

NOUNS: dict[type, str] = {dict: "an object", list: "a list", str: "a string"}
Place = tuple[int, int]


@dataclass(frozen=True)
class Step:
    """One planned commit: its hunks as (number of the file, number in it); `verified` is None while nobody tried."""

    message: str
    hunks: tuple[Place, ...]
    verified: bool | None = None
    note: str = ""


def make(changes: Sequence[FileChange], texts: Mapping[str, str], config: Config) -> list[Step]:
    """Return the commits that the changes fall into, in the order in which to make them."""
    units = traits.units(changes, texts, lambda path: path_kinds.is_test(path, config))
    groups = grouping.group(units, changes, config)
    steps = []
    for group in ordering.order(groups, units, [change.created for change in changes]):
        members = [units[at] for at in group]
        hunks = tuple((unit.file, unit.index) for unit in members)
        steps.append(Step(plan_message.draft(members, changes, config), hunks))
    return steps


def size(step: Step, changes: Sequence[FileChange], config: Config) -> limits.Size:
    """Return what counts of a step."""
    rows: dict[str, Piece] = {}
    for number, index in step.hunks:
        change, hunk = changes[number], changes[number].hunks[index]
        row = traits.sized(change, hunk)
        before = rows.get(change.path)
        rows[change.path] = row if before is None else before.plus(row)
    return limits.measure(rows.values(), config)


def to_json(steps: Sequence[Step], changes: Sequence[FileChange], config: Config) -> list[dict[str, Any]]:
    """Return the contract's commits, with what a person needs to edit them."""
    return [_commit(step, changes, config) for step in steps]


def _commit(step: Step, changes: Sequence[FileChange], config: Config) -> dict[str, Any]:
    files: dict[int, dict[str, Any]] = {}
    for number, index in sorted(step.hunks):
        change = changes[number]
        entry = files.setdefault(number, {"path": change.path, "hunks": []})
        if change.old_path != change.path:
            entry["old_path"] = change.old_path
        entry["hunks"].append(text_of(change, change.hunks[index]))
    hunks = [changes[number].hunks[index] for number, index in step.hunks]
    commit: dict[str, Any] = {"message": step.message, "files": list(files.values())}
    commit["added"] = sum(hunk.counts()[0] for hunk in hunks)
    commit["deleted"] = sum(hunk.counts()[1] for hunk in hunks)
    commit["verified"] = step.verified
    over = [problem.code for problem in limits.problems(size(step, changes, config), config)]
    return commit | ({"over": over} if over else {}) | ({"note": step.note} if step.note else {})


def rest(steps: Sequence[Step], changes: Sequence[FileChange]) -> list[str]:
    """Return the paths of which some hunk is in no step."""
    planned = {hunk for step in steps for hunk in step.hunks}
    return list(
        dict.fromkeys(change.path for number, index, change, _ in _all(changes) if (number, index) not in planned)
    )


def text_of(change: FileChange, hunk: Hunk) -> str:
    """Return a hunk as a plan shows it: a unified hunk without context, or one line that says what happens."""
    if hunk.kind == "rename":
        return f"rename from {change.old_path}"
    if hunk.kind == "mode":
        return f"mode {change.old_mode} to {change.new_mode}"
    if hunk.kind == "whole":
        return f"content {change.old_mode} {change.old_id} to {change.new_mode} {change.new_id}"
    head = f"@@ -{hunk.old_start},{len(hunk.removed)} +{hunk.new_start},{len(hunk.added)} @@\n"
    return head + _marked("-", hunk.removed) + _marked("+", hunk.added)


def _marked(sign: str, lines: Sequence[str]) -> str:
    ended = (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    return "".join(sign + line for line in ended)


def base(document: Any) -> str:
    """Return the tree that a plan's JSON was made upon. UsageError where it does not say."""
    return str(_field(_typed(document, dict, "the plan"), "base_tree", str, ""))


def read(document: Any, changes: Sequence[FileChange], own: str = "") -> tuple[list[Step], list[Problem]]:
    """Return the steps of a plan's JSON, and why they cannot be made of these changes.

    Whether they are good commits is not asked here. UsageError names a malformed field. Hunks of the path `own`, where
    the plan itself lies, are passed over: it was empty when the plan was made.
    """
    known = {(change.path, text_of(change, hunk)): (number, index) for number, index, change, hunk in _all(changes)}
    steps = []
    problems: list[Problem] = []
    taken: dict[Place, str] = {}
    for at, commit in enumerate(_field(_typed(document, dict, "the plan"), "commits", list, "")):
        where = f"commits[{at}]"
        hunks: list[Place] = []
        listed = _hunks(_typed(commit, dict, where), where)
        words = _field(commit, "message", str, where)
        for place, path, text in listed:
            # Written through a pipe, a plan held its own file, empty as it was then, and was stale at once.
            if path == own:
                continue
            found = known.get((path, text))
            if found is None:
                problems.append(Problem("stale-plan", f"{place} is no change of the working tree", path))
            elif found in taken:
                problems.append(Problem("bad-plan", f"{place} stands in {taken[found]} already", path))
            else:
                taken[found] = place
                hunks.append(found)
        if any(path != own for _, path, _ in listed):
            steps.append(Step(words, tuple(hunks)))
    return steps, problems + _parted(steps, changes)


def _all(changes: Sequence[FileChange]) -> list[tuple[int, int, FileChange, Hunk]]:
    return [
        (number, index, change, hunk)
        for number, change in enumerate(changes)
        for index, hunk in enumerate(change.hunks)
    ]


def _hunks(commit: dict[str, Any], where: str) -> list[tuple[str, str, str]]:
    """(place in the plan, path, text) of each hunk of a commit."""
    found = []
    files = _field(commit, "files", list, where)
    for number, file in enumerate(files):
        inside = f"{where}.files[{number}]"
        path = _field(_typed(file, dict, inside), "path", str, inside)
        for index, text in enumerate(_field(file, "hunks", list, inside)):
            place = f"{inside}.hunks[{index}]"
            found.append((place, path, _typed(text, str, place)))
    if not found:
        raise UsageError(f"the plan's {where}.files holds no hunk", "take the commit out, or give it one")
    return found


def _field(table: dict[str, Any], name: str, kind: type, where: str) -> Any:
    full = f"{where}.{name}" if where else name
    if name not in table:
        raise UsageError(f"the plan has no {full}", "make it again with devtools commit --plan --json")
    return _typed(table[name], kind, full)


def _typed(value: Any, kind: type, where: str) -> Any:
    if isinstance(value, kind):
        return value
    raise UsageError(f"{where} is not {NOUNS[kind]}", "make the plan again with devtools commit --plan --json")


def _parted(steps: Sequence[Step], changes: Sequence[FileChange]) -> list[Problem]:
    """A tree cannot hold a file and a folder of one name: what goes and what comes must be one commit, or none."""
    bound: dict[str, set[Place]] = {}
    for number, name in grouping.swaps(changes).items():
        bound.setdefault(name, set()).update((number, index) for index in range(len(changes[number].hunks)))
    return [
        Problem("bad-plan", "the path turns from a file into a folder or back: put both changes into one commit", name)
        for name, hunks in sorted(bound.items())
        if any(0 < len(hunks & set(step.hunks)) < len(hunks) for step in steps)
    ]
