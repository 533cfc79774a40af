"""One snapshot of a project: its files, its tests, and what its code imports."""

from __future__ import annotations

import os
import posixpath
import re
import tomllib
from collections.abc import Iterable
from functools import cached_property

from devtools.git import snapshot
from devtools.project import roles
from devtools.project.config import Config
from devtools.project.path_kinds import is_production, is_test
from devtools.project.project import Project
from devtools.project.pytest_settings import OWN, SHARED
from devtools.syntax import imports as closure
from devtools.syntax.layout import Layout, layout
from devtools.syntax.tests import Suite, parse

FRAMEWORK = re.compile(rb"^\s*(import|from)\s+(unittest|pytest)\b", re.MULTILINE)
# Files that can say which tests there are and how they run.
PYTEST_FILES = ("pyproject.toml", *OWN, *(name for name, _ in SHARED), "conftest.py")


class Tree:
    """One snapshot: its paths, its contents, its tests and its importable code."""

    def __init__(self, project: Project, tree: str) -> None:
        self.project, self.id = project, tree
        self.own = snapshot.entries(project.root, tree)
        self._contents: dict[str, bytes] = {}
        self.links = roles.linked(self.own, lambda path: self._blob(self.own[path][1]))
        self.entries = {**self.own, **{path: self.own[target] for path, target in self.links.items()}}
        self.suite = Suite(lambda path: self.read(path) if self._is_of_tests(path) else None)

    def _is_of_tests(self, path: str) -> bool:
        """Whether the file may hold assertions of tests: it is a test file, or is beside one and uses a framework."""
        if is_test(path, self.project.config):
            return True
        # All tests of pyflakes check through pyflakes/test/harness.py, which no pattern names: they seemed to assert
        # nothing.
        return posixpath.dirname(path) in self._tested and FRAMEWORK.search(self.read(path) or b"") is not None

    @cached_property
    def _tested(self) -> set[str]:
        """The folders with test files."""
        config = self.project.config
        return {posixpath.dirname(path) for path in self.entries if path.endswith(".py") and is_test(path, config)}

    def _blob(self, content: str) -> bytes | None:
        return snapshot.blobs(self.project.root, [content]).get(content)

    def read(self, path: str) -> bytes | None:
        """Return a file's content; None where the tree has no such file."""
        if path not in self.entries:
            return None
        if path not in self._contents:
            self.load([path])
        return self._contents.get(path)

    def load(self, paths: Iterable[str]) -> None:
        """Read many files in one process."""
        wanted = {path: self.entries[path][1] for path in paths if path in self.entries and path not in self._contents}
        blobs = snapshot.blobs(self.project.root, sorted(set(wanted.values())))
        self._contents.update({path: blobs[content] for path, content in wanted.items() if content in blobs})

    @cached_property
    def layout(self) -> Layout:
        return layout(path for path in self.entries if is_production(path, self.project.config))

    @cached_property
    def imports(self) -> dict[str, frozenset[str]]:
        """What every Python file of the tree may import."""
        files = [path for path in self.entries if path.endswith(".py")]
        self.load(files)
        texts = {path: (self.read(path) or b"").decode("utf-8", "replace") for path in files}
        return {path: closure.mentions(path, text) for path, text in texts.items()}

    def borrowed(self, config: Config) -> set[str]:
        """Return the test files that production imports though neither their names nor their folders say so."""
        named = {path for path in self.imports if is_production(path, config)}
        others = self.imports.keys() - named
        return roles.borrowed(named, others, self.imports, layout(named).roots, lambda path: parse(self.read(path)))

    def naming(self, data: Iterable[str]) -> list[str]:
        """Return the Python files that hold the name of one of these data files, wherever it lies."""
        names = {os.fsencode(posixpath.basename(path)) for path in data}
        return [path for path in self.imports if any(name in (self.read(path) or b"") for name in names)]

    @property
    def roots(self) -> tuple[str, ...]:
        return self.layout.roots

    @cached_property
    def used(self) -> dict[str, set[str]]:
        """File -> the files that it may import, conftests above it among them."""
        found: dict[str, set[str]] = {}
        for target, sources in closure.users(self.imports, self.roots).items():
            for source in sources:
                found.setdefault(source, set()).add(target)
        return found

    @cached_property
    def pytest_table(self) -> object:
        """What pyproject.toml says of pytest."""
        return pytest_table_of(self.read("pyproject.toml"))

    @cached_property
    def absent(self) -> list[str]:
        """Submodules whose files this machine does not have, and that some code of the tree names."""
        missing = [each.path for each in self.inner if not each.store]
        texts = [self.read(path) or b"" for path in self.imports] if missing else []
        return [path for path in missing if any(os.fsencode(posixpath.basename(path)) in text for text in texts)]

    @cached_property
    def inner(self) -> list[snapshot.Submodule]:
        """The submodules; git is asked for them only where there are any."""
        linked = any(mode == snapshot.GITLINK for mode, _ in self.entries.values())
        return snapshot.inner(self.project.root, self.id) if linked else []

    def tests_reached(self, changed: Iterable[str]) -> list[str]:
        """Return the test files that the changed files can reach through imports."""
        found = closure.reached(changed, self.imports, self.layout.roots)
        return sorted(path for path in found if is_test(path, self.project.config))


def pytest_table_of(source: bytes | None) -> object:
    """Return what a pyproject.toml says of pytest."""
    try:
        manifest = tomllib.loads((source or b"").decode("utf-8", "replace"))
    except tomllib.TOMLDecodeError:
        return source
    tool = manifest.get("tool", {})
    return tool.get("pytest") if isinstance(tool, dict) else None
