"""The values that checks return and reports show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def placed(path: str, line: int) -> str:
    """Return where to look: the path alone where no line is known, nothing where there is no path."""
    return f"{path}:{line}" if path and line > 0 else path


@dataclass(frozen=True)
class Finding:
    """One thing to mend. `detail` holds evidence lines that text shows and JSON carries in `message`."""

    path: str
    line: int
    message: str
    column: int = 0
    code: str = ""
    test: str = ""
    detail: tuple[str, ...] = ()

    def place(self) -> str:
        return placed(self.path, self.line)

    def to_json(self) -> dict[str, Any]:
        """Return the contract's finding: empty optional fields are left out."""
        optional = {"column": self.column, "code": self.code, "test": self.test}
        message = "\n".join((self.message, *self.detail))
        return {
            "path": self.path,
            "line": self.line,
            **{key: value for key, value in optional.items() if value},
            "message": message,
        }


@dataclass(frozen=True)
class CheckResult:
    """What one check found. `skipped` is the reason why it did not run, `fault` a failure of the tool itself.

    `passed` are the test files of which this very run executed every test, in a green; it is not stored. `lasting`: the
    result may stand for the same tree later.
    """

    name: str
    ok: bool
    summary: str
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    skipped: str = ""
    fault: str = ""
    counts: dict[str, int] | None = None
    notes: tuple[str, ...] = ()
    log: str = field(default="", repr=False)
    passed: frozenset[str] = frozenset()
    lasting: bool = True

    def to_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "name": self.name,
            "ok": self.ok,
            "skipped": bool(self.skipped),
            "seconds": round(self.seconds, 3),
            "summary": self.summary,
            "findings": [finding.to_json() for finding in self.findings],
        }
        if self.counts is not None:
            entry["counts"] = self.counts
        if self.notes:
            entry["notes"] = list(self.notes)
        return entry


@dataclass(frozen=True)
class Problem:
    """One reason why a command does not hold; `code` is a lower-case name of the contract."""

    code: str
    message: str
    path: str = ""
    line: int = 0

    def to_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.path:
            entry["path"] = self.path
        if self.line:
            entry["line"] = self.line
        return entry
