"""The project's tests, run by pytest in the project's own interpreter."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from devtools.checks import Request, foreign_tests, workers
from devtools.checks.evidence import telling
from devtools.findings import CheckResult, Finding
from devtools.project.path_kinds import is_test
from devtools.project.project import Project
from devtools.runner.working_tree import TestRun
from devtools.selection import memory as impact
from devtools.system import state
from devtools.system.process import passed_bound
from devtools.wording import counted

EVIDENCE_LINES = 12
CAPTURED_LINES = 5
NO_TESTS = 5
COUNTED = ("passed", "failed", "errors", "skipped")
# How pytest and its plugins begin the line that says why a session is red.
MARKS = ("E  ", "ERROR", "FAIL", "Error", "error", "!!!")
_NAMED = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test)\.py$")
_DEFINES = re.compile(r"^(?:async )?def test_|^class Test|^class \w+\(.*TestCase\):", re.MULTILINE)
_PROGRESS = re.compile(r"^[.sxXFERuy,-]+(?:\s*\[\s*\d+%\])?$")
_COUNT = re.compile(r"^(?:=+ )?(?:\d+ [a-z]+|no tests ran)(?:, \d+ [a-z]+)* in [\d.]+s")
WORTH = 3.0  # seconds of tests; below that, who asks what could be left out takes longer than to run it


def run(project: Project, request: Request) -> CheckResult:
    """Run the tests that are due, and what the whole run would refuse: what is left out may not hide it."""
    if project.config.tests_command:
        return foreign_tests.run(project, request)
    plan = impact.plan(project)
    record = request.record or plan.store
    collect, spoilt = impact.unseen(plan, record)
    fresh = plan.selection.fresh if request.affected and not spoilt else frozenset()
    memory = plan.memory.tests if plan.memory else {}
    if fresh and plan.selection.quiet and not collect:
        impact.renew(plan)
        nothing = {**dict.fromkeys(COUNTED, 0), "selected": 0, "total": 0}
        return _with_left(CheckResult("tests", True, "none ran", counts=nothing), memory)
    known = {} if spoilt else _known(plan, request, fresh)
    left = {**{path: memory[path] for path in fresh}, **known}
    how = (collect, request.timeout, request.popen, request.tell)
    load = workers.Workload(project.python, project.root, left.keys(), *how)
    done, unfit = workers.run(load, workers.worth(plan, record, left))
    # All tests ran here, whatever was to be left out, so none of them is known by anything but this run.
    if done.undivided:
        left, fresh, known = {}, frozenset(), {}
    impact.remember(plan, done, fresh, known)
    result = _beside(_with_left(read(project.root, done), left), unfit)
    # A conftest that ignores every file, or a pattern that fits none, was "no tests" and green.
    if result.ok and not left and done.ended == NO_TESTS:
        result = _without_tests(project, plan.hashes, result)
    configured = project.tool("pytest") is not None or project.has("pytest.ini")
    if result.skipped and configured:
        return CheckResult(
            "tests", False, result.summary, fault=f"{result.summary}: pip install pytest", log=result.log
        )
    if result.ok and unfit:
        record.add(workers.UNFIT, plan.collection, {}, workers.KEPT)
    if result.ok:
        impact.show(plan, record, collect or not left, not left)
    if not request.affected:
        result = _compared(result, plan, done)
    result = replace(result, lasting=not plan.always)
    return replace(result, passed=_passed(done) | known.keys()) if result.ok else result


def _compared(result: CheckResult, plan: impact.Plan, done: TestRun) -> CheckResult:
    """Say of a whole run which failing test the record would have left out."""
    failed = [failure["id"] for failure in done.failures if failure["id"].partition("::")[0] in plan.selection.fresh]
    if not failed or result.ok:
        return result
    words = f"the record was wrong: it leaves out {counted(len(failed), 'failing test')}, the first is {failed[0]}"
    finding = Finding("", 0, words, code="record", test=failed[0])
    return replace(result, findings=(*result.findings, finding))


def _beside(result: CheckResult, unfit: str) -> CheckResult:
    """Say why tests ran one after the other that were to run in workers."""
    words = f"{unfit} fails in workers of pytest-xdist, so the tests ran one after the other"
    return replace(result, notes=(*result.notes, words)) if unfit else result


def _without_tests(project: Project, paths: Iterable[str], result: CheckResult) -> CheckResult:
    """Red where pytest found no test though files are there that are named as tests and define some."""
    named = sorted(path for path in paths if _NAMED.search(path) and is_test(path, project.config))
    there = [path for path in named if _DEFINES.search(state.text_or_none(os.path.join(project.root, path)))]
    if not there:
        return result
    words = f"pytest collects no test, though {there[0]} defines some"
    return replace(result, ok=False, findings=(Finding(there[0], 0, words, code="pytest"),))


def _known(plan: impact.Plan, request: Request, fresh: frozenset[str]) -> Mapping[str, Mapping[str, int]]:
    """What need not run though it is due."""
    if request.known is None:
        return {}
    files, seconds = impact.due(plan, fresh | plan.always)
    return request.known(files, seconds < float("inf")) if files and seconds >= WORTH else {}


def _passed(done: TestRun) -> frozenset[str]:
    """The test files that ran whole; none where the tests ran in processes that were not seen."""
    tests = done.impact["tests"] if done.impact else {}
    return frozenset(path for path, counts in tests.items() if path and counts["ran"] == counts["total"])


def _with_left(result: CheckResult, left: Mapping[str, Mapping[str, int]]) -> CheckResult:
    """The tests that were left out count toward the total, and the summary says of how many the run is a part."""
    number = sum(counts["total"] for counts in left.values())
    if not number or result.counts is None:
        return result
    total = result.counts["total"] + number
    return replace(
        result,
        summary=f"{result.summary} of {total}" if result.counts["selected"] else f"none of {total} affected",
        counts={**result.counts, "total": total},
    )


def read(root: str, done: TestRun) -> CheckResult:
    """Return what a pytest process showed. Only a run that recorded its own end, with no failure in it, is green."""
    counts = {**done.counts, "selected": done.selected, "total": done.selected + done.deselected}
    log = "\n".join([*(failure["text"] for failure in done.failures), done.internal, done.out, done.err]).strip()
    if done.missing:
        reason = "pytest is not installed in the project's interpreter"
        return CheckResult("tests", True, reason, skipped=reason, log=log)
    # With `assert 0` in a test it was green where the project's python is a wrapper that says -O.
    if done.optimized:
        reason = "the project's interpreter runs with -O, so no assert is checked: start it without -O"
        return CheckResult("tests", False, "asserts are off", fault=reason, log=log)
    findings = [_finding(root, failure) for failure in done.failures]
    # os._exit(0) inside a test ends pytest with code 0 although the suite never finished, so the end itself must be
    # recorded.
    if not findings or done.ended is None or done.timed_out:
        findings += _doubts(done)
    return CheckResult(
        "tests", not findings, _summary(done), tuple(findings), counts=counts, notes=_notes(done), log=log
    )


def _doubts(done: TestRun) -> list[Finding]:
    """Why a run in which no test failed is not believed: a green has a result of every test, and pytest's own word."""
    if done.ended is None or done.timed_out:
        return [_unfinished(done)]
    if done.idle:
        return [_doubt(done, f"pytest ran no test: it was called with {done.idle}")]
    # Workers that are given no test report an empty collection. These reported none at all.
    if done.silent:
        return [_doubt(done, "pytest's workers ended before they had collected the tests")]
    if done.lost:
        words = f"{done.lost} of {counted(done.selected, 'test')} came to no result, the first is {done.names[0]}"
        return [_doubt(done, words)]
    # A hook of a conftest took tests out, and the run said green with fewer of them.
    if done.cut:
        words = f"a hook of the project takes out {counted(done.cut, 'test')} in silence, the first is {done.cut_first}"
        return [_doubt(done, f"{words}: let it call config.hook.pytest_deselected(items=...)")]
    # `unittest.TestCase.assertEqual = lambda *_: None` in a conftest made every test of unittest green.
    if done.replaced:
        words = f"the project replaces {done.replaced} for the whole session, so that no test asserts by it"
        return [_doubt(done, f"{words}: replace it in the test that needs that, and take it back")]
    # A worker that was killed after its last test left the controller green.
    if done.broken:
        return [_doubt(done, f"{counted(done.broken, 'worker')} of pytest came to no good end, though no test failed")]
    # A project whose hook changed the exit code at the end was green.
    if done.code != done.ended:
        return [_doubt(done, f"pytest ended with code {done.ended}, and its process with code {done.code}")]
    if done.ended == NO_TESTS and not done.selected and not done.deselected:
        return []
    if done.ended == 0 and done.selected:
        return []
    return [_doubt(done, _why(done))]


