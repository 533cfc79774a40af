"""Which of the new or changed tests are witnesses: they fail on the parent's code for the right reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from devtools.findings import Problem
from devtools.proof.reasons import Reason, World, reason
from devtools.proof.verdict import RIGHT, id_of

Key = tuple[str, str]
Event = Mapping[str, Any]
NO_MODULE = re.compile(
    r"^E\s+(?:ImportError: cannot import name .* from|ModuleNotFoundError: No module named) '([\w.]+)'", re.M
)


@dataclass(frozen=True)
class Judged:
    """The tests of the overlay run by what they showed; each list holds a test and words about it."""

    right: Sequence[tuple[Key, Reason]] = ()
    wrong: Sequence[tuple[Key, Reason]] = ()
    empty: Sequence[Key] = ()
    passed: Sequence[Key] = ()
    unrun: Sequence[tuple[Key, str]] = ()
    others: Sequence[tuple[str, str]] = ()

    def witnesses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(id_of(*key) for key, _ in self.right))

    def problems(self) -> list[Problem]:
        """Return what red refuses: the best of the reasons why there is no witness, and other tests that fail."""
        found = [] if self.right else [self.why_none()]
        if self.others:
            name, words = self.others[0]
            more = f" and {len(self.others) - 1} more" if len(self.others) > 1 else ""
            found.append(Problem("other-tests-fail", f"{name} fails{more}: {words}", path=name.partition("::")[0]))
        return found

    def why_none(self) -> Problem:
        # The most telling reason first: it is what the author of the test has to change.
        if self.empty:
            return _problem("no-assertion", self.empty[0], "asserts nothing")
        if self.wrong:
            key, why = self.wrong[0]
            return _problem("wrong-reason", key, f"fails, but {why.words}")
        if self.passed:
            return _problem("test-passes", self.passed[0], "passes on the parent's code")
        if self.unrun:
            key, words = self.unrun[0]
            return _problem("no-new-test", key, words)
        return Problem("no-new-test", "no test is new or changed")

    def log(self) -> str:
        lines = [f"{RIGHT}{id_of(*key)}: {why.words}" for key, why in self.right]
        lines += [f"wrong: {id_of(*key)}: {why.words}" for key, why in self.wrong]
        lines += [f"asserts nothing: {id_of(*key)}" for key in self.empty]
        lines += [f"passes on the parent's code: {id_of(*key)}" for key in self.passed]
        lines += [f"did not run: {id_of(*key)}: {words}" for key, words in self.unrun]
        return "\n".join([*lines, *(f"fails: {name}: {words}" for name, words in self.others)])


def _problem(code: str, key: Key, words: str) -> Problem:
    return Problem(code, f"{id_of(*key)} {words}", path=key[0])


@dataclass(frozen=True)
class Evidence:
    """What a run on the overlay said: events of tests, of files that could not be collected, and how it ended."""

    tests: Sequence[Event]
    uncollected: Sequence[Event]
    running: str = ""
    broken: str = ""


def judge(
    evidence: Evidence,
    candidates: Iterable[Key],
    is_new: Callable[[str, str], bool],
    asserts: Callable[[str, str], bool],
    world: World,
) -> Judged:
    """Sort the tests of a run on the overlay. `candidates` are the static ones, for what could not be collected."""
    verdicts: dict[Key, list[Reason | str]] = {}
    others = []
    candidates = list(candidates)
    for event in evidence.tests:
        key = (event["path"], event["name"])
        if is_new(*key):
            verdicts.setdefault(key, []).append(_verdict(event, world))
        elif event.get("outcome") == "failed":
            others.append((event["id"], _words(event)))
    for event in evidence.uncollected:
        why = reason(event["raised"], "collect", world)
        # A test of a new name cannot even be imported without it, so the file speaks for its new tests.
        below = [key for key in candidates if _below(key[0], event["path"])]
        for key in below:
            verdicts.setdefault(key, []).append(why)
        if not below:
            others.append((event["id"], why.words))
    # A conftest that cannot be loaded lets no test run, so its failure speaks for each of them.
    if evidence.broken:
        verdicts = {key: [conftest(evidence.broken, world)] for key in candidates}
    if evidence.running:
        key = next((each for each in candidates if id_of(*each) == evidence.running.partition("[")[0]), ("", ""))
        if key[0]:
            # no more of an assertion than a missing name: the test may have ended the interpreter itself
            verdicts.setdefault(key, []).append(Reason(True, "it never came to its end", name_missing=True))
    absent = [key for key in candidates if key not in verdicts]
    # Such a test had been collected, so "was not collected" would send its author to the wrong place.
    unread = f"was not run, for {evidence.running} never came to its end" if evidence.running else "was not collected"
    return _sorted(verdicts, [(key, unread) for key in absent], asserts, others)


def _sorted(
    verdicts: Mapping[Key, Sequence[Reason | str]],
    absent: Sequence[tuple[Key, str]],
    asserts: Callable[[str, str], bool],
    others: list[tuple[str, str]],
) -> Judged:
    """A test with parameters is a witness if one of its cases is."""
    right, wrong, empty, passed = [], [], [], []
    unrun = [*absent]
    for key, seen in verdicts.items():
        reasons = [each for each in seen if isinstance(each, Reason)]
        good = next((each for each in reasons if each.right), None)
        # Any line that uses a new name fails without it: such a test would show nothing as soon as the name is there.
        if good and good.name_missing and not asserts(*key):
            empty.append(key)
        elif good:
            right.append((key, good))
        elif reasons:
            wrong.append((key, reasons[0]))
        elif "passed" in seen:
            passed.append(key)
        else:
            unrun.append((key, f"was {seen[0]}"))
    return Judged(right, wrong, empty, passed, unrun, others)


def _verdict(event: Event, world: World) -> Reason | str:
    if event.get("outcome") == "failed":
        return reason(event.get("raised"), event.get("when", "call"), world)
    return str(event.get("outcome", "skipped"))


def _words(event: Event) -> str:
    raised = event.get("raised") or {}
    text = (raised.get("text") or event.get("text") or "failed").strip().splitlines()
    return str(text[0] if text else "failed")[:200]


def _below(path: str, place: str) -> bool:
    return not place or path == place or path.startswith(place + "/")


def conftest(text: str, world: World) -> Reason:
    match = NO_MODULE.search(text)
    lines = [line[1:].strip() for line in text.splitlines() if line.startswith("E  ")]
    said = lines[-1] if lines else text.strip().splitlines()[-1]
    own = bool(match) and world.is_own(match[1] if match else "")
    return Reason(own, f"conftest: {said}", name_missing=own)
