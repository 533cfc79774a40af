"""Tell how far a run of tests has come, from what it writes down meanwhile."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator

from devtools.runner.pace import pace

EACH = 0.5  # seconds between two looks


@contextlib.contextmanager
def following(path: str, tell: Callable[[str], None] | None, each: float = EACH) -> Iterator[None]:
    """Tell from time to time, while inside, what the results file at `path` holds. Nothing is told of what it lacks."""
    if tell is None:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_follow, args=(path, tell, over, each), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _follow(path: str, tell: Callable[[str], None], over: threading.Event, each: float) -> None:
    done = failed = total = place = 0
    first = 0.0
    while not over.wait(each):
        with contextlib.suppress(OSError), open(path, "rb") as stream:
            stream.seek(place)
            # The last line may be half written: it is read whole at the next look.
            lines = stream.read().rpartition(b"\n")
            place += len(lines[0]) + len(lines[1])
            for line in lines[0].splitlines():
                event = _event(line)
                if event.get("event") == "selected" and isinstance(event.get("number"), int):
                    total, first = int(str(event["number"])), first or time.monotonic()
                done += event.get("event") == "finish"
                failed += event.get("event") == "failed"
            tell(pace(done, failed, total, time.monotonic() - first if first else 0.0))


def _event(line: bytes) -> dict[str, object]:
    """An event with or without its sign: whoever believes the run looks at that, and here it is progress alone."""
    try:
        event = json.loads(line if line.startswith(b"{") else line.partition(b" ")[2])
        return event if isinstance(event, dict) else {"event": event[1], **event[2]}
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}
