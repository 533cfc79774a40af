"""What git status, log, diff and commit say, as blocks: from git's own data, asked for once more in that form."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from devtools.budget import Block, estimate_tokens
from devtools.client.calls import Call
from devtools.git.status import root
from devtools.printable import one_line
from devtools.runner.observed import plain
from devtools.system import state
from devtools.system.process import Completed

# Who reads a diff wants to see it: more than this is folded, file by file.
BUDGETS = {"git diff": 4000}
# What stands in the git directory while something is under way that git status explains in its own words.
UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG", "rebase-merge", "rebase-apply", "sequencer")
UNIT, RECORD = "\x1f", "\x1e"
FIELDS = UNIT.join(("%h", "%an", "%as", "%d", "%s")).replace("\x1f", "%x1f") + "%x1e"


def status(call: Call, folder: str, done: Completed) -> list[Block] | None:
    """Return branch and distance, then the files of each kind; None while a merge or the like is under way."""
    top = root(folder)
    # What is under way, and how it goes on, only git's own words tell.
    if any(os.path.lexists(os.path.join(state.git_folder(top), name)) for name in UNDER_WAY):
        return None
    asked = [*call.words[: call.place], "--porcelain=v2", "--branch", "-z", *call.arguments]
    said = plain([word for word in asked if word != "--long"], folder)
    if said.code or done.code:
        return None
    facts, groups = _entries(said.out)
    place = facts.get("branch.head", "")
    upstream = facts.get("branch.upstream", "")
    ahead, behind = (int(number) for number in facts.get("branch.ab", "+0 -0").split())
    distance = [f"ahead {ahead}"] * bool(ahead) + [f"behind {-behind}"] * bool(behind)
    told = f" ({', '.join([upstream, *distance])})" if upstream else ""
    head = f"{place}{told}{'; no commit yet' if facts.get('branch.oid') == '(initial)' else ''}"
    clean = "" if any(groups.values()) else ": clean"
    lines = [
        Block(f"{kind}: {', '.join(names)}", f"{kind}: {len(names)} files") for kind, names in groups.items() if names
    ]
    return [Block(one_line(head) + clean, pinned=True), *lines]


def _entries(text: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The facts of the branch, and the files by what git says of them."""
    facts: dict[str, str] = {}
    groups: dict[str, list[str]] = {"conflicted": [], "staged": [], "not staged": [], "untracked": []}
    entries = iter(text.split("\0"))
    for entry in entries:
        kind = entry[:1]
        if kind == "#":
            key, _, value = entry[2:].partition(" ")
            facts[key] = value
        elif kind in ("1", "2"):
            name = one_line(entry.split(" ", 8 if kind == "1" else 9)[-1])
            old = f"{one_line(next(entries, ''))} -> " if kind == "2" else ""
            if entry[2] != ".":
                groups["staged"].append(f"{entry[2]} {old}{name}")
            if entry[3] != ".":
                groups["not staged"].append(f"{entry[3]} {name}")
        elif kind == "u":
            groups["conflicted"].append(one_line(entry.split(" ", 10)[-1]))
        elif kind == "?":
            groups["untracked"].append(one_line(entry[2:]))
    return facts, groups


def log(call: Call, folder: str, done: Completed) -> list[Block] | None:
    """Return a line a commit. The author is said once where all have the same."""
    words = [*call.words[: call.place], f"--format={FIELDS}", "--no-show-signature", *call.arguments]
    said = plain(words, folder)
    if said.code:
        return None
    rows = [row.strip("\n").split(UNIT) for row in said.out.split(RECORD) if row.strip("\n")]
    authors = {row[1] for row in rows}
    if not rows:
        return [Block("no commit", pinned=True)]
    head = f", all by {one_line(authors.pop())}" if len(authors) == 1 else ""
    lines = [_commit(row, not head) for row in rows]
    return [Block(f"{len(rows)} commits{head}:" if len(rows) > 1 else f"1 commit{head}:", pinned=True), *lines]


