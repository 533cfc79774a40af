"""Inside pytest: what a report says, as data.

Standard library only, loaded by path; see `results_plugin`.
"""

from __future__ import annotations

from typing import Any

TEXT_LIMIT = 200_000


def kind(report: Any) -> str:
    """Return which count this phase of a test adds to.

    A passed set-up or tear-down adds to none, nor does what runs again.
    """
    if report.failed:
        return "failed" if report.when == "call" else "errors"
    if report.skipped:
        return "skipped"
    return "passed" if report.when == "call" and report.passed else ""


def failure(report: Any) -> dict[str, Any]:
    """Return where and why, from the report's structure; `frames` are the places of the traceback, outermost first."""
    shape = report.longrepr
    crash = getattr(shape, "reprcrash", None)
    entries = getattr(getattr(shape, "reprtraceback", None), "reprentries", [])
    places = [entry.reprfileloc for entry in entries if getattr(entry, "reprfileloc", None)]
    location = getattr(report, "location", None) or (report.nodeid.split("::")[0], None, "")
    text = getattr(report, "longreprtext", "") or str(shape)
    captured = [(name, body[-TEXT_LIMIT:]) for name, body in report.sections if body.strip()]
    return {
        "id": report.nodeid,
        "path": location[0],
        "line": (location[1] + 1) if location[1] is not None else 0,
        "message": crash.message[:TEXT_LIMIT] if crash else text[-TEXT_LIMIT:],
        "frames": [[place.path, place.lineno] for place in places],
        "crash": [crash.path, crash.lineno] if crash else None,
        "captured": captured,
        "text": text[-TEXT_LIMIT:],
    }