def _why(done: TestRun) -> str:
    if done.selected:
        return f"pytest ended with code {done.ended} though no test failed: {_last(done)}"
    if done.deselected:
        return f"pytest selected none of {counted(done.deselected, 'test')}"
    return f"pytest ended with code {done.ended} and ran no test: {_last(done)}"


def _doubt(done: TestRun, words: str) -> Finding:
    """What is wrong with the run as a whole, with the last that pytest said as evidence."""
    return Finding("", 0, words, code="pytest", detail=tuple(_said(done)[-CAPTURED_LINES:]))


def _summary(done: TestRun) -> str:
    if done.ended == NO_TESTS and not (done.selected or done.deselected or done.silent):
        return "no tests"
    counts = sorted(done.counts.items(), key=lambda count: count[0] == "passed")
    parts = [counted(number, "error") if kind == "errors" else f"{number} {kind}" for kind, number in counts if number]
    return ", ".join(parts) or "none ran"


def _notes(done: TestRun) -> tuple[str, ...]:
    said = [counted(len(done.warnings), "warning")] if done.warnings else []
    if done.beside:
        number, first = counted(len(done.beside), "test"), done.beside[0]
        said.append(f"{number} failed beside others and passed alone (load or order), the first is {first}")
    return tuple(said)


def _finding(root: str, failure: dict[str, Any]) -> Finding:
    """The failure at the last place of its traceback that is the project's own."""
    places = [(_inside(root, path), line) for path, line in [*failure["frames"], *filter(None, [failure["crash"]])]]
    path, line = next((place for place in reversed(places) if place[0]), (failure["path"], failure["line"]))
    first, *rest = failure["message"].splitlines() or ["failed"]
    # pytest leaves that word out before its own asserts, except where the text holds a quote: four tokens a failure.
    first = first.removeprefix("AssertionError: ") if first.startswith("AssertionError: assert ") else first
    phase = {"setup": "in set-up: ", "teardown": "in tear-down: "}.get(failure["when"], "")
    detail = (*_folded(telling(first, rest)), *_captured(failure["captured"]))
    return Finding(str(path), int(line), phase + first, code=failure["kind"], test=failure["id"], detail=detail)


