"""The proof for a project in another language, from what its own runner reports: cases by name, and lines that ran.

No source is parsed, so that a test is known by its name alone, and a new one by not being in the parent's run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from devtools.findings import Problem
from devtools.git import snapshot
from devtools.project.checkout import lend
from devtools.proof.comparison import Comparison
from devtools.proof.verdict import PRESERVING, RIGHT, Proof, Red
from devtools.runner.foreign import Command, ForeignRun, run_tests
from devtools.runner.junit import FAILED, PASSED, SKIPPED, ReportedTest

# No source is parsed here, so only the words of a failure tell an assertion from a crash.
ASSERTION = re.compile(
    r"Assert|ERR_ASSERTION|\bassert|[Ee]xpected|expect\(|toBe|toEqual|panicked at|\bwant(?:ed)?\b|but (?:was|got)"
)
# How compilers and interpreters name what is not there; the first group is its name.
MISSING = re.compile(
    r"(?:\w+\.)*(\w+) is not (?:defined|a function|a constructor)"
    r"|does not provide an export named '(\w+)'|has no exported member (?:named )?'(\w+)'|Cannot find name '(\w+)'"
    r"|Cannot find module '[^']*?([\w-]+)(?:\.\w+)?'|Property '(\w+)' does not exist"
    r"|undefined: (?:\w+\.)?(\w+)|cannot find \w+(?: \w+)? `(\w+)`|no \w+(?: or \w+ \w+)? named `(\w+)`"
    r"|unresolved import `(?:\w+::)*(\w+)`|cannot find symbol\s+symbol:\s+\w+ (\w+)|undefined method [`'](\w+)'"
)
NAMED = 5


class _Runs:
    """The runs that a proof takes, each made once."""

    def __init__(self, case: Comparison) -> None:
        self.case, self.project = case, case.project
        config = self.project.config
        self.command = Command(config.tests_command, config.tests_report, config.tests_coverage)

    def of(self, tree: str) -> ForeignRun:
        with snapshot.materialised(self.project.root, tree) as folder:
            lend(self.project, folder)
            return run_tests(self.command, folder)

    @cached_property
    def before(self) -> ForeignRun:
        return self.of(self.case.parent.id)

    @cached_property
    def overlay(self) -> ForeignRun:
        return self.of(self.case.overlay)

    @cached_property
    def now(self) -> ForeignRun:
        return self.of(self.case.new.id)

    @cached_property
    def old_tests(self) -> ForeignRun:
        """The parent's tests on the new production."""
        edits = {path: self.case.parent.entries.get(path) for path in self.case.tests}
        return self.of(self.case.composed(edits)) if edits else self.now


class _Evidence:
    """What the new tests showed on the parent's production: `right` and `wrong` pairs of a test and its words."""

    def __init__(self, runs: _Runs) -> None:
        self.runs, self.case = runs, runs.case
        # A test that failed on the parent already says nothing about this commit.
        known = {case.id for case in runs.before.failed}
        self.right: list[tuple[str, str]] = []
        self.wrong: list[tuple[str, str]] = []
        self.others: list[tuple[str, str]] = []
        passed = {case.id for case in runs.before.cases if case.outcome == PASSED}
        for case in runs.overlay.failed:
            if case.id in known:
                continue
            words = _words(case)
            if case.id in passed and not self.case.tests:
                self.others.append((case.id, words))
            elif ASSERTION.search(f"{case.kind} {case.message} {case.text}"):
                self.right.append((case.id, words))
            else:
                name = self.missing(f"{case.message}\n{case.text}") or self.missing(runs.overlay.said)
                pair = (case.id, f"{name} does not exist yet" if name else words)
                (self.right if name else self.wrong).append(pair)
        if runs.overlay.fault and not runs.overlay.cases:  # nothing could be compiled
            name = self.missing(runs.overlay.said)
            if name:
                self.right.append((self.case.tests[0], f"{name} does not exist yet"))

    def missing(self, text: str) -> str:
        """The missing name that is the project's own: a word of the new code or tests, and not of the parent's code."""
        for found in MISSING.finditer(text):
            name = str(next(filter(None, found.groups())))
            word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
            # In the red step no code is written yet: then the name has to be one that the tests use.
            own = self.case.production or self.case.tests
            if any(word.search(each) for each in _texts(self.case, own, new=True)) and not any(
                word.search(each) for each in _texts(self.case, self.case.production, new=False)
            ):
                return name
        return ""

    def lacking(self) -> Problem:
        if self.wrong:
            test, words = self.wrong[0]
            return Problem("wrong-reason", f"{test} fails, but for another reason: {words}")
        if not self.case.tests:
            return Problem("no-new-test", "no test is new or changed")
        return Problem("test-passes", "every new or changed test passes on the parent's code")

    def log(self) -> str:
        lines = [f"{RIGHT}{test}: {words}" for test, words in self.right]
        lines += [f"wrong: {test}: {words}" for test, words in self.wrong]
        return "\n".join(lines)


