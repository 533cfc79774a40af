"""The proof on real snapshots: tests of the new one over production of the parent, then the new one itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from devtools.findings import Problem
from devtools.git import snapshot
from devtools.project.built_files import promised
from devtools.project.project import Project
from devtools.project.pytest_settings import options
from devtools.project.strays import advice, remedy, strays, uncollected
from devtools.proof import foreign
from devtools.proof.comparison import Comparison, Record, Tree
from devtools.proof.examples import witnesses
from devtools.proof.green import Changed, Confirmed, affected, confirm, read_by_production
from devtools.proof.verdict import PRESERVING, PROVING, Proof, Red, id_of, key_of
from devtools.proof.witness import Evidence, Judged, judge
from devtools.runner.snapshot import Order, Seen, run_proof
from devtools.syntax.tests import Suite


def red(project: Project, parent_tree: str, new_tree: str) -> Red:
    """Step 1: a new or changed test fails on the parent's production code, for the right reason; the others pass."""
    case = Comparison(project, parent_tree, new_tree)
    if project.config.tests_command:
        return foreign.red(case)
    words = "production changed before a test was seen to fail"
    problems = [Problem("production-changed", words, path=path) for path in case.production]
    if not case.tests:
        return Red((*problems, Problem("no-new-test", "no test is new or changed")))
    seen, judged = overlay_run(case)
    if seen.fault:
        return Red(tuple(problems), log=seen.log, fault=seen.fault)
    return Red((*problems, *judged.problems()), judged.witnesses(), f"{judged.log()}\n\n{seen.log}")


def overlay_run(case: Comparison, lean: bool = False) -> tuple[Seen, Judged]:
    """Run the tests that changed, or use changed test support, on the parent's production code.

    With `lean` only they run, without the others of their files.
    """
    with snapshot.materialised(case.project.root, case.overlay) as folder:
        place = case.parent.layout
        files = case.test_files()
        order = Order(
            folder,
            case.project.root,
            place.roots,
            sorted(place.names),
            sorted(place.tops),
            files,
            unneeded=case.unchanged(files) if lean else (),
        )
        seen = run_proof(case.project.python, order)
        evidence = Evidence(seen.tests, seen.uncollected, seen.running, seen.broken)
        judged = judge(evidence, case.candidates, case.is_new, case.new.suite.asserts, case.world(folder))
    return seen, judged


def green(
    project: Project, parent_tree: str, new_tree: str, witnessed: Sequence[str], red_tree: str | None = None
) -> Proof:
    """Steps 2 to 5 for tests that were seen to fail, with their ids; in `red_tree` if that is given."""
    case = Comparison(project, parent_tree, new_tree)
    if project.config.tests_command:
        return foreign.green(case, witnessed)
    keys = [key_of(each) for each in witnessed]
    done = confirm(case, keys, Tree(project, red_tree) if red_tree else None)
    if done.fault and not done.tampered:
        return Proof("error", log=done.seen.log, fault=done.fault)
    verdict = "unproved" if done.problems else "proved"
    ids = tuple(id_of(*key) for key in keys)
    return _with(done, Proof(verdict, done.problems, ids, done.seen.log))


def _with(done: Confirmed, proof: Proof) -> Proof:
    """The proof with what the run of the new snapshot tells beside its problems."""
    return replace(proof, warnings=done.warnings, untried=done.untried, expectations=done.expectations)


def prove(
    project: Project,
    parent_tree: str,
    new_tree: str,
    commit_type: str,
    passed: Collection[str] = (),
    record: Record | None = None,
) -> Proof:
    """Return the whole proof of one commit. feat and fix must be proved; of an unknown type preservation is enough.

    `passed` are test files that the caller has just seen pass, whole, on the new snapshot; `record` tells of others
    that they would.
    """
    case = Comparison(project, parent_tree, new_tree, commit_type == "revert", passed, record)
    if not case.production:
        return _of_data(case, commit_type) if case.assets else _without_code(case)
    if project.config.tests_command:
        return foreign.prove(case, commit_type)
    if not case.tests and not any(path.endswith(".py") for path in case.production):
        return Proof("no-code", log="production in a language whose tests are not pytest's")
    # Histories without Conventional Commits have other types. One that we do not know promises nothing.
    proof = _structural(case) if commit_type in PRESERVING else _proved(case, commit_type)
    return _with_made(case, _with_absent(case, _with_strays(case, proof)))


