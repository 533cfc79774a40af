"""Who wants to know how far a long computation is: whoever waits says so, and the trainings inside tell it.

An experiment is many trainings, deep below the command that shows a line. Nothing in between has to hand the listener
on.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar

Watch = Callable[[int, int], None]

_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextlib.contextmanager
def watching(watch: Watch | None) -> Iterator[None]:
    """Call `watch(done, steps)` with the steps of each training that goes on inside, in whatever thread it does so."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


class Told:
    """The progress of one training of `steps` steps, of which several threads may each do a part."""

    def __init__(self, steps: int) -> None:
        # Threads that are started later do not know the context: it is read here, where the training begins.
        self._watch, self._done, self.steps = _watch.get(), 0, steps
        self._lock = threading.Lock()

    def add(self, steps: int) -> None:
        """So many steps more are done."""
        if self._watch is not None:
            with self._lock:
                self._done += steps
                self._watch(self._done, self.steps)

    def chunks(self, steps: int, parts: int = 50) -> Iterator[int]:
        """`steps` in some parts, each told when it is done; all at once where nobody listens."""
        size = max(1, steps // parts) if self._watch is not None else max(1, steps)
        for start in range(0, steps, size):
            part = min(size, steps - start)
            yield part
            self.add(part)