def red(case: Comparison) -> Red:
    """Step 1: a new or changed test fails on the parent's production, by an assertion or a name of the project's."""
    runs = _Runs(case)
    words = "production changed before a test was seen to fail"
    problems = [Problem("production-changed", words, path=path) for path in case.production]
    if not case.tests:
        return Red((*problems, Problem("no-new-test", "no test is new or changed")))
    evidence = _Evidence(runs)
    if runs.overlay.fault and not evidence.right:
        return Red(tuple(problems), log=runs.overlay.said, fault=runs.overlay.fault)
    if not evidence.right:
        problems.append(evidence.lacking())
    log = f"{evidence.log()}\n\n{runs.overlay.said}"
    return Red(tuple(problems), tuple(_id(case, test) for test, _ in evidence.right), log)


def green(case: Comparison, witnessed: Sequence[str]) -> Proof:
    """Steps 2, 3 and 5 in the cycle: what was seen to fail passes, and so does all else."""
    proof = prove(case, "feat")
    known = {identity.partition("::")[2] for identity in witnessed}
    problems = tuple(_as_in_cycle(problem, known) for problem in proof.problems)
    return replace(proof, problems=problems)


def _as_in_cycle(problem: Problem, witnessed: Collection[str]) -> Problem:
    """The gate's code as the cycle names it: of a test that fails it says whether that was seen to fail before."""
    test, fails, _ = problem.message.partition(" fails: ")
    if problem.code != "unproved" or not fails:
        return problem
    return replace(problem, code="still-failing" if test in witnessed else "other-tests-fail")


def _id(case: Comparison, test: str) -> str:
    """A test as the cycle keeps it, with the changed test file that names it in front."""
    # The cycle keeps its tests by file: so the hook guards them in phase green, and the commit gets its TDD trailer.
    names = test.split(" > ")
    named = next((path for path in case.tests if path in test), "")
    texts = zip(case.tests, _texts(case, case.tests, new=True), strict=True)
    path = named or next((path for path, text in texts if names[-1] in text), case.tests[0])
    return f"{path}::{test}"


def prove(case: Comparison, commit_type: str) -> Proof:
    """Steps 1 to 3 and 5. feat and fix need a witness; all others leave behaviour as it was."""
    runs = _Runs(case)
    preserving = commit_type in PRESERVING
    evidence = _Evidence(runs) if case.tests else None
    right = evidence.right if evidence else []
    if runs.now.fault:
        return Proof("error", log=runs.now.said, fault=runs.now.fault)
    # Step 4 and the mutants need a parser of the language, so they stay with Python.
    problems = [*_failing(runs), *_tampered(runs), *_untested(runs)]
    expectations = _expecting(runs)
    log = "\n\n".join([evidence.log() if evidence else "", runs.now.said])
    if preserving:
        problems += [_tampering(test, "fails on the new code") for test in expectations]
        problems += [
            Problem("unproved", f"{test} fails on the parent's code: behaviour changed, so this is a feat or a fix")
            for test, words in right
            # A refactoring may bring a new name with its test. An assertion that fails shows other behaviour.
            if not words.endswith("does not exist yet")
        ]
        verdict = "unproved" if problems else "preserved"
        return Proof(verdict, tuple(problems), log=log)
    if not right and commit_type in ("feat", "fix"):
        why = evidence.lacking().message if evidence else "no test is new or changed"
        said = f"no new or changed test fails on the parent's code for the right reason: {why}"
        problems.insert(0, Problem("unproved", said))
    witnessed = _witnessed(runs, right)
    if right and not witnessed:
        problems.append(Problem("unproved", f"{right[0][0]} failed on the parent's code and does not run and pass now"))
    verdict = "unproved" if problems else "proved" if right else "preserved"
    ids = tuple(_id(case, test) for test in witnessed)
    return Proof(verdict, tuple(problems), ids, log, expectations=tuple(expectations))


