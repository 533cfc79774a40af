"""Test files that prove nothing: the setting `tests` does not name them, or pytest does not collect them."""

from __future__ import annotations

import fnmatch
import json
import posixpath
import re
from collections.abc import Collection, Iterable, Mapping

from devtools.project.config import Config
from devtools.project.path_kinds import is_production, is_test
from devtools.syntax.tests import Suite

NAMED = re.compile(r"(^|[/_])tests?($|[/_])")
COLLECTED = "test_*.py *_test.py"  # pytest's own default


def strays(paths: Iterable[str], suite: Suite, config: Config) -> list[str]:
    """Return the files that are called test or tests and define tests, and that are production by the settings."""
    named = (path for path in paths if path.endswith(".py") and NAMED.search(path.removesuffix(".py")))
    return sorted(path for path in named if is_production(path, config) and suite.tests(path))


def uncollected(
    paths: Collection[str], suite: Suite, config: Config, pytest: Mapping[str, str], used: Collection[str] = ()
) -> list[str]:
    """Return the test files by the settings that define tests and that pytest does not collect; not those in use."""
    # A conftest, or a class of tests that others inherit, is no test file that pytest ought to collect.
    besides = {*used, *(path for path in paths if posixpath.basename(path) == "conftest.py")}
    files = (path for path in paths if path.endswith(".py") and path not in besides and is_test(path, config))
    return sorted(path for path in files if suite.tests(path) and not _is_collected(path, pytest))


def remedy(path: str, pytest: Mapping[str, str]) -> str:
    """Say which of pytest's settings lets it collect the file."""
    setting = " ".join([pytest.get("python_files", COLLECTED), posixpath.basename(path)])
    return f"{path} defines tests and pytest does not collect it: set pytest's python_files to {setting}"


def advice(path: str, config: Config, pytest: Mapping[str, str]) -> str:
    """Say which setting lets the file count as a test file, and pytest's own where that does not collect it."""
    setting = json.dumps([*config.tests, path])
    words = f"{path} defines tests and counts as production: set tests = {setting} in [tool.devtools]"
    return words if _is_collected(path, pytest) else f"{words}, and name it in python_files of pytest's settings"


def _is_collected(path: str, pytest: Mapping[str, str]) -> bool:
    name, places = posixpath.basename(path), pytest.get("testpaths", "").split()
    patterns = pytest.get("python_files", COLLECTED).split()
    return path in places or any(fnmatch.fnmatch(name, each) or fnmatch.fnmatch(path, each) for each in patterns)
