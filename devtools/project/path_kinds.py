"""What a path is to the proof: a test file, a production file, or neither.

Decided by the name, and by what is known of the tree, where the settings given say it: `packages`, the folders with an
`__init__.py`, and `borrowed`, the files that production imports wherever they lie.
"""

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
TOOL_FILES = frozenset(
    (
        *("pyproject.toml", "devtools.toml", "pytest.ini", "tox.ini", "mypy.ini", "ruff.toml", "pixi.toml"),
        *("Makefile", "justfile", "package.json", "package-lock.json"),
    )
)
SHIPPED = (
    "requirements",
    "constraints",
    "environment.",
    "Dockerfile",
    "LICENSE",
    "COPYING",
    "NOTICE",
    "AUTHORS",
    "MANIFEST",
)
BUILD_FILES = frozenset(("setup.py", "noxfile.py", "tasks.py", "fabfile.py", "versioneer.py", "hatch_build.py"))


def is_test(path: str, config: Patterns) -> bool:
    """Return whether the file belongs to the tests: one of `tests` matches its name or its path.

    Test support that production has borrowed does not; pytest still asks a conftest and what is named like a test.
    """
    if path in getattr(config, "borrowed", ()):
        return is_named_as_test(path) or path.rpartition("/")[2] == "conftest.py"
    return matches(path, config.tests)


def is_named_as_test(path: str) -> bool:
    """Return whether pytest collects the file where no setting of its own says otherwise."""
    name = path.rpartition("/")[2]
    return name.startswith("test_") or name.endswith("_test.py")


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Return whether one of the globs fits the path, or its name."""
    return any(_matches(path, pattern) for pattern in patterns)


def is_production(path: str, config: Patterns) -> bool:
    """Return whether the file is source, no test, and in one of the roots of `source`.

    Where `source` is not set, everything is a root but hidden folders, and what stands beside a project: documents,
    examples, benchmarks, scripts and build files. Within a package there is nothing beside.
    """
    if path in getattr(config, "borrowed", ()):
        return True
    if os.path.splitext(path)[1] not in SOURCES or is_test(path, config):
        return False
    if config.source:
        return any(_below(path, os.path.normpath(root)) for root in config.source)
    return not _is_beside(path, config)


def _is_beside(path: str, config: Patterns) -> bool:
    """Whether the file is no part of the project's code by its name or a folder's, the inner of packages aside."""
    *folders, name = path.split("/")
    above = ["/".join(folders[: end + 1]) for end in range(len(folders))]
    packages = getattr(config, "packages", ())
    outermost = next((place for place, folder in enumerate(above) if folder in packages), len(folders))
    if any(part in BESIDE for part in folders[: outermost + 1]) or any(part.startswith(".") for part in folders):
        return True
    # Within a package such a name is code: the worker code of app/tasks.py was never proved.
    return name in BUILD_FILES and not {*above[-1:]} & {*packages, *getattr(config, "modules", ())}


def _below(path: str, root: str) -> bool:
    return root in (".", path) or path.startswith(root + "/")


def is_behaviour(path: str, config: Patterns) -> bool:
    """Return whether the file can change what the project does: production, or data.

    Neither documents nor tools' settings.
    """
    if is_production(path, config):
        return True
    beside = _is_setting(path) or _is_beside(path, config)
    return not beside and not is_test(path, config) and not path.endswith((".md", ".rst"))


def _is_setting(path: str) -> bool:
    """Whether a file at the root says how the project is built, checked or shipped."""
    name = path.rpartition("/")[2]
    # By name, not by place: rates.json beside pyproject.toml was taken for a setting, so that no proof asked for it.
    return name == path and (
        name in TOOL_FILES or name.startswith((".", *SHIPPED)) or name.endswith((".lock", ".cfg", ".py"))
    )


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
        # Only here, since it brings re: an edit in phase red cost 2.2 times a bare interpreter.
        from fnmatch import fnmatchcase

        return fnmatchcase(name, pattern)
    if not star:
        return name == pattern
    return len(name) >= len(before) + len(after) and name.startswith(before) and name.endswith(after)
