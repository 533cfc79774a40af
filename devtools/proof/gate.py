"""The TDD proof of a draft, as the project's mode wants it: demanded, told or left out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from devtools.errors import DevtoolsError
from devtools.findings import Problem
from devtools.project.project import Project
from devtools.proof.verdict import Proof
from devtools.system.store import Store


@dataclass(frozen=True)
class Judged:
    """The verdict in one word, what refuses the commit, what is only told, and the log's run where there is one."""

    verdict: str = ""
    problems: tuple[Problem, ...] = ()
    fault: str = ""
    note: str = ""
    run: int | None = None
    warnings: tuple[Problem, ...] = ()
    untried: int = 0
    expectations: tuple[str, ...] = ()


def judge(project: Project, store: Store, parent: str, tree: str, kind: str, passed: Collection[str] = ()) -> Judged:
    """Prove the step from `parent` to `tree`; mode off proves nothing, mode warn refuses nothing.

    `passed` are test files that this process has just seen pass on the tree.
    A proof that cannot be made is a fault, which in mode strict refuses the commit too.
    """
    if project.config.tdd_mode == "off":
        return Judged()
    from devtools.proof import record as proof_record  # the whole engine, which mode off has no need of

    try:
        proof = proof_record.recorded(project, store, parent, tree, kind, passed)
    except DevtoolsError as error:
        proof = Proof("error", fault=error.line())
    if project.config.tdd_mode == "warn":
        reason = proof.fault or (f"{proof.problems[0].code}: {proof.problems[0].message}" if proof.problems else "")
        note = f"not proved: {reason}".replace("\n", "\\n") if reason else ""
        return Judged(proof.verdict, (), "", note, None, proof.warnings, proof.untried, proof.expectations)
    run = store.add_run({"command": "commit", "checks": [_logged(proof)]}) if proof.problems or proof.fault else None
    told = (proof.warnings, proof.untried, proof.expectations)
    return Judged(proof.verdict, proof.problems, proof.fault, "", run, *told)


def _logged(proof: Proof) -> dict[str, object]:
    found = [
        {"path": each.path, "line": each.line, "message": f"{each.code}: {each.message}"} for each in proof.problems
    ]
    words = {"name": "proof", "summary": proof.fault or proof.verdict, "findings": found, "log": proof.log}
    return {**words, "ok": False, "skipped": False, "seconds": 0}
