"""Inside pytest: what a test really did, noted where it happens, to hold the reports of hooks against it.

Standard library only, loaded by path; see `results_plugin`. A hook of the project may swallow a test's exception, turn
its report round, or report a test that nobody ran.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable
from typing import Any

TEXT_LIMIT = 300
# Raised to say how a test is to be taken, and not that something is wrong.
OUTCOMES = frozenset(("Skipped", "XFailed", "Exit"))


class Truth:
    """What the test at work raised in each phase, in words: an exception itself would keep its frames alive.

    `elsewhere`: an installed plugin may run the tests in other processes, which this one does not see.
    """

    def __init__(self, activation: Any) -> None:
        self.activation = activation
        self.root = os.path.join(os.path.realpath(os.getcwd()), "")
        self.raised: dict[str, str] = {}
        self.asked: set[str] = set()
        self.ran = False
        self.marked = self.seen = False
        self.elsewhere = False

    def watch(self, session: Any) -> None:
        """Note what each item does from here on, within whatever hooks put around it."""
        hook = session.config.hook
        runners = [path for path in _implementers(hook.pytest_runtest_protocol) if not _of_pytest(path)]
        self.elsewhere = bool(runners) and not any(map(self._own, runners))
        for item in session.items:
            item.runtest = self._watched(item, item.runtest)

    def _own(self, path: str) -> bool:
        return os.path.realpath(path).startswith(self.root) and "site-packages" not in path

    def _watched(self, item: Any, runtest: Callable[[], Any]) -> Callable[[], Any]:
        @functools.wraps(runtest)
        def watched() -> Any:
            # The traceback of a test stays as it would be without us.
            __tracebackhide__ = True
            self.ran = True
            # A hook of the project may run a test again. Its last run counts.
            self.raised.pop("call", None)
            self.asked.discard("call")
            try:
                return runtest()
            except BaseException as error:
                self._keep("call", error)
                raise

        return watched

    def note(self, item: Any, call: Any) -> None:
        """The exception of a phase before any hook makes a report of it; unittest keeps its own aside."""
        self.seen = True
        if call.when == "setup":
            self.ran, self.marked = False, item.get_closest_marker("xfail") is not None
            self.raised.clear()
            self.asked.clear()
        elif call.when == "teardown":
            self.raised.pop("teardown", None)
        aside = getattr(item, "_excinfo", None) if call.when == "call" else None
        info = aside[0] if aside else call.excinfo
        if info is not None:
            self._keep(call.when, info.value)

    def _keep(self, when: str, error: BaseException) -> None:
        if type(error).__name__ in OUTCOMES:
            self.asked.add(when)
        else:
            with contextlib.suppress(Exception):
                self.raised[when] = f"{type(error).__name__}: {error}"[:TEXT_LIMIT]
            self.raised.setdefault(when, type(error).__name__)

    def begin(self) -> None:
        """A test is taken in hand: nothing is known of it, here or in another process."""
        self.seen = self.ran = self.marked = False
        self.raised.clear()
        self.asked.clear()

    def contradicts(self, report: Any) -> str:
        """Return why this report cannot be believed; empty where it agrees with what happened."""
        # A plugin that runs tests elsewhere excuses those that are not seen here. It once excused all.
        if report.failed or hasattr(report, "context") or (self.elsewhere and not self.seen):
            return ""
        raised = self.raised.get(report.when, "")
        if hasattr(report, "wasxfail"):
            forged = raised and not self.marked and report.when not in self.asked
            return f"a hook reported it as a failure to be expected, though it raised {raised}" if forged else ""
        if raised and (report.passed or raised.startswith(("AssertionError", "Failed"))):
            return f"a hook reported it as {report.outcome}, though it raised {raised}"
        if report.skipped and not raised and report.when not in self.asked:
            return "a hook reported it as skipped, though nothing in it asked for that"
        if report.when == "call" and report.passed:
            why = "it never ran" if not self.ran else self.activation.why()
            return f"a hook reported it as passed, though {why}" if why else ""
        return ""


def _implementers(caller: Any) -> list[str]:
    """The files of those who do the hook's work themselves, wrappers aside."""
    found = [each.function for each in caller.get_hookimpls() if not (each.hookwrapper or getattr(each, "wrapper", 0))]
    return [function.__code__.co_filename for function in found if hasattr(function, "__code__")]


def _of_pytest(path: str) -> bool:
    return f"{os.sep}_pytest{os.sep}" in path