def _commit(row: Sequence[str], named: bool) -> Block:
    name, author, day, where, subject = row
    return Block(one_line(f"{name} {day}{f' {author}' if named else ''}{where} {subject}"))


def diff(call: Call, folder: str, done: Completed) -> list[Block] | None:
    """Return every changed line, with one line around it; None where that is not shorter than git's own."""
    prefixes = ("--no-ext-diff", "--no-color", "--src-prefix=a/", "--dst-prefix=b/", "-U1")
    said = plain([*call.words[: call.place], *prefixes, *call.arguments], folder)
    if said.code != done.code:
        return None
    if not said.out:
        return [Block("no difference", pinned=True)]
    files = _files(said.out)
    if files is None:
        return None
    blocks = [_file(lines) for lines in files]
    ours = sum(estimate_tokens(block.full) for block in blocks)
    return blocks if ours < estimate_tokens(done.out) else None


def _files(text: str) -> list[list[str]] | None:
    """The lines of each file's part; None where one is of another shape, as that of a merge is."""
    parts: list[list[str]] = []
    for line in text.split("\n"):
        if line.startswith("diff --git "):
            parts.append([])
        elif not parts:
            return None
        parts[-1].append(line)
    return parts


def _file(lines: list[str]) -> Block:
    body = next((at for at, line in enumerate(lines) if line.startswith("@@ ")), len(lines))
    kept = [line.rstrip("\n") for line in lines[body:]]
    while kept and not kept[-1]:
        kept.pop()
    added = sum(line.startswith("+") for line in kept)
    deleted = sum(line.startswith("-") for line in kept)
    head = f"{_name(lines[:body])} +{added} -{deleted}"
    hunks = [_hunk(line) if line.startswith("@@ ") else line for line in kept]
    return Block("\n".join([one_line(head), *hunks]), one_line(head), outside=True)


def _name(head: list[str]) -> str:
    """The file's name and what happened to it, from the lines above its first hunk."""
    said = {key: line.removeprefix(key) for line in head for key in KEYS if line.startswith(key)}
    old, new = said.get("--- ", ""), said.get("+++ ", "")
    name = (new if new and new != "/dev/null" else old).removeprefix('"').removesuffix('"')[2:]
    if not name:
        name = said.get("rename to ") or head[0].removeprefix("diff --git ").rpartition(" b/")[2]
    words = [key.strip() for key in ("new file mode ", "deleted file mode ") if key in said]
    words += [f"renamed from {said['rename from ']}"] if "rename from " in said else []
    words += [f"mode {said['old mode ']} -> {said.get('new mode ', '')}"] if "old mode " in said else []
    words += ["binary"] if "Binary files " in said else []
    return f"{name}{f' ({chr(44).join(words)})' if words else ''}"


def _hunk(line: str) -> str:
    """Where a hunk begins in the new file, and within what."""
    _, _, rest = line.partition("@@ ")
    numbers, _, within = rest.partition(" @@")
    return f"@@ {numbers.rpartition('+')[2].partition(',')[0]}{within}"


def commit(call: Call, folder: str, done: Completed) -> list[Block] | None:
    """Return the new commit in a line; git's own words where there is none."""
    place = call.words[: call.place - 1]
    said = plain([*place, "log", "-1", "--format=%h %s", "--shortstat"], folder)
    if done.code or said.code:
        return None
    subject, *rest = [line.strip() for line in said.out.splitlines() if line.strip()]
    return [Block(one_line(f"committed {subject}{f' ({rest[0]})' if rest else ''}"), pinned=True)]


KEYS = (
    *("--- ", "+++ ", "rename from ", "rename to ", "new file mode ", "deleted file mode ", "old mode ", "new mode "),
    "Binary files ",
)
FORMS: dict[str, Callable[[Call, str, Completed], list[Block] | None]] = {
    "git status": status,
    "git log": log,
    "git diff": diff,
    "git commit": commit,
}