def _failing(runs: _Runs) -> list[Problem]:
    return [Problem("unproved", f"{case.id} fails: {_words(case)}") for case in runs.now.failed[:NAMED]]


def _witnessed(runs: _Runs, right: Sequence[tuple[str, str]]) -> list[str]:
    """The tests that failed and pass now; where a whole file could not be loaded, those that it brought."""
    passed = [case.id for case in runs.now.cases if case.outcome == PASSED]
    same = [test for test, _ in right if test in passed]
    before = {case.id for case in (*runs.before.cases, *runs.overlay.cases)}
    listed = {case.id for case in runs.now.cases}
    loaded = any(test not in listed for test, _ in right)  # a file's name is no test any more
    return same or ([test for test in passed if test not in before] if loaded else [])


def _tampered(runs: _Runs) -> list[Problem]:
    """Tests that passed on the parent and are skipped or gone, though production changed."""
    now = {case.id: case.outcome for case in runs.now.cases}
    lost = [case.id for case in runs.before.cases if case.outcome == PASSED and now.get(case.id) in (None, SKIPPED)]
    return [_tampering(test, "is skipped" if test in now else "is gone") for test in lost[:NAMED]]


def _tampering(test: str, words: str) -> Problem:
    return Problem("tests-tampered", f"{test} passed on the parent and {words}")


def _expecting(runs: _Runs) -> list[str]:
    """The parent's tests that fail on the new production, but for a name that it no longer has."""
    if not runs.case.tests:
        return []
    passed = {case.id for case in runs.before.cases if case.outcome == PASSED}
    return [
        case.id
        for case in runs.old_tests.failed
        if case.id in passed and not MISSING.search(f"{case.message}\n{case.text}")
    ]


def _untested(runs: _Runs) -> list[Problem]:
    """Changed lines of production that no test ran, as the coverage file has it."""
    case = runs.case
    if not runs.command.coverage:
        return []
    found = []
    for path in case.production:
        if path not in case.new.entries:
            continue
        origin = case.origin(path)
        changed = snapshot.changed_lines(case.project.root, case.parent.id, case.new.id, origin, path)
        hits = runs.now.lines.get(path)
        if hits is None:
            found.append(Problem("untested-code", f"no test loads {path}", path=path))
            continue
        # LCOV counts only lines that can run: a line without a count is a blank one or a comment.
        idle = sorted(line for line in changed if hits.get(line) == 0)
        if idle:
            words = f"no test executes {path} lines {_ranges(idle)}"
            found.append(Problem("untested-code", words, path=path, line=idle[0]))
    return found


def _ranges(lines: Iterable[int]) -> str:
    parts: list[list[int]] = []
    for line in lines:
        if parts and line == parts[-1][1] + 1:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def _texts(case: Comparison, paths: Iterable[str], new: bool) -> list[str]:
    tree = case.new if new else case.parent
    return [(tree.read(path) or b"").decode("utf-8", "replace") for path in paths]


def _words(case: ReportedTest) -> str:
    lines = [line.strip() for line in (case.message or case.text or FAILED).splitlines() if line.strip()]
    return lines[0][:200] if lines else FAILED
