"""Inside pytest: tests that were collected and taken out again without a word.

Standard library only, loaded by path; see `results_plugin`. Pytest announces what -k, -m and --deselect take out, and
an honest hook does so by `pytest_deselected`. An installed plugin that divides the tests may be silent about it.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

# Hooks in which a conftest can get at the tests that were collected.
PLACES = (
    "pytest_collection",
    "pytest_collection_modifyitems",
    "pytest_collection_finish",
    "pytest_collectstart",
    "pytest_collectreport",
    "pytest_itemcollected",
    "pytest_make_collect_report",
    "pytest_runtestloop",
)
HERE = os.path.dirname(os.path.abspath(__file__))


class Cuts:
    """The tests that were collected, less those of which somebody said that they do not run."""

    def __init__(self, is_own: Callable[[Any], bool]) -> None:
        self.is_own = is_own
        self.items: dict[int, Any] = {}
        self.taken: dict[int, str] = {}

    def collected(self, item: Any) -> None:
        self.items[id(item)] = item

    def excuse(self, items: list[Any]) -> None:
        """These were announced as tests that do not run."""
        for item in items:
            self.items.pop(id(item), None)

    def watch(self, session: Any) -> None:
        """Excuse what an installed plugin takes out: it is not the project's trick."""
        # pytest-shard and its like divide the tests without a word, in honest projects.
        for each in session.config.hook.pytest_collection_modifyitems.get_hookimpls():
            if not (self._is_project(each.function) or each.hookwrapper or getattr(each, "wrapper", False)):
                each.function = self._excusing(session, each.function)

    def _excusing(self, session: Any, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def excusing(*arguments: Any) -> Any:
            before = list(session.items)
            value = function(*arguments)
            there = set(map(id, session.items))
            self.excuse([item for item in before if id(item) not in there])
            return value

        return excusing

    def look(self, session: Any) -> None:
        """Note what is gone by now, where a hook of the project can have done it."""
        items = getattr(session, "items", ())  # none in a session that ended before, or that collects in workers
        there, named = set(map(id, items)), {item.nodeid for item in items}
        gone = {key: item.nodeid for key, item in self.items.items() if key not in there and item.nodeid not in named}
        if gone and self._has_own_hook(session):
            self.taken |= gone

    def _has_own_hook(self, session: Any) -> bool:
        callers = (getattr(session.config.hook, name) for name in PLACES)
        return any(self._is_project(each.function) for caller in callers for each in caller.get_hookimpls())

    def _is_project(self, function: Any) -> bool:
        code = getattr(function, "__code__", None)
        # Where the project is devtools itself, our own hooks lie in it too.
        ours = code is not None and os.path.dirname(os.path.abspath(code.co_filename)) == HERE
        return self.is_own(function) and not ours