def _inside(root: str, path: str) -> str:
    """The path from the root, empty where it is not the project's own code."""
    name = os.path.relpath(os.path.join(root, path), root)
    parts = name.split(os.sep)
    return "" if parts[0] == ".." or "site-packages" in parts or parts[0] == ".venv" else name


def _folded(lines: list[str]) -> list[str]:
    """The head and the tail of long evidence, with the number of lines between."""
    if len(lines) <= EVIDENCE_LINES:
        return lines
    half = EVIDENCE_LINES // 2
    return [*lines[:half], f"… {len(lines) - 2 * half} lines …", *lines[-half:]]


def _captured(sections: list[list[str]]) -> list[str]:
    """The tail of what the test printed."""
    lines = [line for _, body in sections for line in body.splitlines()]
    if len(lines) > CAPTURED_LINES:
        return [f"output, last {CAPTURED_LINES} of {len(lines)} lines:", *lines[-CAPTURED_LINES:]]
    return ["output:", *lines] if lines else []


def _unfinished(done: TestRun) -> Finding:
    """Pytest never came to its end: a timeout, a crash of the interpreter, or a configuration that it refused."""
    over = passed_bound(done.code, done.err)
    if done.timed_out:
        what = "timed out"
    elif over:
        what = over
    elif done.code < 0:
        what = f"the interpreter crashed ({_signal(-done.code)})"
    elif done.forged:
        what = "the tests have written into pytest's record of this run"
    else:
        what = f"pytest stopped with code {done.code} before its end"
    if done.running:
        return Finding(done.running.split("::")[0], 0, what, code="crash", test=done.running)
    return Finding("", 0, over or f"{what}: {_last(done)}", code="crash")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal has a number alone
        return f"signal {number}"


def _last(done: TestRun) -> str:
    """The line of pytest's words that says most: an error's mark, else the last one that is no count of results."""
    lines = _said(done)
    marked = [line for line in lines if line.startswith(MARKS)]
    return (marked or lines or ["it said nothing"])[-1]


def _said(done: TestRun) -> list[str]:
    """What pytest said, without its dots and its count of results."""
    lines = [line.strip() for line in (done.out + "\n" + done.err).splitlines()]
    return [line for line in lines if line and not _PROGRESS.match(line) and not _COUNT.search(line)]
