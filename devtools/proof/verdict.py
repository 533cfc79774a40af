"""What a proof says, and the verdicts of the contract."""

from __future__ import annotations

from dataclasses import dataclass, field

from devtools.findings import Problem

PROVING = ("feat", "fix")
RIGHT = "right: "  # how the log of the red step begins a line on a witness
PRESERVING = ("refactor", "perf", "style", "build", "chore", "ci", "docs", "test", "revert")


@dataclass(frozen=True)
class Proof:
    """A verdict on two snapshots: proved, preserved, test-only, no-code, unproved or error.

    `witnessed` are ids of tests, without parameters, that failed for the right reason on the parent's code and pass
    now.
    `fault` says what kept the proof from running: then the verdict is error, which is no violation.
    `warnings` are weak tests, `untried` the mutants that there was no time for. `expectations` are ids of the tests
    that expect something else than the parent's version of them, which a feature or a fix may do.
    """

    verdict: str
    problems: tuple[Problem, ...] = ()
    witnessed: tuple[str, ...] = ()
    log: str = field(default="", repr=False)
    fault: str = ""
    warnings: tuple[Problem, ...] = ()
    untried: int = 0
    expectations: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.verdict not in ("unproved", "error")

    def reds(self) -> list[tuple[str, str]]:
        """Return each test that failed on the parent's code for the right reason, with what it said there."""
        own = self.log.partition("\n\n")[0].split("\n")  # below it stands what pytest said, and the tests with it
        pairs = (line.removeprefix(RIGHT).partition(": ") for line in own if line.startswith(RIGHT))
        return [(test, words) for test, _, words in pairs]


@dataclass(frozen=True)
class Red:
    """What step 1 saw: `witnessed` tests fail on the parent's code for the right reason."""

    problems: tuple[Problem, ...] = ()
    witnessed: tuple[str, ...] = ()
    log: str = field(default="", repr=False)
    fault: str = ""

    @property
    def holds(self) -> bool:
        return bool(self.witnessed) and not self.problems and not self.fault


def id_of(path: str, name: str) -> str:
    """Return a test's id without parameters, as pytest writes it."""
    return f"{path}::{name.replace('.', '::')}"


def key_of(identity: str) -> tuple[str, str]:
    """Path and qualified name of a test's id."""
    path, _, rest = identity.partition("::")
    return path, rest.partition("[")[0].replace("::", ".")
