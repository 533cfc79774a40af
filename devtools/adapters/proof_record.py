"""Proofs kept by what they depend on, so that the same question is answered once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from functools import cache
from typing import Any

from devtools.adapters import fingerprint
from devtools.adapters.project import Project
from devtools.adapters.proving import prove
from devtools.adapters.store import Store
from devtools.core.model import Problem
from devtools.core.proof import PRESERVING, Proof

KEPT = 5000
RECORD = "proofs.json"


def recorded(
    project: Project, store: Store, parent_tree: str, new_tree: str, commit_type: str, passed: Collection[str] = ()
) -> Proof:
    """The proof from the record, else made and recorded. A fault is not recorded: the next try may go well.

    `passed` are test files that the caller has just seen pass on the new tree.
    """
    key = _key(project, parent_tree, new_tree, commit_type)
    entry = store.read(RECORD).get(key)
    if isinstance(entry, dict):
        return _revived(entry)
    proof = prove(project, parent_tree, new_tree, commit_type, passed)
    if not proof.fault:
        store.add(RECORD, key, _entry(proof), KEPT)
    return proof


def _key(project: Project, parent_tree: str, new_tree: str, commit_type: str) -> str:
    kind = "preserving" if commit_type in PRESERVING and commit_type != "revert" else commit_type
    world = (project.python, fingerprint.installed(project.python), repr(project.config), _engine())
    text = "\0".join((parent_tree, new_tree, kind, *world))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


@cache
def _engine() -> str:
    """The engine's own version: the contents of devtools' core and adapters."""
    here = os.path.dirname(os.path.abspath(__file__))
    digest = hashlib.sha256()
    for folder in (here, os.path.join(here, "proofhook"), os.path.join(os.path.dirname(here), "core")):
        for name in sorted(os.listdir(folder)):
            if name.endswith(".py"):
                with open(os.path.join(folder, name), "rb") as stream:
                    digest.update(stream.read())
    return digest.hexdigest()


def _entry(proof: Proof) -> dict[str, Any]:
    problems = [problem.to_json() for problem in proof.problems]
    return {"verdict": proof.verdict, "problems": problems, "witnessed": list(proof.witnessed)}


def _revived(entry: dict[str, Any]) -> Proof:
    problems = tuple(Problem(**problem) for problem in entry["problems"])
    return Proof(entry["verdict"], problems, tuple(entry["witnessed"]))