def _without_code(case: Comparison) -> Proof:
    return Proof("test-only" if case.tests else "no-code")


def _of_data(case: Comparison, commit_type: str) -> Proof:
    """Data is production where a test says so: one that is new or changed and fails with the parent's data."""
    # A revert of data alone was asked for nothing once, also where it loosened a test.
    if case.reverting:
        return _with_data(case, _unasked(case, commit_type), commit_type)
    seen, judged = overlay_run(case) if case.tests else (None, Judged())
    log = "\n\n".join([judged.log(), seen.log]) if seen else ""
    if seen and seen.fault:
        return replace(_unasked(case, commit_type), fault=seen.fault, log=log)
    if not judged.right:
        unasked = replace(_unasked(case, commit_type), log=log)
        return _with_data(case, unasked, commit_type) if unasked.holds else unasked
    if commit_type in PROVING:
        return _proved(case, commit_type)
    path, name = judged.right[0][0]
    changed = name in case.parent.suite.tests(path)
    words = f"{id_of(path, name)} fails with the data that the parent had ({case.assets[0]}): that is a feat or a fix"
    problem = Problem("tests-tampered" if changed else "unproved", words, path=path)
    return Proof("unproved", (problem,), log=log)


def _with_data(case: Comparison, proof: Proof, commit_type: str) -> Proof:
    """The proof where the tests that can read the data pass with it, as the parent had them and as they are now."""
    if not case.tests and case.passed.issuperset(affected(case, case.new)):
        return proof
    # Without this run a chore could change data that production reads, and loosen the test beside it.
    done = confirm(case, [], strict=commit_type not in PROVING)
    if done.fault and not done.tampered:
        return Proof("error", log=done.seen.log, fault=done.fault)
    problems = tuple(_as_unproved(each) for each in done.problems)
    verdict = "unproved" if problems else proof.verdict
    return _with(done, replace(proof, verdict=verdict, problems=problems))


def _unasked(case: Comparison, commit_type: str) -> Proof:
    """No changed test depends on the data: a feat or fix of what production reads for the tests shows nothing."""
    # No test could show a change of data that nothing reads while the tests run, so none is asked for.
    read = read_by_production(case) if commit_type in PROVING else ""
    words = f"production reads {read} and no new or changed test fails with the data that the parent had"
    return Proof("unproved", (Problem("unproved", words, path=read),)) if read else _without_code(case)


def _with_made(case: Comparison, proof: Proof) -> Proof:
    """Say which files are the working tree's; where one is missing that the build makes, nothing is refuted."""
    log = "\n".join([*(f"from the working tree, since git ignores it: {path}" for path in case.made), proof.log])
    # A build makes pluggy's _version.py. Without it pytest itself cannot be imported there, which refutes no commit.
    lacking = next((path for path in promised(case.project) if _lacks(path, proof)), "")
    if not lacking:
        return replace(proof, log=log)
    return Proof("error", log=log, fault=f"{lacking} is made by the build and is not here: pip install -e .")


def _lacks(path: str, proof: Proof) -> bool:
    """Whether what is said against the snapshot names a module that is missing."""
    module = path.rpartition("/")[2].removesuffix(".py")
    words = " ".join([proof.fault, proof.log, *(problem.message for problem in proof.problems)])
    return not proof.holds and f"{module}'" in words


def _with_strays(case: Comparison, proof: Proof) -> Proof:
    """Name the test file first that the settings or pytest's do not name, where it is changed or the only one."""
    if proof.holds or proof.fault:
        return proof
    # A commit was refused with "no test executes ..." and no word of the cause: pytest never collects `test.py`.
    asked, suite = options(case.new.read) or {}, Suite(case.new.read)
    used = {path for used in case.new.used.values() for path in used}
    alone = uncollected(case.new.imports, suite, case.config, asked, used)
    tested = any(case.is_test(path) and path not in alone for path in case.new.imports)
    # python-slugify keeps its tests in `test.py`: 50 of its 159 commits were refused without the way out.
    found = strays(case.production if tested else case.new.imports, suite, case.config)[:1]
    unseen = [path for path in alone if path in case.tests or not tested][:1]
    words = [*(advice(path, case.config, asked) for path in found), *(remedy(path, asked) for path in unseen)]
    # First of all, since the other problems follow from it. The words name the file: a path would be printed twice.
    return replace(proof, problems=(*(Problem("unproved", each) for each in words), *proof.problems))


