"""A range of commits shared among the machines of CI: which of them are whose, and their answers put together."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from devtools.commit.limits import Size
from devtools.commit.verdict import TOOL, Verdict
from devtools.errors import ToolError, UsageError
from devtools.findings import Problem
from devtools.git.revisions import Revision
from devtools.proof.verdict import RIGHT
from devtools.system import sealed

MOST = 64 * 1024 * 1024


def share(found: Sequence[Revision], shard: str) -> list[Revision]:
    """Return the commits of one shard, such as 2/4: every fourth, so that each has some of the old and the new.

    UsageError for a shard that there is not.
    """
    said = re.fullmatch(r"(\d{1,6})/(\d{1,6})", shard)
    number, of = (int(said[1]), int(said[2])) if said else (0, 0)
    if not 1 <= number <= of:
        raise UsageError(f"no shard is {shard!r}", "write I/N, from 1/N to N/N")
    return list(found[number - 1 :: of])


def merged(found: Sequence[Revision], paths: Iterable[str]) -> list[tuple[Revision, Verdict]]:
    """Return what the shards said of each commit. ToolError where one of them said nothing of it.

    A commit that no file tells of is untold, and not good; of two answers the one that speaks against it counts.
    """
    known = [entry for path in _files(paths) for entry in _entries(path)]
    entries = {entry["commit"]: entry for entry in sorted(known, key=lambda each: bool(each.get("problems")))}
    told = []
    for revision in found:
        entry = entries.get(revision.commit)
        fault = "no shard reports this commit"
        told.append((revision, _verdict(entry) if entry else Verdict(revision.subject, proof="error", fault=fault)))
    return told


def _files(paths: Iterable[str]) -> list[str]:
    """The files that are named, and those in folders that are."""
    found = []
    for path in paths:
        if os.path.isdir(path):
            inner = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
            found += sorted(each for each in inner if each.endswith(".json"))
        else:
            found.append(path)
    if not found:
        raise UsageError("no answer of a shard is there", "write one with devtools verify --shard I/N --json > FILE")
    return found


def _entries(path: str) -> list[dict[str, Any]]:
    """The commits in the answer of a shard. UsageError where the file is none."""
    try:
        value = json.loads(sealed.contents(path, MOST))
        entries: list[dict[str, Any]] = list(value["commits"])
        known = value["command"] == "verify" and all(isinstance(each["commit"], str) for each in entries)
    except OSError as error:
        raise UsageError(f"cannot read {path}", error.strerror or "") from error
    except (ValueError, KeyError, TypeError, RecursionError):
        known = False
    if not known:
        raise UsageError(f"{path} is not what devtools verify --json writes", "run that shard again")
    return entries


def _verdict(entry: Mapping[str, Any]) -> Verdict:
    """What a shard said of a commit. ToolError where something of it is missing."""
    try:
        problems = tuple(_problem(each) for each in entry["problems"])
        fault = str(entry.get("fault", ""))
        return Verdict(
            str(entry["subject"]),
            Size(int(entry["files"]), int(entry["added"]), int(entry["deleted"])),
            (*problems, *([Problem(TOOL, fault)] if fault else [])),
            proof=str(entry["tdd"]),
            warnings=tuple(_problem(each) for each in entry.get("warnings", [])),
            untried=int(entry.get("untried", 0)),
            expectations=tuple(map(str, entry.get("expectations", []))),
            settings=tuple(map(str, entry.get("settings", []))),
            fault=fault,
            log="\n".join(f"{RIGHT}{red['test']}: {red['message']}" for red in entry.get("red", [])),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ToolError(f"a shard's answer on {str(entry.get('commit'))[:9]} is damaged", "run it again") from error


def _problem(entry: Mapping[str, Any]) -> Problem:
    return Problem(str(entry["code"]), str(entry["message"]), str(entry.get("path", "")), int(entry.get("line", 0)))
