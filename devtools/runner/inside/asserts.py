"""Inside pytest: the methods by which tests of unittest assert, as they stood before a file of the project was loaded.

Standard library only, loaded by path; see `results_plugin`. A test puts a mock in their place and takes it away again;
who leaves another one there makes all asserts of the session say nothing.
"""

from __future__ import annotations

import unittest
from types import FunctionType
from typing import Any

NAMED = ("assert", "fail", "_baseAssert", "_getAssertEqualityFunc")
INSTALLED = ("site-packages", "dist-packages")


class Asserts:
    """Each method with the code that it had."""

    def __init__(self) -> None:
        # `unittest.TestCase.assertEqual = lambda *_: None` in a conftest made every test of unittest green.
        self.known = {name: (value, _code(value)) for name, value in _methods()}

    def replaced(self) -> str:
        """Return the first that is another one now, and no installed plugin's; empty where all are as they were."""
        now = dict(_methods())
        for name, (value, code) in self.known.items():
            there = now.get(name)
            # The code too: a method can stay in its place and get another body.
            if (there is not value or _code(there) is not code) and not _is_installed(there):
                return f"unittest.TestCase.{name}"
        return ""


def _methods() -> list[tuple[str, Any]]:
    return [(name, value) for name, value in vars(unittest.TestCase).items() if name.startswith(NAMED)]


def _code(value: Any) -> Any:
    return value.__code__ if isinstance(value, FunctionType) else None


def _is_installed(value: Any) -> bool:
    code = _code(value)
    return code is not None and any(each in code.co_filename for each in INSTALLED)
