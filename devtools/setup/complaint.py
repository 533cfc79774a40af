"""One thing that doctor found: what is wrong, and the command that puts it right."""

from __future__ import annotations

from typing import NamedTuple

MISSING, STALE, SHADOWED, BROKEN = "not-installed", "stale", "shadowed", "broken"
INIT = "devtools init"


class Complaint(NamedTuple):
    """`code` says of which kind it is; `remedy` is a command, or what a person should do."""

    code: str
    message: str
    remedy: str

    def line(self) -> str:
        return f"{self.code}: {self.message}; {self.remedy}"
