"""What a path is to the proof: a test file, a production file, or neither. Decided by the name alone."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # read by the hooks, for which typing and dataclasses would cost more than their own work
if TYPE_CHECKING:
    from typing import Protocol

    class Patterns(Protocol):
        """The settings that say what is what: those of the project, or those that a cycle began with."""

        @property
        def tests(self) -> tuple[str, ...]: ...

        @property
        def source(self) -> tuple[str, ...]: ...


SOURCES = frozenset(
    (
        *(".py", ".pyx", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".c", ".h", ".cc", ".cpp", ".hpp", ".rs", ".go"),
        *(".java", ".kt", ".rb", ".php", ".cs", ".swift", ".scala", ".ex", ".lua", ".pl", ".m", ".vue", ".svelte"),
    )
)
# Python that builds, documents or measures a project is no part of what the project does.
BESIDE = frozenset(("doc", "docs", "example", "examples", "benchmark", "benchmarks", "scripts", "node_modules"))
BUILD_FILES = frozenset(("setup.py", "noxfile.py", "tasks.py", "fabfile.py", "versioneer.py", "hatch_build.py"))


def is_test(path: str, config: Patterns) -> bool:
    """Whether the file belongs to the tests: one of `tests` matches its name or its path."""
    return any(_matches(path, pattern) for pattern in config.tests)


def is_production(path: str, config: Patterns) -> bool:
    """Whether the file is source, no test, and in one of the roots of `source`.

    Where `source` is not set, everything is a root but hidden folders, documents, examples, benchmarks and scripts.
    """
    if os.path.splitext(path)[1] not in SOURCES or is_test(path, config):
        return False
    if config.source:
        return any(_below(path, os.path.normpath(root)) for root in config.source)
    *folders, name = path.split("/")
    return name not in BUILD_FILES and not any(part in BESIDE or part.startswith(".") for part in folders)


def _below(path: str, root: str) -> bool:
    return root in (".", path) or path.startswith(root + "/")


def is_behaviour(path: str, config: Patterns) -> bool:
    """Whether the file can change what the project does: production, or data in a folder; not settings at the root."""
    if is_production(path, config):
        return True
    *folders, name = path.split("/")
    beside = not folders or any(part in BESIDE or part.startswith(".") for part in folders)
    return not beside and not is_test(path, config) and not name.endswith((".md", ".rst"))


def _matches(path: str, pattern: str) -> bool:
    """A pattern matches from any folder on, or from the root where it begins with a slash; `dir/**` is all below."""
    parts = path.split("/")
    wanted = pattern.strip("/").split("/")
    starts = range(1) if pattern.startswith("/") else range(len(parts))
    return any(_fits(parts[start:], wanted) for start in starts)


def _fits(parts: list[str], wanted: list[str]) -> bool:
    """Whether all parts are used up by the pattern's; `**` stands for any number of them."""
    if not wanted:
        return not parts
    if wanted[0] == "**":
        return any(_fits(parts[skip:], wanted[1:]) for skip in range(len(parts) + 1))
    return bool(parts) and _alike(parts[0], wanted[0]) and _fits(parts[1:], wanted[1:])


def _alike(name: str, pattern: str) -> bool:
    """Whether a name matches a pattern of fnmatch, which is loaded for more than one star: it brings re with it."""
    before, star, after = pattern.partition("*")
    if set(pattern) & set("?[") or "*" in after:
        from fnmatch import fnmatchcase

        return fnmatchcase(name, pattern)
    if not star:
        return name == pattern
    return len(name) >= len(before) + len(after) and name.startswith(before) and name.endswith(after)
