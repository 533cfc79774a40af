"""Proofs kept by what they depend on, so that the same question is answered once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from devtools.findings import Problem
from devtools.project import fingerprint
from devtools.project.project import Project
from devtools.proof.prove import prove
from devtools.proof.verdict import PRESERVING, RIGHT, Proof
from devtools.selection.footprint_record import Footprints
from devtools.system import environment
from devtools.system.store import Store

KEPT = 5000
RECORD = "proofs.json"
HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# If a name is missing here, stale footprints stay in force. That happened when the snapshot moved to project/tree.py.
SIGHT = (
    *("selection/footprint_record.py", "runner/snapshot.py", "runner/inside/proof_plugin.py", "project/tree.py"),
    *("runner/inside/startup/footprint.py", "runner/inside/startup/sitecustomize.py"),
    *("selection/footprint.py", "syntax/imports.py", "syntax/layout.py", "syntax/module.py"),
)


def recorded(
    project: Project, store: Store, parent_tree: str, new_tree: str, commit_type: str, passed: Collection[str] = ()
) -> Proof:
    """Return the proof from the record, else made and recorded. A fault is not recorded: the next try may go well.

    `passed` are test files that the caller has just seen pass on the new tree. A build server believes no record, which
    its cache may have from anywhere: there each proof is made.
    """
    # `passed` is no part of the key: a proof says the same with it and without.
    key = _key(project, parent_tree, new_tree, commit_type)
    # Trees are named by their contents, so a proof holds in every working tree of the repository.
    shared = Store.common(project.root)
    known = None if environment.is_build_server() else _revived(shared.read(RECORD).get(key))
    if known:
        return known
    proof = prove(project, parent_tree, new_tree, commit_type, passed, footprints(project, store))
    # At the next try a submodule may be there, or the machine less busy.
    if not proof.fault:
        shared.add(RECORD, key, _entry(proof), KEPT)
    return proof


def footprints(project: Project, store: Store) -> Footprints:
    """Return what the project's test files did when they last passed, as this version of the engine sees it."""
    return Footprints(project, store, _sight())


def _key(project: Project, parent_tree: str, new_tree: str, commit_type: str) -> str:
    # All structural types are judged alike, except a revert: it may bring old tests back.
    kind = "preserving" if commit_type in PRESERVING and commit_type != "revert" else commit_type
    world = (project.python, fingerprint.installed(project.python), repr(project.config), _engine())
    text = "\0".join((parent_tree, new_tree, kind, *world))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


@cache
def _engine() -> str:
    """The engine's own version: the whole package, so that no folder of it can be left out."""
    # A list of folders missed a judgement that lay elsewhere, and its stale proof was served as green.
    found = (os.path.join(folder, name) for folder, _, names in os.walk(HOME) for name in names)
    # Python writes compiled files by itself, so they say nothing of the version.
    return _version(sorted(os.path.relpath(path, HOME) for path in found if not path.endswith(".pyc")))


@cache
def _sight() -> str:
    """The version of what sees, keeps and compares footprints: they hold while the rest of the engine changes."""
    return _version(SIGHT)


def _version(names: Iterable[str]) -> str:
    """Names, sizes and times of files; not their contents, so that a test of a proof does not depend on each line."""
    stats = ((name, os.stat(os.path.join(HOME, name))) for name in names)
    return hashlib.sha256(repr([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]).encode()).hexdigest()


def _entry(proof: Proof) -> dict[str, Any]:
    problems = [problem.to_json() for problem in proof.problems]
    warnings = [warning.to_json() for warning in proof.warnings]
    more = {"warnings": warnings, "untried": proof.untried, "expectations": list(proof.expectations)}
    # A report shows why a commit counts as proved, also where the log of that run is long gone.
    more["reds"] = [list(pair) for pair in proof.reds()]
    return {"verdict": proof.verdict, "problems": problems, "witnessed": list(proof.witnessed), **more}


def _revived(entry: Any) -> Proof | None:
    """The proof that was recorded; None where the entry has not the shape of one."""
    try:
        problems = tuple(Problem(**problem) for problem in entry["problems"])
        warnings = tuple(Problem(**warning) for warning in entry["warnings"])
        verdict, untried = str(entry["verdict"]), int(entry["untried"])
        witnessed, expectations = (tuple(map(str, entry[name])) for name in ("witnessed", "expectations"))
        log = "\n".join(f"{RIGHT}{test}: {words}" for test, words in entry.get("reds", []))
    # A cache may bring an entry from anywhere: another shape is no proof, and no traceback.
    except (KeyError, TypeError, ValueError):
        return None
    return Proof(verdict, problems, witnessed, log, "", warnings, untried, expectations)
