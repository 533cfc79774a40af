"""What `devtools commit` says: a refusal with every reason, or one line."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from devtools.budget import Block
from devtools.checks import report as hygiene
from devtools.commit.limits import Size
from devtools.findings import CheckResult, Problem, placed
from devtools.wording import counted

NOTHING = Size(0, 0, 0)
PINNED = 20
NAMED = 5
TOOL = "tool"
WARNED = 3


@dataclass(frozen=True)
class Verdict:
    """All that was found out about a commit before it is made.

    `settings` are those of devtools that it changes, `waiting` those that the working tree has and the commit has not.
    `fixed` are the files that --fix changed in the snapshot that was judged, `left` those that the working tree keeps
    as they are, and `unfixed` says why it changed nothing. `fault` says why no proof could be made, `log` what its runs
    printed. `run` is the number of the run to be shown.
    """

    subject: str
    size: Size = NOTHING
    problems: tuple[Problem, ...] = ()
    results: tuple[CheckResult, ...] = ()
    proof: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    untried: int = 0
    expectations: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    fixed: tuple[str, ...] | None = None
    left: tuple[str, ...] = ()
    unfixed: str = ""
    fault: str = ""
    log: str = field(default="", repr=False)
    run: int | None = None

    def having(self, *problems: Problem) -> Verdict:
        """Return the verdict with these problems too."""
        return replace(self, problems=(*self.problems, *problems))

    def all_problems(self) -> list[Problem]:
        return [*self.problems, *hygiene.problems(self.results)]

    def faulty(self) -> bool:
        """Return whether nothing was found but a tool that does not work."""
        broken = any(result.fault for result in self.results) or any(each.code == TOOL for each in self.problems)
        found = any(result.findings for result in self.results) or any(each.code != TOOL for each in self.problems)
        return broken and not found

    def to_json(self) -> dict[str, Any]:
        size = {"files": self.size.files, "added": self.size.added, "deleted": self.size.deleted}
        checks = [result.to_json() for result in self.results]
        warnings = {"warnings": [warning.to_json() for warning in self.warnings], "untried": self.untried}
        told = {"proof": self.proof or None, "expectations": list(self.expectations), **warnings}
        told |= {"settings": list(self.settings)} if self.settings else {}
        told |= {} if self.fixed is None else {"fixed": list(self.fixed), "left": list(self.left)}
        told |= {"unfixed": self.unfixed} if self.unfixed else {}
        return {"subject": self.subject, **size, "checks": checks, **told}


def refusal(verdict: Verdict) -> list[Block]:
    """Name every kind of reason in the first line, then each problem with what to do, then the checks' evidence."""
    bad = [f"{result.name} ({result.summary})" for result in verdict.results if not result.ok]
    kinds = [*dict.fromkeys(problem.code for problem in verdict.problems), *bad]
    lines = [Block(f"refused: {', '.join(kinds)}; nothing changed", pinned=True)]
    lines += [Block(one_line(problem), pinned=number < PINNED) for number, problem in enumerate(verdict.problems)]
    lines += [Block(each, pinned=True) for each in governed(verdict.settings, verdict.waiting)]
    judged = f"judged with the fixes to {_named(verdict.fixed)}, which are not written" if verdict.fixed else ""
    lines += [Block(each, pinned=True) for each in (judged, verdict.unfixed) if each]
    return [*lines, *hygiene.blocks(verdict.results)]


def warned(warnings: Sequence[Problem], untried: int) -> list[Block]:
    """Say what refuses nothing and is worth a look: weak tests, and mutants that nobody had the time to try."""
    lines = [Block(one_line(warning), pinned=number < WARNED) for number, warning in enumerate(warnings)]
    words = f"{counted(untried, 'mutant')} of changed lines {'was' if untried == 1 else 'were'} not tried in the time"
    return [*lines, *([Block(words)] if untried else [])]


def success(verdict: Verdict, commit: str) -> Block:
    """Return one line: the short id (none in a dry run), the subject, files, lines, proof, tests, and what to know."""
    size = verdict.size
    tests = next((result for result in verdict.results if result.name == "tests" and result.counts), None)
    facts = [counted(size.files, "file"), f"+{size.added} -{size.deleted}", verdict.proof]
    facts.append(hygiene.passed(tests.counts) if tests and tests.counts else "")
    facts += [f"no {result.name}: {result.skipped}" for result in verdict.results if result.skipped and not tests]
    head = commit[:9] if commit else "would commit:"
    said = [f"{head} {verdict.subject} ({', '.join(filter(None, facts))})", expecting(verdict.expectations)]
    said += [_fixed(verdict, commit), verdict.unfixed, *governed(verdict.settings, verdict.waiting)]
    return Block("; ".join(filter(None, [*said, *verdict.notes])), pinned=True)


def _fixed(verdict: Verdict, commit: str) -> str:
    """Say which files --fix changed, or would change, and which of them your working tree keeps as they are."""
    done = f"{'fixed' if commit else 'would fix'} {_named(verdict.fixed)}" if verdict.fixed else ""
    stays = f"; your working tree keeps its own {_named(verdict.left)}" if verdict.left else ""
    return done + stays


def _named(paths: Sequence[str]) -> str:
    rest = f" and {counted(len(paths) - NAMED, 'path')} more" if len(paths) > NAMED else ""
    return (", ".join(paths[:NAMED]) + rest).replace("\n", "\\n")


def governed(settings: Sequence[str], waiting: Sequence[str] = ()) -> list[str]:
    """Say which of the rules the commit changes, and which of the working tree's count only once they are staged."""
    lines = [f"changes the rules: {'; '.join(settings)}"] if settings else []
    return lines + ([f"counts once it is staged: {'; '.join(waiting)}"] if waiting else [])


def expecting(tests: Sequence[str]) -> str:
    """Say of how many tests the parent's version does not pass any more; empty for none."""
    return f"changes the expectation of {counted(len(tests), 'test')}" if tests else ""


def expecting_trailer(tests: Sequence[str]) -> list[tuple[str, str]]:
    """Return the same for who reads the history."""
    return [("Changes-Expectation", counted(len(tests), "test"))] if tests else []


def gits_reason(said: Sequence[str]) -> str:
    """Return the line of git or a hook that says most: a lock in its way, a signature, else the last line.

    Git closes with advice or with a line that says nothing; other tools put the reason last.
    """
    # git's last line here is "remove the file manually to continue", which does not name the file.
    lock = next((line.split("'")[-2] for line in said if ".lock'" in line), "")
    if lock:
        return f"{lock} is in the way: another git is at work, or a crash has left the file; then remove it"
    # A failed signature ends with this line, which tells nothing of the cause.
    if len(said) > 1 and said[-1] == "fatal: failed to write commit object":
        return f"{said[-2]}: see git config user.signingkey, or git config commit.gpgsign false"
    return said[-1]


def mended(paths: Sequence[str]) -> str:
    """Return what a hook that refused has changed, and how to go on; empty where it changed nothing."""
    if not paths:
        return ""
    named = " ".join(shlex.quote(path) for path in paths[:NAMED])
    rest = f" and {counted(len(paths) - NAMED, 'path')} more" if len(paths) > NAMED else ""
    return f"the hook changed {named}{rest}: git add {'-A' if rest else named}, then commit again".replace("\n", "\\n")


def one_line(problem: Problem) -> str:
    said = " ".join(filter(None, [placed(problem.path, problem.line), problem.message]))
    return f"{problem.code}: {said}".replace("\n", "\\n")
