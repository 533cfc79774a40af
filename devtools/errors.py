"""One exception family; the cli turns each into one line and an exit code."""

from __future__ import annotations


class DevtoolsError(Exception):
    """What went wrong, and in `hint` what to do about it."""

    exit_code = 1
    code = "failed"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def line(self) -> str:
        """Return the one line that a person reads: newlines in names are escaped, so it stays one."""
        text = f"{self.message}: {self.hint}" if self.hint else self.message
        return text.replace("\n", "\\n")


class Ended(BaseException):
    """A signal told the whole command to end: no error, and nothing that an `except Exception` may hold back."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class UsageError(DevtoolsError):
    """The call or the configuration is wrong (exit 2)."""

    exit_code = 2
    code = "usage"


class ToolError(DevtoolsError):
    """A tool that the command needs is missing or crashed (exit 3)."""

    exit_code = 3
    code = "tool"
