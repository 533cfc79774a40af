"""The compact form of a command that devtools knows: what its tool says as data, and all of its words for `show`.

The exit code is always the command's own. What was not learned from the tool itself is not claimed: then the tool's own
words stand there, folded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from devtools.budget import Block
from devtools.checks import lint, tests, types
from devtools.checks import report as words
from devtools.checks.answer import parsed
from devtools.client import git_answers
from devtools.client.calls import Call
from devtools.errors import ToolError
from devtools.findings import CheckResult, Finding
from devtools.printable import indented
from devtools.runner.observed import observe, plain
from devtools.runner.working_tree import TestRun
from devtools.system.process import Completed
from devtools.wording import counted

HEAD, TAIL = 10, 30  # lines of a tool's own words that stand where they are too long


@dataclass(frozen=True)
class Answer:
    """What is shown of a run, with its exit code; `result` is kept, and holds all that the command said.

    `raw` are the words that the caller would have read without us, where they are known.
    """

    code: int
    blocks: Sequence[Block]
    result: CheckResult
    budget: int = 0
    raw: str = ""


def answer(call: Call, folder: str) -> Answer:
    """Run the call in the folder, and say what came of it."""
    return ANSWERS[call.kind](call, folder)


def _pytest(call: Call, folder: str) -> Answer:
    done, seen = observe(call.words, folder)
    # Without an end in its record nobody knows what the rest would have shown, so pytest's own words stand.
    if seen is None or seen.ended is None or seen.idle or seen.forged:
        return _in_own_words("tests", call, done)
    result = tests.read(folder, seen)
    if result.fault:
        return _in_own_words("tests", call, done)
    result = replace(result, log=_said(done))
    return Answer(_code(done), [_tests_verdict(result, seen, done), *words.blocks([result])], result, raw=_said(done))


def _tests_verdict(result: CheckResult, seen: TestRun, done: Completed) -> Block:
    """The first line. It says green only where pytest, its process and each test say so."""
    code = _code(done)
    parts = [", ".join([result.summary, *result.notes])]
    parts += [f"{seen.lost} not run"] if seen.lost and not result.ok else []
    parts += [f"{seen.deselected} deselected"] if seen.deselected else []
    if result.ok and not code:
        return Block(f"green: {'; '.join(parts)}", pinned=True)
    if result.ok:
        return Block(f"{'; '.join(parts)}: pytest ran no test; exit {code}", pinned=True)
    if not code:
        return Block(f"exit 0, but this is no green: {'; '.join(parts)}", pinned=True)
    return Block(f"red: {'; '.join(parts)}; exit {code}", pinned=True)


def _ruff(call: Call, folder: str) -> Answer:
    argv = [*call.words[: call.place], "--output-format=json", *call.arguments]
    return _checked(call, folder, argv, lambda text: [lint.finding(folder, each) for each in parsed("ruff", text)])


def _mypy(call: Call, folder: str) -> Answer:
    argv = [*call.words, "--no-error-summary", "--output=json"]
    return _checked(call, folder, argv, lambda text: [_of_mypy(folder, line) for line in text.splitlines()])


def _of_mypy(folder: str, line: str) -> Finding:
    entry = parsed("mypy", line)
    found = types.of_entry(folder, entry)
    return found if entry.get("severity") == "error" else replace(found, message=f"note: {found.message}")


def _pyright(call: Call, folder: str) -> Answer:
    def read(text: str) -> list[Finding]:
        entries = parsed("pyright", text)["generalDiagnostics"]
        found = [(entry["severity"], types.of_pyright(folder, entry)) for entry in entries]
        return [each if kind == "error" else replace(each, message=f"{kind}: {each.message}") for kind, each in found]

    return _checked(call, folder, [*call.words, "--outputjson"], read)


def _checked(call: Call, folder: str, argv: list[str], read: Callable[[str], list[Finding]]) -> Answer:
    """A checker's findings, from the data that it writes when asked; its own words where it writes something else."""
    done = plain(argv, folder)
    try:
        found: Any = tuple(read(done.out)) if done.code in (0, 1) else None
    except (ToolError, LookupError, TypeError, ValueError, AttributeError):
        found = None
    # A failure without a finding is none that we know, so the tool speaks for itself.
    if found is None or (done.code and not found):
        return _in_own_words(call.kind, call, plain(call.words, folder))
    said = counted(len(found), "finding") if found else "clean"
    result = CheckResult(call.kind, not found, said, found, log=done.err.strip())
    verdict = f"red: {call.kind} ({said}); exit {done.code}" if found else f"green: {call.kind} is clean"
    return Answer(_code(done), [Block(verdict, pinned=True), *words.blocks([result])], result)


def _git(call: Call, folder: str) -> Answer:
    """What git says as data, where that is shorter than its words and all went well."""
    done = plain(call.words, folder)
    blocks = None if done.code not in (0, 1) or done.err else git_answers.FORMS[call.kind](call, folder, done)
    if blocks is None:
        return _in_own_words(call.kind, call, done)
    result = CheckResult(call.kind, not done.code, f"exit {done.code}", log=_said(done))
    return Answer(_code(done), blocks, result, git_answers.BUDGETS.get(call.kind, 0), _said(done))


def _in_own_words(name: str, call: Call, done: Completed) -> Answer:
    """The command's own words, with a first line that claims no more than its exit code."""
    said = _said(done)
    lines = said.splitlines()
    code = _code(done)
    tail = indented("\n".join(lines[-TAIL:]))
    middle = [f"… {len(lines) - HEAD - TAIL} lines …"] if len(lines) > HEAD + TAIL else []
    cut = indented("\n".join([*lines[:HEAD], *middle, *lines[-TAIL:]])) if middle else indented(said)
    told = "; its results are not known, what it said:" if name == "tests" else ":" if lines else ""
    head = Block(f"{call.kind} ended with exit code {code}{told}", pinned=True)
    body = [Block(indented(said), cut, least=tail, outside=True)] if lines else []
    result = CheckResult(name, not code, f"exit {code}", log=said)
    return Answer(code, [head, *body], result)


def _said(done: Completed) -> str:
    return "\n".join(filter(None, [done.out.rstrip("\n"), done.err.rstrip("\n")]))


def _code(done: Completed) -> int:
    """The exit code as a shell has it."""
    return 128 - done.code if done.code < 0 else done.code


ANSWERS: dict[str, Callable[[Call, str], Answer]] = {
    "pytest": _pytest,
    "ruff": _ruff,
    "mypy": _mypy,
    "pyright": _pyright,
    **dict.fromkeys(git_answers.FORMS, _git),
}
