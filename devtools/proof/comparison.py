"""Two snapshots side by side: what differs, which tests are new or changed, whose names are whose."""

from __future__ import annotations

import os
import posixpath
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Protocol

from devtools.git import snapshot
from devtools.git.revisions import was_before
from devtools.project import roles
from devtools.project.built_files import with_made
from devtools.project.path_kinds import is_behaviour, is_production, is_test
from devtools.project.project import Project
from devtools.project.tree import PYTEST_FILES, pytest_table_of
from devtools.project.tree import Tree as Tree
from devtools.proof.reasons import World
from devtools.runner.snapshot import Seen
from devtools.syntax.layout import SOURCE_FOLDERS
from devtools.syntax.production import named, same_code
from devtools.syntax.tests import Suite, parse

Key = tuple[str, str]


class Record(Protocol):
    """What is known of earlier runs."""

    def known(self, tree: Tree, files: Iterable[str]) -> Mapping[str, Mapping[str, int]]: ...

    def note(self, tree: Tree, seen: Seen) -> None: ...

    def reaching(self, files: Collection[str], places: Collection[tuple[str, str]]) -> list[str]: ...

    def reachers(self, files: Collection[str], places: Collection[tuple[str, str]]) -> list[str]: ...


class Comparison:
    """The parent's snapshot and the new one: what differs, and the tests of the new over the parent's production.

    `passed` are test files that this process has just seen pass, whole, on the new snapshot. `record` knows what test
    files did when they last passed.
    """

    def __init__(
        self,
        project: Project,
        parent: str,
        new: str,
        reverting: bool = False,
        passed: Collection[str] = (),
        record: Record | None = None,
    ) -> None:
        self.reverting = reverting
        self.passed, self.record = frozenset(passed), record
        had = {path for tree in (parent, new) for path in snapshot.entries(project.root, tree)}
        # Git ignores a version file that a build makes. Without the working tree's, no test could import the project.
        new, self.made = with_made(project, new, had)
        self.project, self.parent, self.new = _told_apart(project, with_made(project, parent, had)[0], new)
        self.config = self.project.config
        old, now = self.parent.entries, self.new.entries
        # By the ids of contents: what git calls a rename here is one path that went and another one that came.
        self.differing = snapshot.differing(old, now)
        self.tests = [path for path in self.differing if is_test(path, self.config)]

    def is_test(self, path: str) -> bool:
        return is_test(path, self.config)

    @cached_property
    def settings(self) -> list[str]:
        """Changed files that can say which tests there are and how they run."""
        # A pytest.toml that left a test out was missing here once: whole files were then judged by what no longer ran.
        return [path for path in self.differing if posixpath.basename(path) in PYTEST_FILES and self._sets_tests(path)]

    def _sets_tests(self, path: str) -> bool:
        """A conftest by what it means, pyproject.toml by its pytest table; the other files as a whole."""
        old, new = self.parent.read(path), self.new.read(path)
        if path.endswith(".py"):
            return not same_code(parse(old), parse(new))
        return posixpath.basename(path) != "pyproject.toml" or pytest_table_of(old) != pytest_table_of(new)

    @cached_property
    def _renamed(self) -> dict[str, str]:
        found = snapshot.changes(self.project.root, self.parent.id, self.new.id)
        return {change.path: change.old_path for change in found if change.status == "R"}

    def origin(self, path: str) -> str | None:
        """Return where a file of the new snapshot was in the parent, renames followed; None where it is new."""
        return path if path in self.parent.entries else self._renamed.get(path)

    def restores(self, path: str) -> bool:
        """Whether a revert gives a file a state that history knows, and production too: what it takes came since.

        Where no code changed that is the data.
        """
        # Production has to go back too: the word revert alone once let any test change beside any code.
        return self.reverting and all(map(self._was, [path, *(self.production or self.assets)]))

    def _was(self, path: str) -> bool:
        content = self.new.entries.get(path)
        return was_before(self.project.root, path, content[1] if content else None)

    def gone_definitions(self) -> set[str]:
        """Return names of functions and classes that production had and has no more."""
        # A commit that only removes definitions has nothing for which a test could fail first.
        before, after = (
            {name for path in self.production for name in named(parse(tree.read(path)))}
            for tree in (self.parent, self.new)
        )
        return before - after

    @cached_property
    def production(self) -> list[str]:
        """Production files whose code differs: comments, docstrings and formatting aside."""
        files = [path for path in self.differing if is_production(path, self.config) and not self._same_code(path)]
        return [path for path in files if not self._is_script(path)]

    def _is_script(self, path: str) -> bool:
        """Whether a Python file stands apart from the project's packages and nothing there mentions it.

        At the root that is beside any package; in a folder only where all packages lie under src or the like, since
        what is there is installed and the rest is not.
        """
        folder, name = posixpath.split(path.removesuffix(".py"))
        # pluggy's driver of downstream checks, a script beside src, was called untested in nine commits.
        if not path.endswith(".py") or self.config.source or (folder and not self._stands_apart(folder)):
            return False
        trees = (self.parent, self.new)
        if not self._packages:
            return False
        names = {name, f"{folder}/{name}".replace("/", ".").lstrip(".")}
        every = [mentioned for tree in trees for mentioned in tree.imports.values()]
        return not any(_mentioned(each, mentioned) for each in names for mentioned in every)

    @cached_property
    def _packages(self) -> list[str]:
        """The __init__ files of production packages."""
        return [each for each in self.new.imports if each.endswith("/__init__.py") and is_production(each, self.config)]

    def _stands_apart(self, folder: str) -> bool:
        tops = {each.partition("/")[0] for each in self._packages}
        return bool(tops) and tops <= set(SOURCE_FOLDERS) and folder.partition("/")[0] not in SOURCE_FOLDERS

    def _same_code(self, path: str) -> bool:
        old, new = self.parent.read(path), self.new.read(path)
        return path.endswith(".py") and same_code(parse(old), parse(new))

    @cached_property
    def candidates(self) -> list[Key]:
        """Test functions that are new or changed, by themselves or by what they use of the tests' files."""
        # A test that only moved to another file, or was formatted, is not new.
        moved = {print_ for path in self.tests for print_ in self._fingerprints(self.parent, path)}
        files = sorted({*self.tests, *self.new.tests_reached(path for path in self.tests if path.endswith(".py"))})
        found = []
        for path in files:
            for name in self.new.suite.tests(path):
                now = self.new.suite.fingerprint(path, name)
                if now != self.parent.suite.fingerprint(path, name) and now not in moved:
                    found.append((path, name))
        return found

    def unchanged(self, files: Iterable[str]) -> list[Key]:
        """Return the tests of these files that are as they were on the parent."""
        return [(path, name) for path in files for name in self.new.suite.tests(path) if not self.is_new(path, name)]

    def _fingerprints(self, tree: Tree, path: str) -> list[str | None]:
        return [tree.suite.fingerprint(path, name) for name in tree.suite.tests(path)]

    def is_new(self, path: str, name: str) -> bool:
        """Return whether this collected test differs from the parent's; inherited ones count by their class."""
        return (
            bool(self.data)
            or (path, name) in self._candidate_keys
            or (
                name not in self.new.suite.tests(path)
                and self.new.suite.fingerprint(path, name) != self.parent.suite.fingerprint(path, name)
            )
        )

    @cached_property
    def _candidate_keys(self) -> frozenset[Key]:
        return frozenset(self.candidates)

    @cached_property
    def data(self) -> list[str]:
        """Changed files of the tests that are no Python: cases, expected output."""
        return [path for path in self.tests if not path.endswith(".py")]

    @cached_property
    def assets(self) -> list[str]:
        """Changed data that production may read: what step 1 lays out as the parent had it and is no code."""
        # A price in a JSON file and its expectation in a test once passed as a chore: no code had changed.
        every = [path for path in self.differing if is_behaviour(path, self.config)]
        return [path for path in every if not is_production(path, self.config)]

    @cached_property
    def overlay(self) -> str:
        """The new snapshot with all that makes the project's behaviour as the parent had it."""
        edits = {path: self.parent.entries.get(path) for path in self.differing if is_behaviour(path, self.config)}
        return self.composed(edits)

    def composed(self, edits: dict[str, tuple[str, str] | None]) -> str:
        """Return the new snapshot with other files in some places.

        A linked folder that holds one becomes a real one.
        """
        for path in sorted(edits):
            # A symbolic link is one entry of a tree and can hold no file below it.
            above = next((each for each in _folders(path) if self.new.own.get(each, ("",))[0] == roles.LINK), "")
            if above and above not in edits:
                below = {each: entry for each, entry in self.new.entries.items() if each.startswith(f"{above}/")}
                edits = {above: None, **below, **edits}
        return snapshot.compose(self.project.root, self.new.id, edits)

    def test_files(self) -> list[str]:
        """Return the test files in which a changed test, or one that uses changed test support, can be."""
        python = [path for path in self.tests if path.endswith(".py")]
        beside = [posixpath.dirname(path) or "." for path in self.data]
        near = [
            path for path in self.new.imports if is_test(path, self.config) and any(_near(path, at) for at in beside)
        ]
        return sorted({*self.new.tests_reached(python), *near})

    def is_own(self, module: str) -> bool:
        """Return whether a module that was not found is the project's: by the parent's code or the new one."""
        top = module.partition(".")[0]
        return top in self.parent.layout.tops | self.new.layout.tops or (not self.production and self._is_unheard(top))

    def _is_unheard(self, top: str) -> bool:
        """Whether a name may be that of code still to be written: nothing in the tree or its settings mentions it."""
        if top in sys.stdlib_module_names or any(path.startswith((f"{top}/", f"{top}.")) for path in self.new.entries):
            return False
        settings = [path for path in self.new.entries if "/" not in path and path.endswith((".toml", ".cfg", ".txt"))]
        text = b"\n".join(self.new.read(path) or b"" for path in settings).decode("utf-8", "replace").lower()
        # The name of a distribution may have dashes where its module has underscores.
        return top.lower() not in text.replace("-", "_")

    def world(self, folder: str, suite: Suite | None = None) -> World:
        """How to judge places of tracebacks of a run in this folder, of the new snapshot's tests or another's."""
        real = os.path.realpath(folder)

        def inside(path: str) -> str:
            full = os.path.realpath(os.path.join(folder, path))
            return os.path.relpath(full, real) if full.startswith(real + os.sep) else ""

        def kind(path: str) -> str:
            name = inside(path)
            if not name or path.startswith("<"):
                return "outside"
            if is_test(name, self.config):
                return "test"
            return "production" if is_production(name, self.config) else "other"

        tops = self.parent.layout.tops | self.new.layout.tops
        return World(kind, lambda path: (suite or self.new.suite).file(inside(path)), self.is_own, tops)


def _told_apart(project: Project, parent: str, new: str) -> tuple[Project, Tree, Tree]:
    """The project and its two snapshots with what is known of the files of both."""
    before, after = Tree(project, parent), Tree(project, new)
    paths = before.entries.keys() | after.entries.keys()
    config = roles.with_roles(project.config, paths)
    # The folder alone does not tell what a file is: worker code in app/tasks.py was once never proved.
    config = roles.with_roles(config, paths, before.borrowed(config) | after.borrowed(config))
    before.project = after.project = replace(project, config=config)
    return after.project, before, after


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _mentioned(module: str, names: Iterable[str]) -> bool:
    return any(
        module in (each, each.lstrip("/")) or each.lstrip("/").startswith((f"{module}.", f"{module}/"))
        for each in names
    )


def _near(path: str, folder: str) -> bool:
    """Whether a test may use data of this folder: it stands beside it or above it."""
    return f"{folder}/".startswith(f"{posixpath.dirname(path)}/") or not posixpath.dirname(path)