def _with_absent(case: Comparison, proof: Proof) -> Proof:
    """What does not hold may lack the files of a submodule: then nothing is proved or refuted."""
    tampered = any(problem.code == "tests-tampered" for problem in proof.problems)
    # A missing submodule excuses much, but no test that was weakened.
    if proof.holds or tampered or not case.new.absent:
        return proof
    path = case.new.absent[0]
    here = f"submodule {path} is not here and tests may need it: git submodule update --init --recursive {path}"
    why = proof.fault or "; ".join(problem.message for problem in proof.problems)
    return Proof("error", log=proof.log, fault=f"{here} ({why})")


def _proved(case: Comparison, commit_type: str) -> Proof:
    """First with no more tests than it takes; whoever needs the others of its file has them before it is refused."""
    spares = bool(case.tests) and bool(case.unchanged(case.test_files()))
    proof = _tried(case, commit_type, lean=True) if spares else None
    return proof if proof and proof.verdict == "proved" else _tried(case, commit_type, lean=False)


def _tried(case: Comparison, commit_type: str, lean: bool) -> Proof:
    """A witness, and steps 2 to 5; without a witness only what removes code may pass."""
    seen, judged = overlay_run(case, lean) if case.tests else (None, Judged())
    if seen and seen.fault:
        return Proof("error", log=seen.log, fault=seen.fault)
    # Alone the test may lack what another one of its file does before it: the whole file is asked next.
    if lean and not judged.right:
        return Proof("unproved")
    keys = [key for key, _ in judged.right] or witnesses(case)
    # Nothing reads the annotations of a plain function, and removed code cannot run: no test could fail for either.
    if not keys and (commit_type not in PROVING or Changed(case).needs_no_test()):
        return _preserved(case, judged.log(), strict=commit_type not in PROVING)
    # A witness is held to no more than a fix, whatever the type: a rule for all had refused itsdangerous 7f4dcf83a.
    done = confirm(case, keys, lean=lean)
    if done.fault and not done.tampered:
        return Proof("error", log=done.seen.log, fault=done.fault)
    lacking = [] if keys else [_lacking(judged)]
    problems = [*lacking, *(_as_unproved(each) for each in done.problems)]
    verdict = "unproved" if problems else "proved"
    log = f"{judged.log()}\n\n{done.seen.log}"
    ids = judged.witnesses() or tuple("::".join(key) for key in keys)
    return _with(done, Proof(verdict, tuple(problems), ids, log))


def _structural(case: Comparison) -> Proof:
    """Preserved, and the changed tests pass on the parent's code as well, but for names that it does not have."""
    seen, judged = overlay_run(case) if case.tests else (None, Judged())
    if seen and seen.fault:
        return Proof("error", log=seen.log, fault=seen.fault)
    return _preserved(case, judged.log(), strict=True, new=_behaviours(case, judged))


def _behaviours(case: Comparison, judged: Judged) -> tuple[Problem, ...]:
    """The tests that tell the parent's behaviour from the new one; a revert may bring such a test back."""
    words = "fails on the parent's code: behaviour changed, so this is a feat or a fix"
    # A refactoring may bring a new name and its test. Another result of old code is other behaviour.
    seen = [(key, why) for key, why in judged.right if not why.name_missing and not case.restores(key[0])]
    return tuple(
        Problem("unproved", f"{id_of(*key)} {words} ({why.words.strip().split(chr(10))[0][:200]})", path=key[0])
        for key, why in seen
    )


def _preserved(case: Comparison, log: str, strict: bool, new: tuple[Problem, ...] = ()) -> Proof:
    """Nothing but structure changed: tests neither weakened nor failing on either side, changed lines executed."""
    done = confirm(case, [], strict=strict)
    if done.fault and not done.tampered:
        return Proof("error", log=done.seen.log, fault=done.fault)
    problems = (*(_as_unproved(each) for each in done.problems), *new)
    verdict, log = "unproved" if problems else "preserved", f"{log}\n\n{done.seen.log}"
    return _with(done, Proof(verdict, problems, (), log))


def _lacking(judged: Judged) -> Problem:
    why = judged.why_none()
    return Problem(
        "unproved",
        f"no new or changed test fails on the parent's code for the right reason: {why.message}",
        path=why.path,
    )


def _as_unproved(problem: Problem) -> Problem:
    """The cycle's codes as the gate names them."""
    mapped = problem.code in ("still-failing", "other-tests-fail")
    return replace(problem, code="unproved") if mapped else problem
